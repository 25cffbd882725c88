"""Where links lead that citizens get by mail."""

from uuid import UUID


def manage_url(public_url: str, tenant: str, thing: str, id: UUID, token: str) -> str:
    """The page for it. What stands after `#` never reaches a server's log; a booking's link names no thing."""
    prefix = "" if thing == "booking" else f"{thing}."
    return f"{public_url.rstrip('/')}/booking/{tenant}/manage#{prefix}{id}.{token}"
