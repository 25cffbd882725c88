"""Where the running system is: what the environment says, else what `kompas up` wrote into `.kompas/platform.json`."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from deploy.local.home import Home
from kompas.errors import Stop
from kompas.halves import SERVICES
from shared.settings import Settings
from shared.signing import PRIVATE, issue

START_IT = "Start it with `make run`, or say where it is with {} (README.md, Configuration)."


@dataclass(frozen=True)
class Whereabouts:
    """Each address is asked for only where it is needed: a token needs no database."""

    written: dict[str, str]
    keys: Path

    @classmethod
    def find(cls) -> "Whereabouts":
        home = Home.of_environment()
        try:
            written = json.loads(home.description.read_text())
        except FileNotFoundError:
            written = {}
        except (OSError, ValueError):
            raise Stop(f"{home.description} cannot be read.", "Delete it and start again with `make run`.") from None
        return cls(written, home.keys)

    @property
    def public_url(self) -> str:
        if found := os.environ.get("KOMPAS_PUBLIC_URL") or self.written.get("public_url"):
            return found.rstrip("/")
        # Guessing an address could mean to play a year into somebody else's system.
        raise Stop("No running Kompas is known here.", START_IT.format("KOMPAS_PUBLIC_URL"))

    def settings(self, service: str | None = None) -> Settings:
        """As a service would read them, of `service` or of none in particular (for Kafka alone)."""
        url = self._database_url(service)
        kafka = os.environ.get("KOMPAS_KAFKA_BOOTSTRAP_SERVERS") or self.written.get("kafka_bootstrap_servers")
        if not kafka:
            raise Stop("No running Kompas is known here.", START_IT.format("KOMPAS_KAFKA_BOOTSTRAP_SERVERS"))
        settings = Settings(database_url=url, kafka_bootstrap_servers=kafka)
        return settings.for_service(service) if service else settings

    def _database_url(self, service: str | None) -> str:
        given, written = os.environ.get("KOMPAS_DATABASE_URL"), self.written.get("database_url")
        # For `kompas up` the variable is an administrator's address; what it then wrote has a place for the service.
        url = next((one for one in (given, written) if one and "{service}" in one), given or written)
        if service is None:
            return url or ""
        if not url:
            raise Stop("No running Kompas is known here.", START_IT.format("KOMPAS_DATABASE_URL"))
        return url

    def services(self, only: str | None) -> Sequence[str]:
        """All five, unless one is asked for, or the environment names the database of a single one (a container's)."""
        if only is None and "{service}" not in self._database_url(None) and os.environ.get("KOMPAS_DATABASE_URL"):
            raise Stop("KOMPAS_DATABASE_URL is one service's database.", "Say which with --service.", code=2)
        return SERVICES if only is None else (only,)

    def token(self, tenant: str, role: str, organisation_id: UUID | None = None) -> str:
        """KOMPAS_TOKEN if there is one, else a token signed with the local key."""
        if given := os.environ.get("KOMPAS_TOKEN"):
            return given
        return self.sign(tenant, role, organisation_id)

    def sign(self, tenant: str, role: str, organisation_id: UUID | None = None) -> str:
        if not (self.keys / PRIVATE).exists():
            raise Stop(
                f"There is no signing key in {self.keys}.",
                "`make run` makes one on its first start; elsewhere your OIDC issuer gives out tokens.",
            )
        return issue(
            self.keys,
            tenant=tenant,
            role=role,
            organisation_id=organisation_id,
            issuer=os.environ.get("KOMPAS_ISSUER", "kompas-local"),
            audience=os.environ.get("KOMPAS_AUDIENCE", "kompas"),
        )
