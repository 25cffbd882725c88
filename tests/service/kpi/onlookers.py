"""Somebody without a token who collects everything that KPI shows everybody, and a plan worth looking at."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from services.kpi.adoption import adopt
from services.kpi.definition.parse import parse_plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.repository import backfilling, change_version, set_live
from shared.clock import today
from shared.events.bookings import BookingCancelled, BookingConfirmed
from shared.events.directory import StakeholderDesignated
from shared.events.notify import MaterialExposed
from tests.service.kpi.centre import Centre, Json

YEAR = today().year
PLAN = f"faces-{YEAR}"
TALKS = "of: booking.confirmed, where: {{resource_kind: conversation{}}}, minus: booking.cancelled"
GOAL = """
  - id: "{id}"
    theme: "1"
    statement: "{id}"
    statement_en: "{id}"
    {aim}
    unit: "samtaler"
    unit_en: "conversations"
    source: live
    codes: {{R: [G], K: ["1,1"], V: [3]}}
    period: {{start: {year}-01-01, end: {year}-12-31}}
    measure: {measure}
"""
MEASURES = {
    # Targets that are no step, so that a status by the exact number would tell it.
    "all": ("target: 8", f"{{kind: count, {TALKS.format('')}}}"),
    "by": ("target: 8", f"{{kind: count, {TALKS.format('')}, by: purpose}}"),
    "some": ("target: 3", f"{{kind: count, {TALKS.format(', purpose: seeking_community')}}}"),
    "most": ("target: 7\n    comparison: at_most", f"{{kind: count, {TALKS.format('')}}}"),
    "more": (
        "comparison: increase",
        f"{{kind: trend, against: previous_year, measure: {{kind: count, {TALKS.format('')}}}}}",
    ),
    "quarters": (
        "target: 1",
        f"{{kind: per_window, window: quarter, at_least: 3, count: {{kind: count, {TALKS.format('')}}}}}",
    ),
    "share": (
        "target: 100\n    comparison: all_of\n    people: true",
        "{kind: ratio, register: {of: stakeholder.designated, minus: stakeholder.removed},"
        " having: {of: material.exposed, key: stakeholder_id}}",
    ),
    "rooms": (
        "target: 8",
        "{kind: count, of: booking.confirmed, where: {resource_kind: room}, minus: booking.cancelled}",
    ),
}
HEAD = (
    f"plan: faces\nyear: {YEAR}\ntenants: [odense]\ntitle: Ansigter\ntitle_en: Faces\n"
    'themes: {"1": "Tema"}\ngoals:'
)  # fmt: skip


def text_of(**other: str) -> str:
    measures = {name: (aim, other.get(name, measure)) for name, (aim, measure) in MEASURES.items()}
    return HEAD + "".join(
        GOAL.format(id=name, aim=aim, measure=measure, year=YEAR) for name, (aim, measure) in measures.items()
    )


class Town:
    """A centre where people book conversations, one by one."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.booked: list[UUID] = []
        self._ingest = centre.ingest()
        self._logs = {topic: centre.log(topic) for topic in ("booking.events", "directory.events", "notify.events")}

    async def begin(self) -> None:
        async with self.centre.database.transaction(self.centre.tenant) as session:
            await adopt(session, self.centre.tenant, parse_plan(text_of(), spoken()), YEAR)
            await set_live(session, await backfilling(session))
            await change_version(session)

    async def book(
        self, times: int = 1, purpose: str = "seeking_community", kind: str = "conversation", year: int = YEAR
    ) -> None:
        new = [uuid4() for _ in range(times)]
        self.booked += new
        await self._tell([(BookingConfirmed(**_booking(purpose, kind)), each, 2) for each in new], year=year)

    async def cancel(self, purpose: str = "seeking_community") -> None:
        cancelled = BookingCancelled(**_booking(purpose, "conversation"), cancelled_by="staff")
        await self._tell([(cancelled, self.booked.pop(), 3)])

    async def register(self, people: int, reached: int) -> None:
        who = [uuid4() for _ in range(people)]
        designated = StakeholderDesignated(register="r", sector="public")
        told: dict[str, Any] = {"register": "r", "material": "m", "channel": "møde", "exposed_on": f"{YEAR}-01-01"}
        shown = [MaterialExposed(stakeholder_id=each, **told) for each in who[:reached]]
        await self._tell([(designated, each, 1) for each in who], "directory.events")
        await self._tell([(each, uuid4(), 1) for each in shown], "notify.events")

    async def _tell(
        self, facts: list[tuple[Any, UUID, int]], topic: str = "booking.events", *, year: int = YEAR
    ) -> None:
        log, day = self._logs[topic], f"{year}-01-01"
        told = [self.centre.told(event, subject=subject, on=day, sequence=number) for event, subject, number in facts]
        if told:
            await self._ingest.take([log.put(each) for each in told])


def _booking(purpose: str, kind: str) -> dict[str, Any]:
    times = {"starts_at": f"{YEAR}-05-02T09:00:00Z", "ends_at": f"{YEAR}-05-02T09:30:00Z"}
    return {"resource_id": uuid4(), "resource_kind": kind, "purpose": purpose, "channel": "self"} | times


def _drawn(part: bytes) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


class Onlooker:
    """Reads every public door; what she sees twice and is not the same, has told her something."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre

    async def goals(self) -> dict[str, Json]:
        return {goal["id"]: goal for goal in (await self.centre.get(f"plans/{PLAN}/goals"))["items"]}

    async def sees(self, *, papers: bool = False) -> Mapping[str, Any]:
        """By door what it answers. Documents take a second to write, so they are asked for where it matters."""
        seen: dict[str, Any] = {}
        for path in ("plans", f"plans/{PLAN}", f"plans/{PLAN}/goals", f"plans/{PLAN}/versions", "yearwheel"):
            seen[path] = await self.centre.get(path)
        for number in range(1, len(seen[f"plans/{PLAN}/versions"]["items"]) + 1):
            seen[f"version {number}"] = await self.centre.get(f"plans/{PLAN}/versions/{number}")
        for goal in MEASURES:
            path = f"plans/{PLAN}/goals/{goal}"
            seen[path] = await self.centre.get(path)
            seen[f"{path}/evidence"] = await self.centre.get(f"{path}/evidence")
            if goal != "share":
                seen[f"{path}/history"] = await self.centre.get(f"{path}/history", by="day")
        for form in ("csv", *(("html", "xlsx", "pdf") if papers else ())):
            seen[f"report {form}"] = await self._report(form)
        return seen

    async def _report(self, form: str) -> Any:
        path = f"/kpi/{self.centre.tenant}/plans/{PLAN}/report"
        answer = await self.centre.client.get(path, params={"format": form})
        assert answer.status_code == 200, answer.text
        match form:
            case "xlsx":
                with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                    return {name: book.read(name) for name in book.namelist() if not name.startswith("docProps")}
            case "pdf":
                # What is drawn; its ids differ each time it is written.
                return [_drawn(part) for part in re.findall(rb"stream\n(.*?)\nendstream", answer.content, re.DOTALL)]
            case "html":
                return re.sub(r"<p>Opgjort [^<]*</p>", "", answer.text)
            case _:
                return answer.text
