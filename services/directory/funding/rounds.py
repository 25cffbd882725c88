"""The job that tells associations of funders' deadlines."""

from services.directory.funding import repository
from services.directory.funding.usecases import announce
from services.directory.mornings import Mornings
from shared.database import Database


class Announcing(Mornings):
    def __init__(self, database: Database, public_url: str) -> None:
        super().__init__(database, public_url, what="telling of funding", tenants=repository.tenants, work=announce)
