"""This API's own description: the routes as they are here, the answers by HSDS's published schemas."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from services.directory.openness import LICENCE

PUBLISHED = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema"
# What an answer holds, by the path; lists hold it in pages.
SINGLE: Mapping[str, str] = {
    "services": f"{PUBLISHED}/compiled/service.json",
    "organizations": f"{PUBLISHED}/compiled/organization.json",
    "locations": f"{PUBLISHED}/location.json",
    "service_at_locations": f"{PUBLISHED}/compiled/service_at_location.json",
    "taxonomies": f"{PUBLISHED}/taxonomy.json",
    "taxonomy_terms": f"{PUBLISHED}/taxonomy_term.json",
}
LISTED: Mapping[str, str] = {
    **SINGLE,
    "services": f"{PUBLISHED}/compiled/service_list.json",
    "organizations": f"{PUBLISHED}/compiled/organization_list.json",
    "service_at_locations": f"{PUBLISHED}/compiled/service_at_location_list.json",
}
NUMBERS = ("total_items", "total_pages", "page_number", "size")
FLAGS = ("first_page", "last_page", "empty")


def document(routes: APIRouter, tenant: str, public_url: str) -> dict[str, Any]:
    prefix = "/directory/{tenant}/hsds"
    made = get_openapi(
        title=f"Kompas directory of {tenant}: HSDS",
        version="3.0",
        openapi_version="3.1.0",
        license_info={"name": "CC BY 4.0", "url": LICENCE},
        servers=[{"url": f"{public_url}/directory/{tenant}/hsds"}],
        routes=routes.routes,
    )
    paths = {}
    for path, operations in made["paths"].items():
        operation = operations["get"]
        operation["parameters"] = [each for each in operation.get("parameters", ()) if each["name"] != "tenant"]
        noun = path.removeprefix(prefix).strip("/").split("/")[0]
        if noun:
            answer = {"$ref": SINGLE[noun]} if path.endswith("{id}") else _page(LISTED[noun])
            operation["responses"]["200"]["content"] = {"application/json": {"schema": answer}}
        paths[path.removeprefix(prefix) or "/"] = {"get": operation}
    return made | {"paths": paths}


def _page(items: str) -> dict[str, Any]:
    fields: dict[str, Any] = {name: {"type": "integer"} for name in NUMBERS}
    fields |= {name: {"type": "boolean"} for name in FLAGS}
    fields["contents"] = {"type": "array", "items": {"$ref": items}}
    return {"type": "object", "required": [*fields], "properties": fields}
