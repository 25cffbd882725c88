"""The job that tells editors what was decided about their changes."""

from services.directory.decisions import repository
from services.directory.decisions.usecases import tell
from services.directory.visits import Visits
from shared.database import Database


class Telling(Visits):
    def __init__(self, database: Database, public_url: str) -> None:
        super().__init__(database, public_url, what="telling of decisions", tenants=repository.tenants, work=tell)
