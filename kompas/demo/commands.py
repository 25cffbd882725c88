"""What a story is made of: commands in chapters, and references to ids that only the answers will tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

DANISH = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True)
class Ref:
    """The id that the answer to the command named `key` gave."""

    key: str


@dataclass(frozen=True)
class Command:
    """One POST. `key` names it within the story and makes its Idempotency-Key, so it must never depend on an answer."""

    key: str
    path: str
    """After the tenant's prefix, e.g. `directory/memberships/{id}/end`, where `{id}` is the id of `of`."""
    body: Mapping[str, Any]
    of: str | None = None
    visitor: str | None = None
    """The browser that looks at a page; only page views have one."""
    signed: bool = True
    """Whether staff do it. What happened in 2023 is recorded afterwards, so nearly everything is theirs to tell."""


# The commands of one step do not need each other's answers, so they may go in any order and side by side.
Step = list[Command]


@dataclass(frozen=True)
class Chapter:
    title: str
    steps: list[Step]

    @property
    def size(self) -> int:
        return sum(len(step) for step in self.steps)


@dataclass(frozen=True)
class Story:
    name: str
    """Prefix of every Idempotency-Key: another seed or scale is another story."""
    chapters: list[Chapter]

    def commands(self) -> Iterator[Command]:
        """In the order of the story, in which every reference points backwards."""
        for chapter in self.chapters:
            for step in chapter.steps:
                yield from step


def at(day: date, hour: int, minute: int = 0) -> str:
    """A Danish wall-clock time as the doors want it: RFC 3339 in UTC."""
    moment = datetime.combine(day, time(hour, minute), tzinfo=DANISH).astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")
