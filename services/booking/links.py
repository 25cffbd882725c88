"""Capability links: whoever holds one may manage the one thing it was made for, and nothing else."""

import hashlib
import hmac
import secrets
from uuid import UUID


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hashed(token: str) -> bytes:
    """A fast hash will do: the token has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


def opens(token: str | None, token_hash: bytes) -> bool:
    return token is not None and hmac.compare_digest(hashed(token), token_hash)


def manage_url(public_url: str, tenant: str, thing: str, id: UUID, token: str) -> str:
    """The page for it. What stands after `#` never reaches a server's log; a booking's link names no thing."""
    prefix = "" if thing == "booking" else f"{thing}."
    return f"{public_url.rstrip('/')}/booking/{tenant}/manage#{prefix}{id}.{token}"
