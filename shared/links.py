"""Capability links: whoever holds one may manage the one thing it was made for, and nothing else."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hashed(token: str) -> bytes:
    """What is kept of it. A fast hash will do: the token has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


def opens(token: str | None, token_hash: bytes | None) -> bool:
    return token is not None and token_hash is not None and hmac.compare_digest(hashed(token), token_hash)
