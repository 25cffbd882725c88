"""From a resource as it is stored to the timetable that the rules read."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from services.booking.resources.calendar import DayOff
from services.booking.resources.models import Resource
from services.booking.resources.rules import Days, Opening, Timetable, minutes


def timetable(resource: Resource) -> Timetable:
    return Timetable(
        openings=_openings(resource.opening_hours),
        slot=timedelta(minutes=resource.slot_minutes),
        buffer=timedelta(minutes=resource.buffer_minutes),
        before=timedelta(minutes=resource.buffer_before_minutes),
        seasons=[(_days(each), _openings(each["opening_hours"])) for each in resource.seasons],
        exceptions=[
            (
                day,
                [
                    Opening(day.weekday(), minutes(hours["from"]), minutes(hours["to"]))
                    for hours in each["opening_hours"]
                ],
            )
            for each in resource.exceptions
            for day in (date.fromisoformat(each["day"]),)
        ],
        closures=[_days(each) for each in resource.closures],
        closed_on=frozenset(DayOff(each) for each in resource.closed_on),
        notice=timedelta(minutes=resource.notice_minutes),
        horizon=timedelta(days=resource.horizon_days),
    )


def _openings(hours: Iterable[dict[str, Any]]) -> list[Opening]:
    return [
        Opening(each["weekday"], minutes(each["from"]), minutes(each["to"]), each.get("locality")) for each in hours
    ]


def _days(period: dict[str, Any]) -> Days:
    return Days(date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"]))
