"""What citizens do with the directory: find, and open; and what staff and associations learn of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.organisations import repository as organisations
from services.directory.pageviews.bots import is_bot
from services.directory.search import finding, repository, suggesting
from services.directory.search.counting import Counting
from services.directory.search.danish import words_of
from services.directory.search.defaults import DEFAULTS
from services.directory.search.finding import Found, Question, Turned
from services.directory.search.following import Index
from services.directory.search.models import Synonym
from services.directory.search.rules import LEAST_VISITORS, first_of_month, kept_words
from services.directory.search.schemas import (
    DayShown,
    EntryShown,
    GapAnswer,
    GapsAnswer,
    ShownAnswer,
    SynonymAnswer,
    SynonymsAnswer,
)
from shared import clock
from shared.auth import Principal, Role
from shared.database import Database
from shared.errors import Forbidden, Invalid, NotFound
from shared.events.web import SearchFilter, SearchPerformed
from shared.messaging.outbox import row

Suggested = tuple[list[str], list[str]]
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Visit:
    """What a request says of the visitor. It lives as long as the request and is written nowhere."""

    address: str
    user_agent: str
    opted_out: bool
    site: str


def find(index: Index, tenant: str, question: Question, limit: int, after: Turned | None) -> Found:
    catalogue = index.of(tenant)

    def look() -> Found:
        return finding.find(catalogue, question, limit=limit, now=_danish_now(), after=after)

    # Who asks for what is open now is answered otherwise a minute later.
    return look() if question.open_now else catalogue.answered((question, limit, after, clock.today()), look)


def suggest(index: Index, tenant: str, typed: str) -> Suggested:
    catalogue, day = index.of(tenant), clock.today()
    return catalogue.answered((typed, day), lambda: suggesting.suggest(catalogue, typed, day))


async def owner_now(database: Database, tenant: str, organisation_id: UUID) -> UUID | None:
    """Whose entries an organisation's are, should it have been merged into another."""
    async with database.transaction(tenant) as session:
        return await organisations.current(session, tenant, organisation_id)


def near(index: Index, tenant: str, place: str) -> tuple[float, float]:
    """A postcode or place the centre knows, or a point: `55.40,10.39`."""
    if found := index.of(tenant).points.get(place.strip().lower()):
        return found
    try:
        latitude, longitude = map(float, place.split(","))
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
    except ValueError:
        pass
    raise Invalid.field(
        "near",
        "er hverken et postnummer eller sted, som centret kender, eller et punkt (55.40,10.39)",
        "is neither a postcode or place that the centre knows nor a point (55.40,10.39)",
    )


def note(counting: Counting, caller: Principal, question: Question, found: Found, visit: Visit, *, first: bool) -> None:
    """Count what a citizen was shown and whether it was looked for in vain; never what staff or a crawler asked."""
    if caller.role is not Role.CITIZEN or is_bot(visit.user_agent):
        return
    filters = filters_of(question)
    if not first or not (question.words or filters):
        counting.shown(caller.tenant, found.entries, None)
        return
    fitted = 0 if found.partly else found.count
    fact = SearchPerformed(site=visit.site, result_count=fitted, words=bool(question.words), filters=filters)
    counting.shown(caller.tenant, found.entries, row(fact, tenant=caller.tenant, subject=visit.site))
    if not fitted and (kept := kept_words(question.q, question.words)) is not None:
        visitor = None if visit.opted_out else (visit.address, visit.user_agent)
        counting.gap(caller.tenant, kept, ",".join(filters), visitor)


def note_opened(counting: Counting, caller: Principal, organisation_id: UUID, activity_id: UUID, visit: Visit) -> None:
    if caller.role is Role.CITIZEN and not is_bot(visit.user_agent):
        counting.opened(caller.tenant, organisation_id, activity_id)


def filters_of(question: Question) -> list[SearchFilter]:
    names = {each.name for each in question.filters}
    if question.near:
        names.add("near")
    if question.open_now:
        names.add("open_now")
    return sorted(SearchFilter(name) for name in names)


async def read_synonyms(session: AsyncSession, tenant: str) -> SynonymsAnswer:
    own = await repository.synonyms(session, tenant)
    both: dict[str, Collection[str]] = {**DEFAULTS, **own}
    return SynonymsAnswer(
        items=[SynonymAnswer(word=word, finds=list(both[word]), default=word not in own) for word in sorted(both)]
    )


async def set_synonym(session: AsyncSession, tenant: str, word: str, finds: Sequence[str]) -> SynonymAnswer:
    key = _key(word)
    own = await session.get(Synonym, (tenant, key))
    if own is None:
        own = Synonym(tenant=tenant, word=key, finds=[])
        session.add(own)
    own.finds = list(dict.fromkeys(finds))
    await session.flush()
    return SynonymAnswer(word=key, finds=own.finds, default=False)


async def remove_synonym(session: AsyncSession, tenant: str, word: str) -> None:
    """The centre's own is taken away; a default that it stood for holds again."""
    own = await session.get(Synonym, (tenant, _key(word)))
    if own is None:
        raise NotFound
    await session.delete(own)
    await session.flush()


def _key(word: str) -> str:
    words = words_of(word)
    if not words or len(words) > 4:
        raise Invalid.field("word", "skal være et til fire ord", "must be one to four words")
    return " ".join(words)


async def gaps(session: AsyncSession, tenant: str, since: date | None) -> GapsAnswer:
    since = since or clock.today() - A_YEAR
    rows = await repository.gaps(session, tenant, since, first_of_month(clock.today()), LEAST_VISITORS)
    found: dict[str, GapAnswer] = {}
    for each in rows:
        known = found.get(each["words"])
        filters = dict(known.filters) if known else {}
        for name in filter(None, each["filters"].split(",")):
            filters[name] = filters.get(name, 0) + each["searches"]
        found[each["words"]] = GapAnswer(
            words=each["words"],
            searches=each["searches"] + (known.searches if known else 0),
            filters=filters,
            last_on=max(each["last_on"], known.last_on) if known else each["last_on"],
        )
    items = sorted(found.values(), key=lambda gap: (-gap.searches, gap.words))
    return GapsAnswer(since=since, least_visitors=LEAST_VISITORS, items=items)


async def shown(
    session: AsyncSession, tenant: str, organisation_id: UUID, since: date | None, caller: Principal
) -> ShownAnswer:
    """An association's account of its own entries; staff see every one's."""
    if not caller.may_act_for(organisation_id):
        raise Forbidden
    if await organisations.find(session, tenant, organisation_id) is None:
        raise NotFound
    since = since or clock.today() - A_YEAR
    rows = await repository.shown(session, tenant, organisation_id, since)
    days: dict[date, tuple[int, int]] = {}
    entries: dict[UUID, tuple[int, int]] = {}
    for each in rows:
        seen, opened = days.get(each["day"], (0, 0))
        days[each["day"]] = (seen + each["shown"], opened + each["opened"])
        seen, opened = entries.get(each["activity_id"], (0, 0))
        entries[each["activity_id"]] = (seen + each["shown"], opened + each["opened"])
    return ShownAnswer(
        since=since,
        shown=sum(each["shown"] for each in rows),
        opened=sum(each["opened"] for each in rows),
        days=[DayShown(day=day, shown=seen, opened=opened) for day, (seen, opened) in days.items()],
        entries=[EntryShown(activity_id=id, shown=seen, opened=opened) for id, (seen, opened) in entries.items()],
    )


def _danish_now() -> datetime:
    return clock.now().astimezone(clock.DANISH).replace(tzinfo=None)
