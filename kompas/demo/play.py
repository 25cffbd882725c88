"""Plays a story through the public doors: each command once in effect, however often it has to be sent."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx2
import stamina

from kompas.demo.commands import Chapter, Command, Ref, Step, Story
from kompas.errors import Stop

# Enough to keep two cores busy; more only makes the requests wait for each other inside the system.
SIDE_BY_SIDE = 16
# How long a system that went away may take to come back.
PATIENCE_SECONDS = 240
AGAIN = "Start it with `make run`, and run `make demo` again: it completes what is missing."

Progress = Callable[[Chapter, int], None]


class Interrupted(Exception):
    """The system did not answer, or said that it cannot at the moment."""


class Player:
    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        tenant: str,
        token: str,
        progress: Progress = lambda chapter, done: None,
        waiting: Callable[[], None] = lambda: None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._client, self._tenant, self._patience = client, tenant, patience
        self._bearer = {"authorization": f"Bearer {token}"}
        self._progress, self._waiting = progress, waiting
        self._ids: dict[str, str] = {}
        self._found: set[str] = set()
        self._interruptions = 0

    async def play(self, story: Story) -> None:
        for chapter in story.chapters:
            for step in chapter.steps:
                await self._step(story, chapter, step)

    async def _step(self, story: Story, chapter: Chapter, step: Step) -> None:
        interruptions = self._interruptions
        await self._side_by_side(story, chapter, step, count=1)
        # Page views are answered before they are written: a system that is killed forgets the last fraction of a
        # second of them. Nobody knows which, so all are sent again; those that are known count once.
        while interruptions != self._interruptions and any(command.visitor for command in step):
            interruptions = self._interruptions
            await self._side_by_side(story, chapter, step, count=0)

    async def _side_by_side(self, story: Story, chapter: Chapter, step: Step, *, count: int) -> None:
        waiting = iter(step)

        async def one_after_another() -> None:
            for command in waiting:
                await self._send(story, command)
                self._progress(chapter, count)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(SIDE_BY_SIDE, len(step))):
                    group.create_task(one_after_another())
        except ExceptionGroup as group:
            # Not `except*`: until CPython 3.11.4 that would wrap what is raised here into a group again.
            if (stops := group.subgroup(Stop)) is None:
                raise
            raise first(stops) from None

    async def _send(self, story: Story, command: Command) -> None:
        request = self._request(story, command)
        try:
            answer = await self._post(request, command)
        except Interrupted:
            answer = await self._patiently(request, command)
        if command.visitor is not None or self._stays_as_it_is(command, answer):
            return
        if "id" in (told := answer.json()):
            self._ids[command.key] = told["id"]
        if not answer.is_success:
            self._found.add(command.key)

    def _stays_as_it_is(self, command: Command, answer: httpx2.Response) -> bool:
        """What the centre had before us is used as it is: a step that it has taken, or refuses, is passed over."""
        return command.of in self._found and answer.status_code in (409, 422)

    async def _patiently(self, request: dict[str, Any], command: Command) -> httpx2.Response:
        """The same key again and again: whether the first try was heard makes no difference."""
        self._interruptions += 1
        self._waiting()
        try:
            async for attempt in stamina.retry_context(
                on=Interrupted, attempts=None, timeout=self._patience, wait_initial=0.2, wait_max=3.0, wait_jitter=0.5
            ):
                with attempt:
                    return await self._post(request, command)
        except Interrupted:
            pass
        raise Stop("The system went away and did not come back.", AGAIN)

    async def _post(self, request: dict[str, Any], command: Command) -> httpx2.Response:
        try:
            answer = await self._client.post(**request)
        # Where a connection breaks decides who tells of it: httpx, the operating system, or the event loop.
        except (httpx2.TransportError, OSError, RuntimeError):
            raise Interrupted from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Interrupted
        if answer.is_success or self._stays_as_it_is(command, answer) or is_there_already(answer):
            return answer
        raise refusal(command, answer)

    def _request(self, story: Story, command: Command) -> dict[str, Any]:
        service, _, door = command.path.partition("/")
        if command.of:
            door = door.replace("{id}", self._ids[command.of])
        headers = {"content-type": "application/json", "idempotency-key": f"{story.name}/{command.key}"}
        if command.signed:
            headers |= self._bearer
        if command.visitor:
            headers["user-agent"] = command.visitor
        # Byte for byte the same in every run: the key stands for this body and no other.
        body = json.dumps(self._resolved(command.body), ensure_ascii=False).encode()
        return {"url": f"/{service}/{self._tenant}/{door}", "content": body, "headers": headers}

    def _resolved(self, value: Any) -> Any:
        match value:
            case Ref(key=key):
                return self._ids[key]
            case dict():
                return {name: self._resolved(each) for name, each in value.items()}
            case list():
                return [self._resolved(each) for each in value]
        return value


def is_there_already(answer: httpx2.Response) -> bool:
    """A name that the centre has given itself; the refusal tells which thing has it."""
    return answer.status_code == 409 and answer.json().get("type", "").endswith(":slug-taken") and "id" in answer.json()


def first(stops: BaseExceptionGroup[Stop]) -> Stop:
    """Sixteen requests that fail for the same reason are one sentence."""
    found: Iterable[BaseException] = stops.exceptions
    for one in found:
        return one if isinstance(one, Stop) else first(one)  # type: ignore[arg-type]
    raise AssertionError("an exception group is never empty")


def refusal(command: Command, answer: httpx2.Response) -> Stop:
    if answer.status_code in (401, 403):
        return Stop(
            f"The system does not accept this token ({answer.status_code} for {command.path}).",
            "Run this where `make run` runs, or set KOMPAS_TOKEN to a staff token of the centre.",
        )
    try:
        problem = answer.json()
        fields = "; ".join(f"{error['field']} {error['message']}" for error in problem["errors"])
        said = ": ".join(part for part in (problem["title"], problem.get("detail"), fields) if part)
    except (ValueError, KeyError, TypeError):
        said = "no reason given"
    return Stop(f"{command.path} was refused for {command.key} ({answer.status_code}): {said}.")
