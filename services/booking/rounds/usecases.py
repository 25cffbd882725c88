"""Sharing a season: opening a round, wishing, looking at what would come of it, and deciding, once."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.bookings import repository as bookings
from services.booking.bookings import rules as booking_rules
from services.booking.bookings.usecases.filling import places_of
from services.booking.bookings.usecases.making import keep, organisation_of
from services.booking.resources import repository as resources
from services.booking.resources.models import Resource
from services.booking.resources.rules import A_DAY, Period, ResourceState, Span, minutes
from services.booking.resources.timetables import timetable
from services.booking.rounds import repository, rules, seasons
from services.booking.rounds.deciding import carry_out, hindrances
from services.booking.rounds.models import Round, Wish
from services.booking.rounds.rules import Outcome, RoundState, Spot, Want
from services.booking.rounds.schemas import NewRound, NewWish, WishChange
from services.booking.series.rules import Occurrence, occurrences
from shared.auth import Principal
from shared.clock import now, today
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.bookings import Channel, ResourceKind

MOST_WISHES = 30


async def open_round(session: AsyncSession, tenant: str, new: NewRound) -> Round:
    if new.wishes_until < today():
        raise Invalid.field("wishes_until", "er allerede forbi", "is already over")
    if new.season_until > (now() + booking_rules.HORIZON).date():
        raise Invalid.field("season_until", "må højst være to år fremme", "may be two years ahead at most")
    for id in new.resource_ids:
        try:
            resource = await resources.get(session, tenant, id)
        except NotFound:
            raise Invalid.field("resource_ids", "en af dem findes ikke", "one of them does not exist") from None
        if resource.state is ResourceState.CLOSED or resource.kind is ResourceKind.CONVERSATION:
            raise Invalid.field(
                "resource_ids",
                "samtaler og lukkede kan ikke fordeles",
                "conversations and closed ones cannot be shared",
            )
    ids = list(dict.fromkeys(str(id) for id in new.resource_ids))
    round = Round(tenant=tenant, seed=secrets.token_hex(16), **new.model_dump() | {"resource_ids": ids})
    session.add(round)
    await session.flush()
    return round


async def add_wish(session: AsyncSession, round: Round, new: NewWish, caller: Principal) -> Wish:
    """`round` is locked, as for everything that changes a wish."""
    _check_open(round)
    organisation_id = organisation_of(new.organisation_id, caller)
    if organisation_id is None:
        raise Invalid.field("organisation_id", "skal udfyldes", "is required")
    if len(await repository.wishes(session, round, organisation_id)) >= MOST_WISHES:
        raise rules.TooManyWishes(most=MOST_WISHES)
    wish = Wish(
        tenant=round.tenant,
        round_id=round.id,
        organisation_id=organisation_id,
        channel=Channel.ASSISTED if caller.is_staff else Channel.SELF,
        contact_id=await keep(session, round.tenant, new.contact) if new.contact else None,
        **_columns(new),
    )
    await _check(session, round, wish)
    session.add(wish)
    await session.flush()
    return wish


async def change_wish(session: AsyncSession, round: Round, wish: Wish, change: WishChange, caller: Principal) -> None:
    _check_own(round, wish, caller)
    for name, value in _columns(change).items():
        setattr(wish, name, value)
    await _check(session, round, wish)
    wish.version += 1
    await session.flush()


async def withdraw_wish(session: AsyncSession, round: Round, wish: Wish, caller: Principal) -> None:
    _check_own(round, wish, caller)
    await session.delete(wish)
    await session.flush()


def _check_open(round: Round) -> None:
    if round.state is RoundState.DECIDED or today() > round.wishes_until:
        raise rules.WishesAreOver


def _check_own(round: Round, wish: Wish, caller: Principal) -> None:
    if not caller.may_act_for(wish.organisation_id):
        raise Forbidden
    _check_open(round)


def _columns(body: WishChange) -> dict[str, Any]:
    plain = body.model_dump(include=set(WishChange.model_fields) - {"resource_ids", "features"})
    return plain | body.model_dump(include={"resource_ids", "features"}, mode="json")


async def _check(session: AsyncSession, round: Round, wish: Wish) -> None:
    """Whether it names any time of the season, and any place of the round."""
    if not set(wish.resource_ids) <= set(round.resource_ids):
        raise Invalid.field("resource_ids", "er ikke alle med i runden", "are not all of the round")
    if not times(round, wish):
        raise Invalid.field("weekday", "forekommer ikke i sæsonen", "does not occur in the season")
    if not fitting(wish, await _places(session, round)):
        raise Invalid.field("seats", "intet sted har så mange pladser og det udstyr", "no place has those features")


def times(round: Round, wish: Wish) -> list[Occurrence]:
    """Every time that the wish names, within the season."""
    opens, closes = (timedelta(minutes=minutes(clock)) for clock in (wish.opens, wish.closes))
    if wish.weekday is not None:
        return seasons.weekly(wish.weekday, wish.weeks, round.season, opens, closes)
    assert wish.first_day  # noqa: S101 -- One or the other, as the schema and the table say.
    if wish.first_day not in round.season:
        raise Invalid.field("first_day", "ligger uden for sæsonen", "lies outside the season")
    found = occurrences(rule_of(round, wish), seasons.clocked(wish.first_day, opens, closes))
    if found[-1].period.starts_at > seasons.clocked(round.season_until, opens, closes).starts_at:
        raise Invalid.field("rule", "rækker ud over sæsonen", "reaches beyond the season")
    return found


def rule_of(round: Round, wish: Wish) -> str:
    """The wish as an RRULE; one without end ends with the season."""
    if wish.weekday is not None:
        return seasons.written(wish.weekday, wish.weeks, round.season)
    rule = (wish.rule or "").strip().rstrip(";")
    return rule if "UNTIL=" in rule or "COUNT=" in rule else f"{rule};UNTIL={round.season_until:%Y%m%d}"


def fitting(wish: Wish, places: Mapping[str, Resource]) -> list[Resource]:
    """Where it could be, the dearest first; who names none is given the smallest that will do, so that the large ones
    are left for those who need them."""
    smallest = sorted(places.values(), key=lambda each: (each.capacity or 0, each.id))
    named = [places[id] for id in wish.resource_ids if id in places] if wish.resource_ids else smallest
    return [
        each
        for each in named
        if each.state is ResourceState.OPEN
        and (wish.seats is None or (each.capacity or 0) >= wish.seats)
        and set(wish.features) <= set(each.features)
    ]


async def _places(session: AsyncSession, round: Round, lock: resources.Lock | None = None) -> dict[str, Resource]:
    """The round's resources; always in the same order, because they may be locked."""
    return {id: await resources.get(session, round.tenant, UUID(id), lock) for id in sorted(round.resource_ids)}


@dataclass(frozen=True)
class Plan:
    """A round with everything that is asked of it."""

    round: Round
    wishes: Sequence[Wish]
    places: Mapping[str, Resource]

    def wants(self) -> list[Want]:
        return [self.want(wish) for wish in self.wishes]

    def want(self, wish: Wish) -> Want:
        spots = [_spot(resource) for resource in fitting(wish, self.places)]
        periods = [time.period for time in times(self.round, wish)]
        return Want(wish.id, wish.organisation_id, wish.priority, spots, periods)

    def unreal(self) -> set[Period]:
        return {time.period for wish in self.wishes for time in times(self.round, wish) if not time.real}


def _spot(resource: Resource) -> Spot:
    air = timetable(resource)
    return Spot(resource.id, Span(resource.span_from, resource.span_to), air.before, air.buffer)


async def plan(session: AsyncSession, round: Round, lock: resources.Lock | None = None) -> Plan:
    return Plan(round, await repository.wishes(session, round), await _places(session, round, lock))


async def allocate(session: AsyncSession, plan: Plan) -> dict[UUID, list[Outcome]]:
    """What would be given now, by the round's rule; nothing is stored."""
    wants = plan.wants()
    hindered = await hindrances(session, plan.places.values(), wants, plan.unreal(), now())
    # In a thread, because for a hundred wishes of a year it takes seconds, in which others are served.
    return await asyncio.to_thread(rules.allocate, wants, plan.round.seed, hindered)


async def decide(session: AsyncSession, round: Round, public_url: str) -> None:
    """Book what the rule gives, all in this one transaction: after a crash nothing has happened, and it is asked for
    again. Whoever asks twice decides once. `round` is locked.
    """
    if round.state is RoundState.DECIDED:
        return
    if today() <= round.wishes_until:
        raise rules.WishesAreOpen
    decided = await plan(session, round, "share")
    await _lock_trees(session, decided.places.values())
    outcomes = await allocate(session, decided)
    given = {
        id: sum(rules.hours(time.period) for wish in wishes for time in outcomes[wish.id] if time.resource_id)
        for id, wishes in by_association(decided.wishes).items()
    }
    season = round.season_from, round.season_until + A_DAY
    where = {resource.id: places_of(resource, *season) for resource in decided.places.values()}
    # What is not given is waited for; the line begins with whoever was given least.
    for wish in sorted(
        decided.wishes,
        key=lambda each: (
            given[each.organisation_id],
            rules.lot(round.seed, each.organisation_id),
            each.priority,
            each.id,
        ),
    ):
        places = fitting(wish, decided.places)
        await carry_out(session, wish, rule_of(round, wish), places, outcomes[wish.id], where, public_url)
    round.state, round.decided_at = RoundState.DECIDED, now()
    round.version += 1
    await session.flush()


async def _lock_trees(session: AsyncSession, places: Iterable[Resource]) -> None:
    """All of them before anything is written, in order: two rounds that cross would wait for each other."""
    trees = {span.tree: span for span in (Span(each.span_from, each.span_to) for each in places)}
    for tree in sorted(trees):
        await bookings.lock_tree(session, trees[tree])


def by_association(wishes: Iterable[Wish]) -> dict[UUID, list[Wish]]:
    found: dict[UUID, list[Wish]] = {}
    for wish in sorted(wishes, key=lambda each: (each.organisation_id, each.priority, each.id)):
        found.setdefault(wish.organisation_id, []).append(wish)
    return found
