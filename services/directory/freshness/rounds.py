"""The job that keeps the directory fresh."""

from services.directory.freshness import repository
from services.directory.freshness.usecases.tending import tend
from services.directory.mornings import Mornings
from shared.database import Database


class Rounds(Mornings):
    def __init__(self, database: Database, public_url: str) -> None:
        super().__init__(database, public_url, what="keeping fresh", tenants=repository.tenants, work=tend)
