"""The five applications as they are made for production, without a server around them."""

from importlib import import_module
from typing import Any

from fastapi import FastAPI

from shared.settings import Settings

NOWHERE = Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/{service}")


def application(service: str, settings: Settings = NOWHERE) -> FastAPI:
    made: FastAPI = import_module(f"services.{service}.main").create_app(settings)
    return made


def routes(app: FastAPI, service: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Method and path (after the tenant) of every route about a tenant, with its OpenAPI operation."""
    prefix = f"/{service}/{{tenant}}"
    return {
        (method.upper(), path.removeprefix(prefix)): operation
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
    }
