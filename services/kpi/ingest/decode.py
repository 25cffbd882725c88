"""From a record's bytes to a fact, to something that is not ours, or to the reason why it can never be read."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from aiokafka import ConsumerRecord
from msgspec.structs import replace

from services.kpi.counting.fact import LONGEST, Aware, Fact, Sequence
from services.kpi.ingest.quick import reader
from shared.events import CATALOGUE
from shared.events.envelope import Invalid, Undecodable, read
from shared.messaging.consume import about_of
from shared.messaging.dead_letters import About, Class


@dataclass(frozen=True, slots=True)
class Dead:
    """A record that must be buried: its class and reason, which name places and never values."""

    record: ConsumerRecord
    kind: Class
    reason: str
    about: About


@dataclass(frozen=True, slots=True)
class NotOurs:
    type: str


# Python's and PostgreSQL's calendars end at different years; nobody's volunteers were counted in either.
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Told(msgspec.Struct, frozen=True, gc=False):
    """A fact whose names and data have not been looked at."""

    id: UUID
    type: str
    tenant: str
    subject: str
    time: Aware
    data: msgspec.Raw
    recordedtime: Aware | None = None
    sequence: Sequence = 1


_decoder, _told = msgspec.json.Decoder(Fact), msgspec.json.Decoder(Told)


def decode(record: ConsumerRecord) -> Fact | NotOurs | Dead:
    """Total: whatever a stranger put on the topic, this returns and does not raise."""
    value = record.value or b""
    try:
        return _quickly(value) or _known(_decoder.decode(value))
    except Invalid as error:
        return Dead(record, Class.INVALID, str(error), about_of(record))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _diagnose(record)


def _quickly(value: bytes) -> Fact | None:
    """What is written as we write it."""
    told = _told.decode(value)
    if (read := reader(told.type)) is None or not _are_names(told.tenant, told.subject):
        return None
    try:
        data = read(told.data)
    except msgspec.MsgspecError:
        return None
    recorded = told.recordedtime or told.time
    return _timely(Fact(told.id, told.type, told.tenant, told.subject, told.time, data, recorded, told.sequence))


def _are_names(one: str, other: str) -> bool:
    """Surely so; of others `Name` decides, whose pattern takes longer than the whole event."""
    both = one + other
    return one != "" != other and len(both) <= LONGEST and both.isascii() and both.isprintable() and " " not in both


def _known(fact: Fact) -> Fact | NotOurs:
    event = CATALOGUE.get(fact.type)
    if event is None:
        return NotOurs(fact.type)
    # Written anew from what was understood: `1650` and "1650", or one id in two spellings, must not be two things.
    return _timely(replace(fact, data=event.read(fact.data).model_dump(mode="json")))


def _timely(fact: Fact) -> Fact:
    if not (FIRST_YEAR <= fact.time.year <= LAST_YEAR and FIRST_YEAR <= fact.recorded.year <= LAST_YEAR):
        raise Invalid(["time: out of range"])
    return fact


def _diagnose(record: ConsumerRecord) -> NotOurs | Dead:
    """What the fast decoder refused is read once more by the one that says why."""
    about = about_of(record)
    kind, reason = Class.INVALID, "envelope"
    try:
        read(record.value or b"")
    except Undecodable as error:
        kind, reason = Class.UNDECODABLE, str(error)
    except Invalid as error:
        reason = str(error)
    if kind is Class.INVALID and about.type is not None and about.type not in CATALOGUE:
        # Somebody else's event need not look like ours.
        return NotOurs(about.type)
    return Dead(record, kind, reason, about)
