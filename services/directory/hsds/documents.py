"""Entries as HSDS 3.0 documents: what is public of them, and nothing of a person. Pure.

A field that is not known is left out, since HSDS's schemas know no null. Where the schema demands what a Danish entry
does not have, such as a state or province, it is empty.
"""

from typing import Any
from uuid import UUID, uuid5

from babel import Locale
from pydantic import HttpUrl, TypeAdapter, ValidationError

from services.directory.activities.models import Activity
from services.directory.hsds.schedules import schedules
from services.directory.hsds.taxonomies import Json, Taxonomy, Term, attribute, came_from
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from shared.events.kinds import Form

CURRENCY = "DKK"
COUNTRY = "DK"
LANGUAGES = Locale("da").languages
ATTENDING = {
    Form.PHYSICAL: "Man mødes på stedet.",
    Form.DIGITAL: "Man mødes online.",
    Form.BOTH: "Man mødes på stedet eller online.",
}
_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def told(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


def uri(written: str | None) -> str | None:
    """An address as a URI (RFC 3986): ø and blanks encoded. What is no web address is left out."""
    try:
        return str(_URL.validate_python(written))
    except ValidationError:
        return None


# Organisations


def organization(one: Organisation) -> Json:
    return told(
        id=str(one.id),
        name=one.name,
        description=one.description,
        email=one.public_email,
        website=uri(one.website),
    )


def full_organization(one: Organisation, services: list[Json] | None = None) -> Json:
    kinds = {Taxonomy.ORGANISATION_KIND: [one.kind.value], Taxonomy.SECTOR: [one.sector.value]}
    return organization(one) | told(
        organization_identifiers=[
            {
                "id": str(uuid5(one.id, "cvr")),
                "organization_id": str(one.id),
                "identifier_scheme": "DK-CVR",
                "identifier_type": "CVR",
                "identifier": one.cvr,
            }
        ]
        if one.cvr
        else [],
        phones=[{"id": str(uuid5(one.id, "phone")), "organization_id": str(one.id), "number": one.public_phone}]
        if one.public_phone
        else [],
        locations=[place] if (place := own_place(one)) else [],
        attributes=_attributes(one, "organization", kinds),
        services=services,
    )


# Places


def location(one: Premises) -> Json:
    return _place(one.id, one.name, one, one.organisation_id) | told(description=one.description or None)


def full_location(one: Premises) -> Json:
    nothing: dict[Taxonomy, list[str]] = {}
    return location(one) | _found(one, one.accessibility) | {"attributes": _attributes(one, "location", nothing)}


def own_place(one: Organisation | Activity) -> Json | None:
    """Where an entry says itself that it is. The place has the entry's id: there is one, and it is nobody else's."""
    if isinstance(one, Organisation):
        return _place(one.id, one.name, one, one.id) | _found(one, []) if is_somewhere(one) else None
    if one.form is Form.DIGITAL:
        return told(
            id=str(one.id),
            location_type="virtual",
            name=one.title,
            organization_id=str(one.organisation_id),
            url=uri(one.website),
        )
    if not is_somewhere(one):
        return None
    return _place(one.id, one.address or one.title, one, one.organisation_id) | _found(one, [])


def is_somewhere(one: Organisation | Activity) -> bool:
    """A locality alone is an area and no place."""
    return one.address is not None or (one.latitude is not None and one.longitude is not None)


def place_of(activity: Activity, premises: Premises | None) -> Json | None:
    """Digital first: who meets online needs no door, whatever else the entry says."""
    if premises is not None and activity.form is not Form.DIGITAL:
        return full_location(premises)
    return own_place(activity)


def _place(id: UUID, name: str, one: Premises | Organisation | Activity, organisation_id: UUID | None) -> Json:
    return told(
        id=str(id),
        location_type="physical",
        name=name,
        organization_id=str(organisation_id) if organisation_id else None,
        latitude=one.latitude,
        longitude=one.longitude,
    )


def _found(one: Premises | Organisation | Activity, accessibility: list[str]) -> Json:
    address = {
        "id": str(uuid5(one.id, "address")),
        "location_id": str(one.id),
        "address_1": one.address,
        "city": one.locality or "",
        "state_province": "",  # Denmark has none; the schema demands the field.
        "postal_code": one.postcode or "",
        "country": COUNTRY,
        "address_type": "physical",
    }
    return {
        "addresses": [address] if one.address else [],
        "accessibility": [
            {
                "id": str(uuid5(one.id, f"accessibility:{word}")),
                "location_id": str(one.id),
                "description": Term(one.tenant, Taxonomy.ACCESSIBILITY, word).name,
            }
            for word in accessibility
        ],
    }


# Activities


def service(one: Activity) -> Json:
    groups = [Term(one.tenant, Taxonomy.TARGET_GROUP, word).name for word in one.target_groups]
    return told(
        id=str(one.id),
        organization_id=str(one.organisation_id),
        name=one.title,
        alternate_name=one.translations.get("en", {}).get("title"),
        description=one.description,
        url=uri(one.website),
        status="active",
        application_process=one.how_to_join or None,
        fees_description={None: None, 0: "Gratis"}.get(one.price, f"{one.price} kr."),
        eligibility_description=f"For {', '.join(groups)}" if groups else None,
        assured_date=one.assured_on.isoformat() if one.assured_on else None,
        last_modified=one.modified_at.isoformat(),
    )


def listed_service(one: Activity, owner: Organisation) -> Json:
    return service(one) | {"organization": organization(owner)}


def full_service(one: Activity, owner: Organisation, premises: Premises | None) -> Json:
    held = [{**each, "attending_type": ATTENDING[one.form]} for each in schedules(one.id, one.schedules)]
    return service(one) | {
        "organization": full_organization(owner),
        "schedules": held,
        "languages": [
            {"id": str(uuid5(one.id, f"language:{code}")), "service_id": str(one.id), "code": code, "name": name}
            for code in one.languages
            if (name := LANGUAGES.get(code, code))
        ],
        "cost_options": _costs(one),
        "service_areas": [
            {"id": str(uuid5(one.id, "area")), "service_id": str(one.id), "name": one.locality, "extent_type": "name"}
        ]
        if one.locality
        else [],
        "service_at_locations": [_there(one, place)] if (place := place_of(one, premises)) else [],
        "attributes": _attributes(one, "service", words_of(one)),
    }


def listed_service_at_location(one: Activity, owner: Organisation, place: Json) -> Json:
    flat = {name: value for name, value in place.items() if not isinstance(value, list)}
    return _there(one, flat) | {"service": listed_service(one, owner)}


def full_service_at_location(one: Activity, owner: Organisation, premises: Premises | None, place: Json) -> Json:
    """With its service's name and status: HSDS's OpenAPI promises the schema of a service here, its text does not.

    So the answer is both.
    """
    whole = full_service(one, owner, premises)
    del whole["service_at_locations"]
    return _there(one, place) | {"name": one.title, "status": "active", "service": whole}


def words_of(one: Activity) -> dict[Taxonomy, list[str]]:
    return {
        Taxonomy.THEME: one.themes,
        Taxonomy.TARGET_GROUP: one.target_groups,
        Taxonomy.ACCESSIBILITY: one.accessibility,
        Taxonomy.CONDITION: [word for word in ("companion_welcome", "volunteers_wanted") if getattr(one, word)],
    }


def _there(one: Activity, place: Json) -> Json:
    """An activity has one place, so their meeting has the activity's id."""
    return {"id": str(one.id), "service_id": str(one.id), "location_id": place["id"], "location": place}


def _costs(one: Activity) -> list[Json]:
    if one.price is None:
        return []
    told_price = "Gratis" if one.price == 0 else "Pris"
    costs = {"id": str(uuid5(one.id, "cost")), "service_id": str(one.id), "option": told_price}
    return [{**costs, "currency": CURRENCY, "amount": one.price}]


def _attributes(one: Organisation | Activity | Premises, entity: str, words: dict[Taxonomy, list[str]]) -> list[Json]:
    found = [
        attribute(Term(one.tenant, taxonomy, word), entity, one.id)
        for taxonomy, among in words.items()
        for word in dict.fromkeys(among)
    ]
    return [*found, came_from(one.source, entity, one.id)] if one.source else found
