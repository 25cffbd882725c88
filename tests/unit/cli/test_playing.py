"""Playing a story: in order, each command once in effect, whatever happens to the system meanwhile."""

import json
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import httpx2
import pytest
import stamina

from kompas.demo.commands import Chapter, Command, Ref, Story
from kompas.demo.play import Player
from kompas.errors import Stop

STORY = Story(
    "s",
    [
        Chapter(
            "Et kapitel",
            [
                [Command("a", "directory/organisations", {"name": "Café Åen"})],
                [
                    Command("b", "directory/memberships", {"organisation_id": Ref("a")}),
                    Command("c", "directory/organisations/{id}/close", {}, of="a"),
                ],
                [Command(f"v/{n}", "directory/pageviews", {"page": "/"}, visitor=f"Browser {n}") for n in range(40)],
            ],
        )
    ],
)

Answer = Callable[[httpx2.Request], httpx2.Response | Exception | None]


class System:
    """Answers like the doors: the first answer to a key is the answer to that key."""

    def __init__(self, disturb: Answer = lambda request: None) -> None:
        self.ids: dict[str, str] = {}
        self.sent: list[httpx2.Request] = []
        self._disturb = disturb

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(request)
        disturbed = self._disturb(request)
        if isinstance(disturbed, Exception):
            raise disturbed
        if disturbed is not None:
            return disturbed
        key = request.headers["idempotency-key"]
        return httpx2.Response(201, json={"id": self.ids.setdefault(key, str(uuid4()))})

    def keys(self) -> Counter[str]:
        return Counter(request.headers["idempotency-key"] for request in self.sent)


async def play(system: System, patience: float = 5) -> None:
    transport = httpx2.MockTransport(system)
    async with httpx2.AsyncClient(transport=transport, base_url="http://system") as client:
        await Player(client, tenant="odense", token="t", patience=patience).play(STORY)


@pytest.fixture(autouse=True)
def _quiet() -> None:
    stamina.instrumentation.set_on_retry_hooks([])


async def test_ids_come_from_the_answers() -> None:
    system = System()

    await play(system)

    register, *rest = system.sent[:3]
    id = system.ids["s/a"]
    assert register.url.path == "/directory/odense/organisations"
    assert json.loads(register.content) == {"name": "Café Åen"}
    assert {request.url.path for request in rest} == {
        "/directory/odense/memberships",
        f"/directory/odense/organisations/{id}/close",
    }
    assert {"organisation_id": id} in [json.loads(request.content) for request in rest]


async def test_playing_again_sends_the_same_bytes_under_the_same_keys() -> None:
    system = System()

    await play(system)
    first, system.sent = {r.headers["idempotency-key"]: (r.url, r.content) for r in system.sent}, []
    await play(system)

    assert {r.headers["idempotency-key"]: (r.url, r.content) for r in system.sent} == first


@pytest.mark.parametrize(
    "trouble",
    [httpx2.ConnectError("refused"), httpx2.RemoteProtocolError("broken off"), httpx2.Response(503)],
    ids=["it is away", "it dies while it answers", "it says that it cannot"],
)
async def test_what_goes_wrong_for_a_while_is_sent_again(trouble: Exception | httpx2.Response) -> None:
    troubles = [trouble, trouble]
    system = System(lambda request: troubles.pop() if troubles and request.url.path.endswith("memberships") else None)

    await play(system)

    assert system.keys()["s/b"] == 3
    assert len(system.ids) == 43


async def test_page_views_are_sent_again_after_an_interruption_because_the_last_may_be_lost() -> None:
    troubles = [httpx2.ReadError("killed")]
    hit = "Browser 30"
    system = System(lambda request: troubles.pop() if troubles and request.headers["user-agent"] == hit else None)

    await play(system)

    assert all(times >= 2 for key, times in system.keys().items() if key.startswith("s/v/"))


async def test_a_system_that_stays_away_ends_in_a_sentence_that_says_how_to_go_on() -> None:
    system = System(lambda request: httpx2.ConnectError("refused"))

    with pytest.raises(Stop) as stopped:
        await play(system, patience=0.5)

    assert "make demo" in stopped.value.remedy


@pytest.mark.parametrize("step", [409, 422])
async def test_what_the_centre_had_under_that_name_is_used_as_it_is(step: int) -> None:
    problem = {"type": "urn:kompas:problem:slug-taken", "title": "Navnet er optaget", "errors": []}
    theirs = str(uuid4())

    def answer(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path == "/directory/odense/organisations":
            return httpx2.Response(409, json=problem | {"id": theirs})
        if request.url.path.endswith("/close"):
            return httpx2.Response(step, json={"title": "Det er den allerede", "errors": []})
        return None

    system = System(answer)

    await play(system)

    assert f"/directory/odense/organisations/{theirs}/close" in {request.url.path for request in system.sent}
    assert {"organisation_id": theirs} in [json.loads(request.content) for request in system.sent]


async def test_a_conflict_about_what_is_our_own_is_still_told() -> None:
    conflict = httpx2.Response(409, json={"title": "Det er lukket", "errors": []})
    system = System(lambda request: conflict if request.url.path.endswith("/close") else None)

    with pytest.raises(Stop, match=r"c \(409\): Det er lukket"):
        await play(system)


async def test_a_refusal_is_told_with_its_reason_and_not_tried_again() -> None:
    problem = {"title": "Noget er ikke udfyldt rigtigt", "errors": [{"field": "name", "message": "skal udfyldes"}]}
    system = System(lambda request: httpx2.Response(422, json=problem))

    with pytest.raises(Stop, match=r"a \(422\): Noget er ikke udfyldt rigtigt: name skal udfyldes"):
        await play(system)

    assert len(system.sent) == 1
