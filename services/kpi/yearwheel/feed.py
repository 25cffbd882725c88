"""The year wheel as an iCalendar feed (RFC 5545) that a calendar program subscribes to."""

from collections.abc import Iterable

from icalendar import Calendar, Event

from services.kpi.yearwheel.rules import Due, Kind, in_order

WORDS = {
    Kind.GOAL: ("Frist: {}", "Due"),
    Kind.GOAL_WINDOW: ("Frist {window}: {}", "Due, {window}"),
    Kind.SURVEY_OPENED: ("Spørgeskema åbnet: {}", "Survey opened"),
    Kind.SURVEY_LAST_DAY: ("Spørgeskemaets sidste dag: {}", "Last day of the survey"),
    Kind.SURVEY_CLOSED: ("Spørgeskema lukket: {}", "Survey closed"),
}


def feed(tenant: str, dues: Iterable[Due]) -> bytes:
    calendar = Calendar.new(
        name=f"Årshjul {tenant}",
        prodid="-//Kompas//yearwheel//DA",
        language="da",
        subcomponents=[_event(tenant, due) for due in in_order(dues)],
    )
    return bytes(calendar.to_ical())


def _event(tenant: str, due: Due) -> Event:
    danish, english = WORDS[due.kind]
    what = " ".join(part for part in (due.plan, due.id) if part)
    event = Event.new(
        uid=f"{due.uid}@{tenant}.kompas",
        stamp=due.told,
        sequence=due.version,
        # Without an end a date is that whole day.
        start=due.on,
        summary=danish.format(due.title, window=due.window),
        description=f"{what}\n{english.format(window=due.window)}: {due.title_en}",
        categories=[due.plan or "spørgeskema"],
    )
    if due.dropped:
        event.add("status", "CANCELLED")
    # A deadline does not make anybody busy.
    event.add("transp", "TRANSPARENT")
    return event
