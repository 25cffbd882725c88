"""The one engine of offers: what becomes free goes down its line, stands for a time, is taken once, and moves on.

A kind of line says what is free and how it is kept; everything else is the same for talks, rooms and seats. Whoever
calls has locked the line, so that it has one order. That nothing is given twice does not rest on that lock but on the
constraints of what is given.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.booking.models import Thing
from services.booking.offers import repository, rules
from services.booking.offers.models import Offer
from services.booking.offers.rules import LineKind, NothingOffered, OfferExpired, OfferState

Place = TypeVar("Place", bound=Thing)
Free = TypeVar("Free")


class Line(ABC, Generic[Place, Free]):
    """Those who wait for the same times, or for seats at one gathering."""

    kind: ClassVar[LineKind]

    @abstractmethod
    async def offered(self) -> Sequence[Place]:
        """Who has been made an offer and has not answered, locked."""

    @abstractmethod
    async def lapse(self, places: Sequence[Place], ended: Sequence[Offer]) -> None:
        """They let their offer pass, and lose their place."""

    @abstractmethod
    async def waiting(self) -> Sequence[Place]:
        """Who waits, in the order of the line, locked."""

    @abstractmethod
    async def free(self, waiting: Sequence[Place]) -> Sequence[Free]:
        """What somebody of them could have, in the order in which it is to be given."""

    @abstractmethod
    def fits(self, place: Place, thing: Free) -> bool: ...

    @abstractmethod
    def excludes(self, given: Free, other: Free) -> bool:
        """Whether nobody can have the other when somebody has the one."""

    @abstractmethod
    def answer_by(self, thing: Free) -> datetime | None:
        """Until when an offer of it stands that is made now; None when it is too late to offer it."""

    @abstractmethod
    async def keep(self, place: Place, thing: Free, until: datetime) -> dict[str, Any] | None:
        """Keep it for them, so that nobody else can have it, and return what the offer says of it.

        None where that cannot be done after all: they keep their place.
        """

    @abstractmethod
    async def tell(self, made: Sequence[tuple[Place, Free, Offer]]) -> None: ...


async def pass_on(session: AsyncSession, tenant: str, line: Line[Place, Free], at: datetime) -> list[Place]:
    """Offer what is free to those who wait for it, in the order of the line; returns those with an offer."""
    waiting = await line.waiting()
    if not waiting:
        return []
    made = []
    for place, thing in rules.hand_out(waiting, await line.free(waiting), line.fits, line.excludes):
        until = line.answer_by(thing)
        if until is None or (kept := await line.keep(place, thing, until)) is None:
            continue
        offer = Offer(tenant=tenant, line=line.kind, place_id=place.id, made_at=at, answer_by=until, **kept)
        session.add(offer)
        place.version += 1
        made.append((place, thing, offer))
    await session.flush()
    await line.tell(made)
    return [place for place, _, _ in made]


async def expire(session: AsyncSession, tenant: str, line: Line[Place, Free], at: datetime) -> None:
    """End the offers that nobody answered in time."""
    offered = await line.offered()
    standing = await repository.standing(session, tenant, [place.id for place in offered])
    over = [place for place in offered if place.id in standing and not rules.stands(standing[place.id].answer_by, at)]
    if over:
        await line.lapse(over, await end(session, tenant, [place.id for place in over], OfferState.LAPSED, at))


async def take(session: AsyncSession, tenant: str, place_id: UUID, at: datetime) -> Offer:
    """The offer is theirs, if it stands. The place is locked: of two clicks one gets here first."""
    offer = (await repository.standing(session, tenant, [place_id], lock=True)).get(place_id)
    if offer is None:
        raise NothingOffered
    if not rules.stands(offer.answer_by, at):
        raise OfferExpired
    offer.state, offer.ended_at = OfferState.TAKEN, at
    await session.flush()
    return offer


async def end(
    session: AsyncSession, tenant: str, places: Iterable[UUID], how: OfferState, at: datetime
) -> Sequence[Offer]:
    """Whatever is offered to those places is no longer; returns what was."""
    ended = [*(await repository.standing(session, tenant, places, lock=True)).values()]
    for offer in ended:
        offer.state, offer.ended_at = how, at
    await session.flush()
    return ended
