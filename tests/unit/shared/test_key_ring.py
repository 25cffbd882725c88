"""The issuer's public keys, fetched once however many requests need them first."""

import asyncio
from pathlib import Path

from shared.auth import KeyRing
from shared.settings import Settings
from shared.signing import ensure_signing_key, issue


async def test_the_first_requests_of_a_process_may_come_all_at_once(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql://nowhere", jwks=str(ensure_signing_key(tmp_path)))
    keys = KeyRing(settings)
    token = issue(tmp_path, tenant="odense", role="staff")

    claims = await asyncio.gather(*(keys.verify(token) for _ in range(50)))

    assert {each["tenant"] for each in claims} == {"odense"}
