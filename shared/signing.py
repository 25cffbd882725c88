"""The local issuer: a signing key made on first start, for `make run` and for tests. Production has an OIDC issuer."""

import json
import os
import time
from pathlib import Path
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.auth import Role
from shared.ids import uuid7

PRIVATE, PUBLIC = "signing-key.json", "jwks.json"


def ensure_signing_key(folder: Path) -> Path:
    """Make the key pair if there is none, and return the path of the public half (a JWKS document, RFC 7517)."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = folder / PRIVATE, folder / PUBLIC
    if not private.exists():
        key = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256", "kid": str(uuid7())})
        temporary = private.with_suffix(".new")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(key.as_dict(private=True), file)
        temporary.replace(private)  # Whole or not at all: a crash leaves no half key behind.
    if not public.exists():
        public.write_text(json.dumps(KeySet([_read(private)]).as_dict(private=False)))
    return public


def issue(
    folder: Path,
    *,
    tenant: str,
    role: Role | str,
    organisation_id: UUID | None = None,
    issuer: str = "kompas-local",
    audience: str = "kompas",
    lifetime_seconds: int = 8 * 3600,
) -> str:
    """An access token (RFC 9068) signed with the local key."""
    issued = int(time.time())
    claims: dict[str, str | int] = {
        "iss": issuer,
        "aud": audience,
        "sub": f"{Role(role)}@{tenant}" + (f"/{organisation_id}" if organisation_id else ""),
        "iat": issued,
        "nbf": issued,
        "exp": issued + lifetime_seconds,
        "jti": str(uuid7()),
        "tenant": tenant,
        "role": str(Role(role)),
    }
    if organisation_id:
        claims["organisation_id"] = str(organisation_id)
    key = _read(folder / PRIVATE)
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key)


def _read(path: Path) -> ECKey:
    return ECKey.import_key(json.loads(path.read_text()))
