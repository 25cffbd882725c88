"""The HTTP door of rounds: staff open and decide, associations wish, everybody may read why it came out as it did."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from services.booking.resources.schemas import PeriodAnswer
from services.booking.rounds import repository, rules, usecases
from services.booking.rounds.deciding import rows
from services.booking.rounds.models import Round, Wish
from services.booking.rounds.schemas import (
    Account,
    CollisionAnswer,
    InWords,
    NewRound,
    NewWish,
    OutcomeAnswer,
    OwnWish,
    RoundAnswer,
    Share,
    WishAnswer,
    WishChange,
    WishOutcome,
)
from shared.answers import IfMatch
from shared.auth import Public, Staff, StaffOrAssociation
from shared.door import Session, router, tag
from shared.paging import Page, Paging
from shared.tenancy import TenantPath

api = router("booking")


# Behind the caller in every signature: who may not come in does not learn what there is.
async def _found(round_id: UUID, tenant: TenantPath, session: Session, request: Request) -> Round:
    return await repository.get(session, tenant, round_id, lock=request.method != "GET")


Found = Annotated[Round, Depends(_found)]


@api.post("/rounds", status_code=201)
async def open_round(
    body: NewRound, tenant: TenantPath, session: Session, caller: Staff, response: Response
) -> RoundAnswer:
    """Let associations wish for a season."""
    round = await usecases.open_round(session, tenant, body)
    response.headers["Location"] = f"/booking/{tenant}/rounds/{round.id}"
    return _shown(round, response)


@api.get("/rounds")
async def list_rounds(
    tenant: TenantPath, session: Session, caller: StaffOrAssociation, paging: Paging
) -> Page[RoundAnswer]:
    found, following = await repository.page(session, tenant, paging)
    return Page(items=[_shown(each) for each in found], next_cursor=following)


@api.get("/rounds/{round_id}")
async def get_round(caller: StaffOrAssociation, round: Found, response: Response) -> RoundAnswer:
    return _shown(round, response)


@api.post("/rounds/{round_id}/wishes", status_code=201)
async def wish(
    body: NewWish, caller: StaffOrAssociation, round: Found, session: Session, response: Response
) -> OwnWish:
    made = await usecases.add_wish(session, round, body, caller)
    tag(response, made.version)
    response.headers["Location"] = f"/booking/{round.tenant}/rounds/{round.id}/wishes/{made.id}"
    return OwnWish.model_validate(made)


@api.get("/rounds/{round_id}/wishes")
async def list_wishes(caller: StaffOrAssociation, round: Found, session: Session) -> Page[OwnWish]:
    """An association's own; for staff all."""
    own = None if caller.is_staff else caller.organisation_id
    found = [] if own is None and not caller.is_staff else await repository.wishes(session, round, own)
    return Page(items=[OwnWish.model_validate(each) for each in found], next_cursor=None)


@api.put("/rounds/{round_id}/wishes/{wish_id}")
async def change_wish(
    wish_id: UUID,
    body: WishChange,
    caller: StaffOrAssociation,
    round: Found,
    session: Session,
    expected: IfMatch,
    response: Response,
) -> OwnWish:
    """The whole wish anew."""
    found = await repository.wish(session, round, wish_id)
    expected(found.version)
    await usecases.change_wish(session, round, found, body, caller)
    tag(response, found.version)
    return OwnWish.model_validate(found)


@api.delete("/rounds/{round_id}/wishes/{wish_id}", status_code=204)
async def withdraw_wish(
    wish_id: UUID, caller: StaffOrAssociation, round: Found, session: Session, expected: IfMatch
) -> None:
    found = await repository.wish(session, round, wish_id)
    expected(found.version)
    await usecases.withdraw_wish(session, round, found, caller)


@api.get("/rounds/{round_id}/collisions")
async def collisions(caller: StaffOrAssociation, round: Found, session: Session) -> Page[CollisionAnswer]:
    """Which wishes could want the same place at the same time, for all who may wish; without notes."""
    plan = await usecases.plan(session, round)
    seen = {each.id: WishAnswer.model_validate(each) for each in plan.wishes}
    items = [
        CollisionAnswer(
            wishes=[seen[want.id] for want in each.wishes],
            times=len(each.times),
            first=PeriodAnswer.model_validate(min(each.times)),
            resource_ids=sorted(each.resource_ids),
        )
        for each in await asyncio.to_thread(rules.collisions, plan.wants())
    ]
    return Page(items=items, next_cursor=None)


@api.get("/rounds/{round_id}/preview")
async def preview(caller: Staff, round: Found, session: Session) -> Account:
    """What would be decided now. Nothing is booked."""
    plan = await usecases.plan(session, round)
    outcomes = await usecases.allocate(session, plan)
    return _account(round, plan.wishes, {id: rows(each) for id, each in outcomes.items()})


@api.post("/rounds/{round_id}/decide")
async def decide(caller: Staff, round: Found, session: Session, request: Request, expected: IfMatch) -> Account:
    """Book it, once; whoever repeats it is answered the same."""
    expected(round.version)
    await usecases.decide(session, round, request.app.state.settings.public_url)
    return await _decided(session, round)


@api.get("/rounds/{round_id}/account")
async def account(caller: Public, round: Found, session: Session) -> Account:
    """Who wished for how much, who was given what, and why."""
    if round.state is not rules.RoundState.DECIDED:
        raise rules.NotDecided
    return await _decided(session, round)


async def _decided(session: Session, round: Round) -> Account:
    wishes = await repository.wishes(session, round)
    return _account(round, wishes, {wish.id: wish.outcome for wish in wishes})


def _shown(round: Round, response: Response | None = None) -> RoundAnswer:
    if response is not None:
        tag(response, round.version)
    words = rules.IN_WORDS[round.rule]
    return RoundAnswer.model_validate({**round.model_dump(), "rule_in_words": InWords(da=words.da, en=words.en)})


def _account(round: Round, wishes: Sequence[Wish], outcomes: Mapping[UUID, list[dict[str, Any]]]) -> Account:
    shares = []
    for id, own in usecases.by_association(wishes).items():
        found = [_outcome(wish, outcomes[wish.id]) for wish in own]
        shares.append(Share(organisation_id=id, **_sums(found), wishes=found))
    return Account(round=_shown(round), **_sums(shares), associations=shares)


def _outcome(wish: Wish, outcome: list[dict[str, Any]]) -> WishOutcome:
    times = [OutcomeAnswer.model_validate(each) for each in outcome]
    return WishOutcome(
        **WishAnswer.model_validate(wish).model_dump(),
        hours_wished=sum(_hours(each) for each in times),
        hours_given=sum(_hours(each) for each in times if each.resource_id),
        times=times,
    )


def _hours(time: OutcomeAnswer) -> float:
    return (time.ends_at - time.starts_at).total_seconds() / 3600


def _sums(parts: list[WishOutcome] | list[Share]) -> dict[str, float]:
    return {
        "hours_wished": sum(each.hours_wished for each in parts),
        "hours_given": sum(each.hours_given for each in parts),
    }
