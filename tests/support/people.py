"""Who calls: a tenant of one's own, and tokens of a local issuer."""

import tempfile
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from shared.auth import Role
from shared.signing import ensure_signing_key, issue


def fresh_tenant() -> str:
    """A tenant that no other test has, so that tests can share a database."""
    return f"t{uuid4().hex[:12]}"


@cache
def keys() -> Path:
    """The folder of this run's signing key."""
    folder = Path(tempfile.mkdtemp(prefix="kompas-keys-"))
    ensure_signing_key(folder)
    return folder


def jwks() -> str:
    """The public half, for `Settings(jwks=…)`."""
    return str(ensure_signing_key(keys()))


def token(tenant: str, role: Role | str = Role.STAFF, organisation_id: UUID | None = None) -> str:
    return issue(keys(), tenant=tenant, role=role, organisation_id=organisation_id)


def bearer(tenant: str, role: Role | str = Role.STAFF, organisation_id: UUID | None = None) -> dict[str, str]:
    """The same as a header."""
    return {"authorization": f"Bearer {token(tenant, role, organisation_id)}"}
