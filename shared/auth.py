"""Who is calling and what they may do: bearer tokens of any OIDC issuer (RFC 9068), checked by joserfc."""

import asyncio
import json
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx2
from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.errors import Forbidden, NotFound, Text, Unauthenticated
from shared.settings import Settings
from shared.tenancy import tenant_of

# Asymmetric algorithms only: with a symmetric one on the list a public key could be used to forge a token.
ALGORITHMS = ["RS256", "ES256", "Ed25519", "EdDSA"]
LEEWAY_SECONDS = 60
# The subject of whoever has no token.
ANONYMOUS = "anonymous"
REFRESH_SECONDS = 60


class Role(StrEnum):
    CITIZEN = "citizen"
    ASSOCIATION = "association"
    PARTNER = "partner"
    STAFF = "staff"
    ADMIN = "admin"


@dataclass(frozen=True)
class Principal:
    tenant: str
    role: Role
    subject: str
    organisation_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in (Role.STAFF, Role.ADMIN)

    def may_act_for(self, organisation_id: UUID | None) -> bool:
        """Staff act for every organisation of their centre, an association for itself."""
        return self.is_staff or (self.role is Role.ASSOCIATION and organisation_id == self.organisation_id)


class KeyRing:
    """The issuer's public keys. Fetched when first needed, and again at most once a minute for an unknown key id."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = KeySet([])
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> dict[str, Any]:
        """The token's claims, if a known key signed it and issuer, audience and times hold; else `Unauthenticated`."""
        for refreshed in (False, True):
            if refreshed and not await self._refresh():
                break
            try:
                decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
                if str(decoded.header.get("typ", "jwt")).lower().removeprefix("application/") not in ("at+jwt", "jwt"):
                    break
                jwt.JWTClaimsRegistry(
                    leeway=LEEWAY_SECONDS,
                    iss={"essential": True, "value": self._settings.issuer},
                    aud={"essential": True, "value": self._settings.audience},
                    exp={"essential": True},
                ).validate(decoded.claims)
                return dict(decoded.claims)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        raise Unauthenticated(
            Text("Adgangsbeviset er udløbet eller ugyldigt", "The token has expired or is not valid"),
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )

    async def _refresh(self) -> bool:
        seen = self._keys
        async with self._lock:
            if self._keys is not seen:
                return True  # Another request fetched them while this one waited.
            if not self._settings.jwks or (time.monotonic() - self._fetched < REFRESH_SECONDS and self._keys.keys):
                return False
            self._fetched = time.monotonic()
            try:
                if self._settings.jwks.startswith("https://"):
                    async with httpx2.AsyncClient(timeout=5) as client:
                        document = (await client.get(self._settings.jwks)).raise_for_status().json()
                else:
                    document = json.loads(await asyncio.to_thread(Path(self._settings.jwks).read_text))
                self._keys = KeySet.import_key_set(document)
            except (OSError, ValueError, httpx2.HTTPError, JoseError):
                return False  # Fail closed: without keys no token is valid.
            return True


async def caller_of(request: Request) -> Principal:
    """The caller. Without a token a citizen; with a token of another centre also a citizen, who sees what is public.

    Asked once a request, however many want to know. Not a dependency of other dependencies: FastAPI solves those anew
    for each that has them.
    """
    known: Principal | None = getattr(request.state, "caller", None)
    if known is None:
        known = request.state.caller = await _authenticate(request, tenant_of(request))
    return known


async def _authenticate(request: Request, tenant: str) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    citizen = Principal(tenant, Role.CITIZEN, ANONYMOUS)
    if not scheme:
        return citizen
    if scheme.lower() != "bearer":
        raise Unauthenticated(headers={"WWW-Authenticate": "Bearer"})
    claims = await request.app.state.keys.verify(token.strip())
    try:
        organisation = claims.get("organisation_id")
        principal = Principal(
            str(claims["tenant"]), Role(claims["role"]), str(claims["sub"]), organisation and UUID(organisation)
        )
    except (KeyError, ValueError, AttributeError, TypeError):
        raise Unauthenticated(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}) from None
    request.state.foreign = principal.tenant != tenant
    return citizen if request.state.foreign else principal


class Access:
    """A route's declared permission: the roles that may call it. A route without one does not start (`door.Door`)."""

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Principal:
        principal = await caller_of(request)
        if principal.role in self.roles:
            return principal
        if getattr(request.state, "foreign", False):
            raise NotFound  # Whoever belongs elsewhere does not learn what exists here.
        if principal.role is Role.CITIZEN:
            raise Unauthenticated(headers={"WWW-Authenticate": "Bearer"})
        raise Forbidden


_STAFF = (Role.STAFF, Role.ADMIN)
Public = Annotated[Principal, Depends(Access(*Role))]
Staff = Annotated[Principal, Depends(Access(*_STAFF))]
StaffOrAssociation = Annotated[Principal, Depends(Access(*_STAFF, Role.ASSOCIATION))]
StaffOrPartner = Annotated[Principal, Depends(Access(*_STAFF, Role.PARTNER))]
Admin = Annotated[Principal, Depends(Access(Role.ADMIN))]
