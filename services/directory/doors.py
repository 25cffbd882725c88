"""Who may edit entries: staff, an association with a token, and whoever holds one of its editor links."""

from typing import Annotated

from fastapi import Depends, Header, Request

from services.directory.editors import usecases as editors
from shared.auth import Access, Principal, Role
from shared.door import Session
from shared.errors import NotFound

EDITOR_LINK = "X-Editor-Link"
EditorLink = Annotated[
    str | None,
    Header(alias=EDITOR_LINK, max_length=200, description="What stands behind the # of the mailed address."),
]


class Editors(Access):
    """A link stands in for an association's token: it opens the same doors, for its organisation only."""

    async def __call__(  # type: ignore[override]
        self,
        request: Request,
        session: Session,
        tenant: str,
        link: EditorLink = None,
    ) -> Principal:
        if link is None:
            return await super().__call__(request)
        with request.app.state.guesses.trying(request):
            if holder := await editors.opened(session, tenant, link):
                return holder
            # A wrong one learns as little as one that has expired or was revoked.
            raise NotFound


Editing = Annotated[Principal, Depends(Editors(Role.STAFF, Role.ADMIN, Role.ASSOCIATION))]
Reading = Annotated[Principal, Depends(Editors(*Role))]
