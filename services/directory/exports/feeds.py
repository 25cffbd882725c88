"""What is new as an Atom feed (RFC 4287), and when it takes place as a calendar. Pure."""

from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree

from services.directory.activities.models import Activity
from services.directory.exports.schedules import first_day, rule, times
from services.directory.organisations.models import Organisation
from shared.clock import now, start_of_day
from shared.icalendars import Entry, feed, uid_of
from shared.printable import printable

ATOM = "http://www.w3.org/2005/Atom"
Shown = Sequence[tuple[Activity, Organisation]]


def atom(tenant: str, title: str, address: str, public_url: str, shown: Shown) -> bytes:
    """An entry keeps its id for ever, and `updated` follows its every change."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "da"})
    newest = max((activity.modified_at for activity, _ in shown), default=now())
    _add(root, "id", f"urn:kompas:{tenant}:directory:new")
    _add(root, "title", title)
    _add(root, "updated", newest.isoformat())
    _add(root, "link", rel="self", href=address)
    for activity, owner in shown:
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:uuid:{activity.id}")
        _add(entry, "title", activity.title)
        _add(entry, "updated", activity.modified_at.isoformat())
        if activity.published_on:
            _add(entry, "published", start_of_day(activity.published_on).isoformat())
        _add(_add(entry, "author"), "name", owner.name)
        _add(entry, "link", href=activity.website or f"{public_url}/directory/{tenant}/activities/{activity.id}")
        for theme in activity.themes:
            _add(entry, "category", term=theme)
        _add(entry, "summary", activity.description)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def calendar(tenant: str, name: str, shown: Shown, today: date) -> bytes:
    """Each time of each activity is an entry that repeats, at Danish clock times."""
    entries = []
    for activity, owner in shown:
        since = activity.published_on or today
        for place, schedule in enumerate(activity.schedules):
            if day := first_day(schedule, since):
                begins, ends = times(schedule, day)
                entries.append(
                    Entry(
                        uid=uid_of(f"{place}.{tenant}", activity.id),
                        sequence=activity.version,
                        starts_at=begins,
                        ends_at=ends,
                        summary=f"{activity.title} ({owner.name})",
                        changed_at=activity.modified_at,
                        location=where(activity) or None,
                        description=activity.description or None,
                        url=activity.website,
                        categories=activity.themes,
                        repeats=rule(schedule),
                    )
                )
    return feed(name, entries, "directory")


def where(activity: Activity) -> str:
    town = " ".join(filter(None, (activity.postcode, activity.locality)))
    return ", ".join(filter(None, (activity.address, town)))


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = printable(text) if text else None
    return child
