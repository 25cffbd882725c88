"""What a tenant is: one volunteer centre and its municipality, named by a short slug in every URL, row and event."""

import re
from typing import Annotated

from fastapi import Depends, Request
from pydantic import StringConstraints

from shared.errors import NotFound

TENANT_PATTERN = r"^[a-z][a-z0-9-]{1,39}$"
_SLUG = re.compile(TENANT_PATTERN)
Tenant = Annotated[str, StringConstraints(pattern=TENANT_PATTERN)]

# Row-level security shows every row to this value. No URL, token or event can carry it, because it is not a slug:
# only code that works for all tenants at once (the relay, a consumer, the command line) can say it.
EVERY_TENANT = "*"


def tenant_of(request: Request) -> str:
    """The centre that the path names; one that does not live here is as absent as any other page."""
    known: tuple[str, ...] | None = request.app.state.settings.tenants
    tenant: str = request.path_params["tenant"]
    if not _SLUG.fullmatch(tenant) or (known is not None and tenant not in known):
        raise NotFound
    return tenant


async def known_tenant(request: Request, tenant: str) -> str:
    """A coroutine only because FastAPI sends each request through a thread pool for a plain function; `tenant` is
    named for the description of the API."""
    return tenant_of(request)


TenantPath = Annotated[str, Depends(known_tenant)]
