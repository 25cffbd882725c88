"""What is read of freshness: a letter by its link, the share that everybody may know, and staff's list of calls."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities.models import Activity
from services.directory.contacts.models import ContactRole
from services.directory.freshness import entries, repository, rules
from services.directory.freshness.entries import AnyEntry
from services.directory.freshness.models import Asking, Question
from services.directory.freshness.rules import Answer, EntryKind, Why
from services.directory.freshness.schemas import AskedEntry, Call, CallList, KindShare, LetterAnswer, PolicyAnswer
from services.directory.freshness.schemas import ShareAnswer as Share
from services.directory.rules import Freshness
from shared import clock

# A telephone list that is longer is no list to call by; the next calls come up as these are made.
MOST_CALLS = 1000


async def letter(session: AsyncSession, asking: Asking) -> LetterAnswer:
    role = await repository.role(session, asking)
    questions = await repository.questions(session, asking)
    return LetterAnswer(
        language=role.language,
        asked_on=asking.asked_on,
        entries=[
            _shown(each, await entries.get(session, asking.tenant, each.kind, each.entry_id)) for each in questions
        ],
    )


def _shown(question: Question, entry: AnyEntry) -> AskedEntry:
    answered = question.answer == Answer.CLOSED and question.answered_on is not None
    return AskedEntry(
        id=entry.id,
        kind=question.kind,
        title=entries.title_of(entry),
        description=entry.description,
        place=", ".join(filter(None, (entry.address, entry.postcode, entry.locality))) or None,
        website=getattr(entry, "website", None),
        schedules=entry.schedules if isinstance(entry, Activity) else [],
        assured_on=entry.assured_on,
        freshness=entry.freshness,
        answer=question.answer,
        answered_on=question.answered_on,
        changed_on=question.changed_on,
        may_undo=answered and question.answered_on + rules.UNDO_WITHIN >= clock.today(),  # type: ignore[operator]
    )


async def share(session: AsyncSession, tenant: str) -> Share:
    counted: dict[EntryKind, Counter[Freshness]] = {kind: Counter() for kind in EntryKind}
    for kind, freshness, number in await repository.shares(session, tenant):
        counted[kind][freshness] += number
    total = sum(each.total() for each in counted.values())
    fresh = sum(each[Freshness.FRESH] for each in counted.values())
    return Share(
        as_of=clock.today(),
        total=total,
        fresh=fresh,
        share=_part(fresh, total),
        kinds=[
            KindShare(
                kind=kind,
                total=each.total(),
                fresh=each[Freshness.FRESH],
                sunk=each[Freshness.SUNK],
                hidden=each[Freshness.HIDDEN],
                share=_part(each[Freshness.FRESH], each.total()),
            )
            for kind, each in counted.items()
        ],
        policy=PolicyAnswer.model_validate(await repository.policy(session, tenant)),
    )


def _part(fresh: int, total: int) -> float | None:
    return round(fresh / total, 4) if total else None


async def calls(session: AsyncSession, tenant: str) -> CallList:
    speakers: dict[UUID, list[ContactRole]] = defaultdict(list)
    for each in await repository.speakers(session, tenant):
        speakers[each.organisation_id].append(each)
    listed = []
    for row in await repository.to_call(session, tenant, MOST_CALLS):
        contact = rules.owner(speakers.get(row["organisation_id"], []))
        why = _why(row, reachable=contact is not None)
        if why is None:
            continue
        listed.append(
            Call(
                kind=row["kind"],
                id=row["id"],
                title=row["title"],
                organisation_id=row["organisation_id"],
                organisation=row["organisation"],
                why=why,
                freshness=row["freshness"],
                since=row["freshness_since"],
                assured_on=row["assured_on"],
                note=row["note"],
                contact=contact and contact.name,
                email=contact and contact.email,
                phone=(contact and contact.phone) or row["public_phone"],
            )
        )
    return CallList(items=listed)


def _why(row: Any, *, reachable: bool) -> Why | None:
    """What was said counts before what was not."""
    if row["answer"] == Answer.CLOSED:
        return Why.CLOSED
    if row["changed_on"] is not None and row["answer"] is None:
        return Why.CHANGED
    if row["freshness"] == Freshness.ASK:
        return None if reachable else Why.NO_ADDRESS  # Whoever can be asked waits for the letter.
    return Why.SILENT if row["asked"] else Why.NO_ADDRESS
