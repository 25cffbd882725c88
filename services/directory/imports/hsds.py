"""Open Referral HSDS documents as lines: one an organisation and service. Foreign fields are left alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.directory.imports.rules import MAX_LINES, refused

COLUMNS = (
    "organisation.source_id",
    "organisation.name",
    "organisation.description",
    "organisation.website",
    "organisation.public_email",
    "organisation.public_phone",
    "organisation.cvr",
    "organisation.address",
    "organisation.postcode",
    "organisation.locality",
    "activity.source_id",
    "activity.title",
    "activity.description",
    "activity.website",
    "activity.how_to_join",
    "activity.languages",
    "activity.address",
    "activity.postcode",
    "activity.locality",
    "activity.latitude",
    "activity.longitude",
)
Node = Mapping[str, Any]


def rows(text: str) -> Iterator[Sequence[str]]:
    """Organisations (with their services), services (with their organisation), one or a page or a list of them."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise refused("Filen er ikke gyldig JSON", "The file is not valid JSON") from None
    yield COLUMNS
    for count, line in enumerate(_lines(document)):
        if count > MAX_LINES:
            return
        yield [_written(line.get(column)) for column in COLUMNS]


def _lines(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, Mapping):
        lists = [document[name] for name in ("contents", "organizations", "services") if name in document]
        nodes = [each for one in lists for each in _nodes(one)] if lists else [document]
    else:
        nodes = _nodes(document)
    for node in nodes:
        if "organization" in node:
            owner = node["organization"] if isinstance(node["organization"], Mapping) else {}
            yield _organisation(owner) | _service(node)
        elif services := _nodes(node.get("services")):
            for service in services:
                yield _organisation(node) | _service(service)
        else:
            yield _organisation(node)


def _organisation(node: Node) -> dict[str, Any]:
    numbers = [
        each.get("identifier")
        for each in _nodes(node.get("organization_identifiers"))
        if "cvr" in str(each.get("identifier_type", "")).lower() + str(each.get("identifier_scheme", "")).lower()
    ]
    return {
        "organisation.source_id": node.get("id"),
        "organisation.name": node.get("name"),
        "organisation.description": node.get("description"),
        "organisation.website": node.get("website"),
        "organisation.public_email": node.get("email"),
        "organisation.public_phone": _first(node.get("phones")).get("number"),
        "organisation.cvr": next(iter(numbers), None),
        **_place("organisation", _first(node.get("locations"))),
    }


def _service(node: Node) -> dict[str, Any]:
    place = _first(node.get("service_at_locations")).get("location") or _first(node.get("locations"))
    location = place if isinstance(place, Mapping) else {}
    return {
        "activity.source_id": node.get("id"),
        "activity.title": node.get("name"),
        "activity.description": node.get("description"),
        "activity.website": node.get("url"),
        "activity.how_to_join": node.get("application_process"),
        "activity.languages": ";".join(
            str(each.get("code") or each.get("name") or "") for each in _nodes(node.get("languages"))
        ),
        "activity.latitude": location.get("latitude"),
        "activity.longitude": location.get("longitude"),
        **_place("activity", location),
    }


def _place(noun: str, location: Node) -> dict[str, Any]:
    address = _first(location.get("addresses"))
    return {
        f"{noun}.address": address.get("address_1"),
        f"{noun}.postcode": address.get("postal_code"),
        f"{noun}.locality": address.get("city"),
    }


def _nodes(value: Any) -> list[Node]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _first(value: Any) -> Node:
    return next(iter(_nodes(value)), {})


def _written(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)
