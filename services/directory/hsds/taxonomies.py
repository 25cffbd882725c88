"""The words by which entries are told apart, as HSDS's taxonomies and terms. Pure.

An id here is made of the centre, the list and the word, so a term has the same id for ever without being stored.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.events.kinds import OrganisationKind, Sector

Json = dict[str, Any]


class Taxonomy(StrEnum):
    THEME = "theme"
    TARGET_GROUP = "target_group"
    ORGANISATION_KIND = "organisation_kind"
    SECTOR = "sector"
    ACCESSIBILITY = "accessibility"
    CONDITION = "condition"


NAMES: dict[Taxonomy, tuple[str, str]] = {
    Taxonomy.THEME: ("Temaer", "Hvad en aktivitet handler om, i centrets egne ord."),
    Taxonomy.TARGET_GROUP: ("Målgrupper", "Hvem en aktivitet er for. En aktivitet uden målgruppe er for alle."),
    Taxonomy.ORGANISATION_KIND: ("Organisationstyper", "Hvad en organisation er."),
    Taxonomy.SECTOR: ("Sektorer", "Hvilken del af samfundet en organisation hører til."),
    Taxonomy.ACCESSIBILITY: ("Tilgængelighed", "Hvad man kan regne med, når man har brug for det."),
    Taxonomy.CONDITION: ("Vilkår", "Hvad man ellers skal vide, før man kommer."),
}
# Closed lists are told whole, whether or not an entry has the word.
CLOSED: dict[Taxonomy, dict[str, str]] = {
    Taxonomy.ORGANISATION_KIND: {
        OrganisationKind.ASSOCIATION: "forening",
        OrganisationKind.COMPANY: "virksomhed",
        OrganisationKind.MUNICIPAL_UNIT: "kommunal enhed",
        OrganisationKind.REGION: "region",
        OrganisationKind.SCHOOL: "skole",
        OrganisationKind.NETWORK: "netværk",
        OrganisationKind.WORKING_GROUP: "arbejdsgruppe",
        OrganisationKind.BODY: "råd, nævn eller udvalg",
        OrganisationKind.FUNDER: "fond eller pulje",
    },
    Taxonomy.SECTOR: {
        Sector.VOLUNTARY: "frivillig sektor",
        Sector.PUBLIC: "offentlig sektor",
        Sector.PRIVATE: "erhverv",
    },
    Taxonomy.ACCESSIBILITY: {
        "step_free": "adgang uden trin",
        "accessible_toilet": "handicaptoilet",
        "hearing_loop": "teleslynge",
        "guide_dog": "førerhund er velkommen",
        "parking": "parkering",
        "sign_language": "tegnsprog",
        "quiet_room": "stille rum",
    },
    Taxonomy.CONDITION: {
        "companion_welcome": "en frivillig kan følge med",
        "volunteers_wanted": "frivillige er velkomne",
    },
}


@dataclass(frozen=True)
class Term:
    tenant: str
    taxonomy: Taxonomy
    word: str

    @property
    def id(self) -> UUID:
        return uuid5(taxonomy_id(self.tenant, self.taxonomy), self.word)

    @property
    def name(self) -> str:
        return CLOSED.get(self.taxonomy, {}).get(self.word) or self.word.replace("-", " ").replace("_", " ")


def taxonomy_id(tenant: str, taxonomy: Taxonomy) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:kompas:{tenant}:directory:{taxonomy}")


def taxonomy_document(tenant: str, taxonomy: Taxonomy) -> Json:
    name, description = NAMES[taxonomy]
    return {"id": str(taxonomy_id(tenant, taxonomy)), "name": name, "description": description, "version": "1"}


def term_document(term: Term) -> Json:
    """`taxonomy` is the field's older way to say which list; both are told."""
    name, _ = NAMES[term.taxonomy]
    return {
        "id": str(term.id),
        "code": term.word,
        "name": term.name,
        "description": f"{name}: {term.name}",
        "taxonomy": name,
        "taxonomy_id": str(taxonomy_id(term.tenant, term.taxonomy)),
        "taxonomy_detail": taxonomy_document(term.tenant, term.taxonomy),
        "language": "da",
    }


def attribute(term: Term, entity: str, entity_id: UUID) -> Json:
    """That an entry has this word."""
    return {
        "id": str(uuid5(entity_id, f"attribute:{term.id}")),
        "link_id": str(entity_id),
        "link_entity": entity,
        "link_type": term.taxonomy.value,
        "value": term.word,
        "taxonomy_term_id": str(term.id),
        "taxonomy_term": term_document(term),
    }


def came_from(source: str, entity: str, entity_id: UUID) -> Json:
    """That a partner keeps the entry; HSDS has no field of its own for it."""
    return {
        "id": str(uuid5(entity_id, "attribute:source")),
        "link_id": str(entity_id),
        "link_entity": entity,
        "link_type": "source",
        "value": source,
    }
