"""Rules for organisations. Pure."""

from pydantic import TypeAdapter, ValidationError

from shared.errors import Conflict, Text
from shared.events.kinds import OrganisationKind
from shared.events.words import Unit

# Their names are said in events, as the designation of a public body; nobody else's name is.
NAMED_IN_EVENTS = frozenset({OrganisationKind.MUNICIPAL_UNIT, OrganisationKind.REGION})
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
