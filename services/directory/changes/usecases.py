"""Changes before the public sees them: written, previewed, sent in, approved or sent back, given up."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities import usecases as activities
from services.directory.activities.models import Activity
from services.directory.activities.rules import missing
from services.directory.activities.schemas import ActivityAnswer
from services.directory.changes import repository
from services.directory.changes.entries import WAYS, fields_of, kind_of, owner_of, preview, shown
from services.directory.changes.models import Change, Kind
from services.directory.changes.rules import (
    ChangeOpen,
    FieldChange,
    NothingChanged,
    State,
    differences,
    differing,
    reviewable,
    undecided,
)
from services.directory.changes.schemas import ChangeAnswer, ChangedField, ChangeShown
from services.directory.conflicts import store
from services.directory.editors.usecases import editor_of
from services.directory.models import Entry
from services.directory.organisations.rules import own_words
from services.directory.reviews import repository as reviews
from shared.answers import Expected
from shared.auth import Principal
from shared.clock import now, today
from shared.errors import Forbidden, NotFound
from shared.paging import PageRequest
from shared.validation import Body


async def write(session: AsyncSession, tenant: str, entry_id: UUID, wanted: Body, caller: Principal) -> Change:
    """Begin a change of an entry, or go on with the one that is open. What was sent in is taken back by it."""
    kind = kind_of(wanted)
    entry = await _own(session, tenant, kind, entry_id, caller)
    given = wanted.model_dump(mode="json", exclude_unset=True)
    if kind is Kind.ORGANISATION and not caller.is_staff:
        own_words(given)
    change = await repository.open_of(session, tenant, entry.id)
    if change is None:
        change = Change(tenant=tenant, kind=kind, entry_id=entry.id, organisation_id=owner_of(kind, entry), fields={})
        session.add(change)
    else:
        change.version += 1
    change.fields = differing(fields_of(kind, entry), {**change.fields, **given})
    change.state, change.submitted_at, change.untold_since = State.DRAFT, None, None
    await store(session, changes_open=ChangeOpen)
    return change


async def read(session: AsyncSession, change: Change) -> ChangeShown:
    """What it changes and how the entry would look; once decided, what it did change."""
    entry = await WAYS[change.kind].get(session, change.tenant, change.entry_id)
    said = _answer(change, _changed(change, entry)).model_dump()
    fields = change.fields if change.decided is None else {}
    looks = preview(change.kind, entry, fields)
    unsaid = missing(looks.model_dump()) if isinstance(looks, ActivityAnswer) else []
    return ChangeShown.model_validate({**said, "preview": looks, "missing": unsaid})


async def find(
    session: AsyncSession,
    tenant: str,
    caller: Principal,
    state: State | None,
    kind: Kind | None,
    organisation_id: UUID | None,
    paging: PageRequest,
) -> tuple[Sequence[ChangeAnswer], str | None]:
    """Staff see all that waits; an association its own."""
    if not caller.is_staff:
        organisation_id = organisation_id or caller.organisation_id
        if not caller.may_act_for(organisation_id):
            raise Forbidden
    found, following = await repository.page(session, tenant, organisation_id, state, kind, paging)
    answers = []
    for change in found:
        entry = await WAYS[change.kind].get(session, tenant, change.entry_id)
        answers.append(_answer(change, _changed(change, entry)))
    return answers, following


async def held(
    session: AsyncSession, tenant: str, id: UUID, caller: Principal, expected: Expected | None = None
) -> Change:
    """The change, for staff and for whose it is; locked where somebody says which version they saw."""
    change = await repository.get(session, tenant, id, lock=expected is not None)
    if not caller.may_act_for(change.organisation_id):
        raise NotFound
    if expected:
        expected(change.version)
    return change


async def submit(session: AsyncSession, change: Change, caller: Principal) -> Change:
    """Send it to staff; where nobody wants to see it first, it is shown at once."""
    undecided(change.state)
    entry = await WAYS[change.kind].get(session, change.tenant, change.entry_id)
    if not _changed(change, entry):
        raise NothingChanged
    if caller.is_staff:
        return _to_be_told(await _show(session, change, entry, caller))
    change.sent_by, change.untold_since = editor_of(caller), None
    if not await reviews.wanted(session, change.tenant):
        return await _show(session, change, entry, caller)
    change.state, change.submitted_at, change.reason = State.SUBMITTED, now(), None
    change.version += 1
    return change


async def approve(session: AsyncSession, change: Change, caller: Principal) -> Change:
    reviewable(change.state)
    entry = await WAYS[change.kind].get(session, change.tenant, change.entry_id)
    return _to_be_told(await _show(session, change, entry, caller))


async def send_back(session: AsyncSession, change: Change, reason: str) -> Change:
    """Its author reads why, and may go on with it."""
    reviewable(change.state)
    change.state, change.reason = State.RETURNED, reason
    change.version += 1
    return _to_be_told(change)


async def drop(session: AsyncSession, change: Change) -> Change:
    undecided(change.state)
    entry = await WAYS[change.kind].get(session, change.tenant, change.entry_id)
    _decide(change, State.DROPPED, _changed(change, entry))
    change.untold_since = None
    return change


async def _show(session: AsyncSession, change: Change, entry: Entry, caller: Principal) -> Change:
    """Make it the entry. A description that nobody sees yet is published by it, unless it names a day to come."""
    changed = _changed(change, entry)
    way = WAYS[change.kind]
    fields = change.fields
    if (day := fields.get("publish_on")) and date.fromisoformat(day) <= today():
        fields = {**fields, "publish_on": None}  # It waited for staff beyond the day.
    entry = await way.change(
        session, change.tenant, change.entry_id, way.body.model_validate(fields), caller, _any_version
    )
    if isinstance(entry, Activity) and not shown(entry) and entry.publish_on is None:
        await activities.publish(session, change.tenant, entry.id, None, caller, _any_version)
    _decide(change, State.APPROVED, changed)
    return change


def _any_version(version: int) -> None:
    """A change says what becomes of some fields; that others have changed meanwhile is no reason against it."""


def _decide(change: Change, state: State, changed: Sequence[FieldChange]) -> None:
    change.state, change.decided_at = state, now()
    change.decided = [{"field": each.field, "before": each.before, "after": each.after} for each in changed]
    change.version += 1


def _to_be_told(change: Change) -> Change:
    """Staff have decided about what somebody sent in by a link: `decisions` writes to them."""
    if change.sent_by:
        change.untold_since = now()
    return change


async def _own(session: AsyncSession, tenant: str, kind: Kind, id: UUID, caller: Principal) -> Entry:
    entry = await WAYS[kind].get(session, tenant, id)
    if not caller.may_act_for(owner_of(kind, entry)):
        raise Forbidden if shown(entry) else NotFound
    return entry


def _changed(change: Change, entry: Entry) -> list[FieldChange]:
    if change.decided is not None:
        return [FieldChange(**each) for each in change.decided]
    return differences(fields_of(change.kind, entry), change.fields, first=not shown(entry))


def _answer(change: Change, changed: Sequence[FieldChange]) -> ChangeAnswer:
    said: dict[str, Any] = change.model_dump(exclude={"fields", "decided"})
    return ChangeAnswer.model_validate({**said, "changed": [ChangedField.model_validate(each) for each in changed]})
