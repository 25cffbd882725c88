"""Rules for organisations. Pure."""

from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from shared.errors import Conflict, FieldError, Invalid, Text
from shared.events.kinds import NetworkLife, OrganisationKind
from shared.events.words import Unit

# Their names are said in events, as the designation of a public body; nobody else's name is.
NAMED_IN_EVENTS = frozenset({OrganisationKind.MUNICIPAL_UNIT, OrganisationKind.REGION})
# What an organisation is to the centre; the rest of its entry is in its own words.
SAID_BY_STAFF = frozenset({"kind", "sector", "cvr", "life"})
_UNIT: TypeAdapter[str] = TypeAdapter(Unit)


class CvrTaken(Conflict):
    slug = "cvr-taken"
    title = Text("CVR-nummeret står allerede ved en anden organisation", "Another organisation has this CVR number")


def designation(name: str, kind: OrganisationKind) -> str | None:
    """What events may call the organisation: the name of a public body's unit, and nothing for anybody else.

    A name that is not shaped like a designation (because it holds a number or a whole sentence) stays out of events.
    """
    if kind not in NAMED_IN_EVENTS:
        return None
    try:
        return _UNIT.validate_python(name)
    except ValidationError:
        return None


def own_words(fields: Iterable[str]) -> None:
    """Refuse an association what only staff may change."""
    if staffs := sorted(SAID_BY_STAFF.intersection(fields)):
        told = Text("kan kun ændres af frivilligcentret", "can only be changed by the volunteer centre")
        raise Invalid(errors=[FieldError(field, told) for field in staffs])


def lives(kind: OrganisationKind, life: NetworkLife | None) -> None:
    """Only a network stands more or less on its own."""
    if life is not None and kind is not OrganisationKind.NETWORK:
        raise Invalid.field("life", "er kun for netværk", "is for networks only")
