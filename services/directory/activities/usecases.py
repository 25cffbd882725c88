"""What organisations and staff do with activities: describe, correct, publish, withdraw."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.directory.activities import repository, search
from services.directory.activities.models import Activity
from services.directory.activities.paging import RankedPageRequest
from services.directory.activities.rules import coming_days, seen
from services.directory.activities.schemas import ActivityChange, NewActivity, Withdrawing
from services.directory.activities.search import Filters
from services.directory.conflicts import store
from services.directory.organisations import repository as organisations
from services.directory.organisations.models import Organisation
from services.directory.partners import repository as partners
from services.directory.premises import repository as premises
from services.directory.reviews.usecases import shown_at_once
from services.directory.rules import Freshness, OrganisationClosed, State, day_of_fact, publishable, withdrawable
from shared import clock
from shared.aggregate import record
from shared.answers import Expected
from shared.auth import Principal, Role
from shared.errors import Forbidden, Invalid, NotFound, Unauthenticated
from shared.events.directory import ActivityPublished, ActivityUpdated, ActivityWithdrawn

Described = TypeVar("Described", ActivityPublished, ActivityUpdated)


async def read(session: AsyncSession, tenant: str, id: UUID, caller: Principal) -> Activity:
    activity = await repository.get(session, tenant, id)
    if activity.state is State.PUBLISHED or caller.may_act_for(activity.organisation_id):
        return activity
    raise NotFound


async def find(
    session: AsyncSession, tenant: str, wanted: Filters, paging: RankedPageRequest, caller: Principal
) -> tuple[Sequence[Activity], str | None]:
    """Everybody finds what is published; an association also its own drafts, staff all of them."""
    if wanted.state is not State.PUBLISHED and not caller.is_staff:
        if caller.role is Role.CITIZEN:
            raise Unauthenticated
        wanted = replace(wanted, organisation_id=wanted.organisation_id or caller.organisation_id)
        if not caller.may_act_for(wanted.organisation_id):
            raise Forbidden
    wanted = replace(wanted, organisation_id=await organisations.current(session, tenant, wanted.organisation_id))
    return await search.page(session, tenant, wanted, paging)


async def draft(session: AsyncSession, tenant: str, new: NewActivity, caller: Principal) -> Activity:
    if not caller.may_act_for(new.organisation_id):
        raise Forbidden
    organisation = await organisations.find(session, tenant, new.organisation_id)
    if organisation is None:
        raise Invalid.field("organisation_id", "findes ikke", "does not exist")
    if organisation.closed_on is not None:
        raise OrganisationClosed
    if new.publish_on is not None:
        await shown_at_once(session, tenant, caller)
    activity = Activity(tenant=tenant, **new.model_dump() | {"organisation_id": organisation.id})
    coming_days(clock.today(), State.DRAFT, activity.publish_on, activity.expires_on)
    activity.premises_id = await _at(session, tenant, activity.premises_id)
    session.add(activity)
    await store(session)
    return activity


async def change(
    session: AsyncSession, tenant: str, id: UUID, wanted: ActivityChange, caller: Principal, expected: Expected
) -> Activity:
    """A published description says it changed; a draft changes silently."""
    organisation, activity = await _held(session, tenant, id, caller, expected)
    before = activity.model_dump()
    given = wanted.model_dump(exclude_unset=True)
    after = before | given
    if after == before:
        return activity
    if seen(activity.state, activity.publish_on) or after["publish_on"] is not None:
        await shown_at_once(session, tenant, caller)
    if given.keys() & {"publish_on", "expires_on"}:
        coming_days(clock.today(), activity.state, after["publish_on"], after["expires_on"])
    if after["premises_id"] != before["premises_id"]:
        after["premises_id"] = await _at(session, tenant, after["premises_id"])
    activity.sqlmodel_update(after)
    activity.version += 1
    if activity.state is State.PUBLISHED:
        await record(session, activity, _described(ActivityUpdated, activity, organisation))
    return activity


async def publish(
    session: AsyncSession, tenant: str, id: UUID, published_on: date | None, caller: Principal, expected: Expected
) -> Activity:
    organisation, activity = await _held(session, tenant, id, caller, expected)
    publishable(activity.state)
    if organisation.closed_on is not None:
        raise OrganisationClosed
    await shown_at_once(session, tenant, caller)
    day = day_of_fact(
        "published_on",
        published_on,
        today=clock.today(),
        may_backdate=caller.is_staff,
        not_before=activity.withdrawn_on,
    )
    await _publish(session, activity, organisation, day)
    return activity


async def withdraw(
    session: AsyncSession, tenant: str, id: UUID, wanted: Withdrawing, caller: Principal, expected: Expected
) -> Activity:
    organisation, activity = await _held(session, tenant, id, caller, expected)
    withdrawable(activity.state)
    day = day_of_fact(
        "withdrawn_on",
        wanted.withdrawn_on,
        today=clock.today(),
        may_backdate=caller.is_staff,
        not_before=activity.published_on,
    )
    await _withdraw(session, activity, organisation, day, wanted.reason)
    return activity


async def withdraw_all(session: AsyncSession, organisation: Organisation, day: date) -> None:
    """Withdraw what is published when the organisation closes; none of it before it was published."""
    for activity in await repository.published_by(session, organisation.tenant, organisation.id):
        await _withdraw(session, activity, organisation, max(day, activity.published_on or day), None)


async def on_its_day(session: AsyncSession, tenant: str, id: UUID) -> None:
    """What its days ask for: publish it when its day has come, withdraw it when its time is over."""
    organisation, activity = await repository.held(session, tenant, id)
    today = clock.today()
    if activity.publish_on is not None and activity.publish_on <= today:
        if organisation.closed_on is None and activity.state is not State.PUBLISHED:
            await _publish(session, activity, organisation, today)
        activity.publish_on = None
    if activity.expires_on is not None and activity.expires_on <= today and activity.state is State.PUBLISHED:
        await _withdraw(session, activity, organisation, max(today, activity.published_on or today), None)


async def _held(
    session: AsyncSession, tenant: str, id: UUID, caller: Principal, expected: Expected
) -> tuple[Organisation, Activity]:
    """The activity, locked, and whose it is, for whoever may change it. Another organisation's draft is not told of."""
    organisation, activity = await repository.held(session, tenant, id)
    if not caller.may_act_for(organisation.id):
        raise Forbidden if activity.state is State.PUBLISHED else NotFound
    await partners.ours(session, tenant, activity.id)
    expected(activity.version)
    return organisation, activity


async def _at(session: AsyncSession, tenant: str, premises_id: UUID | None) -> UUID | None:
    """Where it takes place must be there; a closed place takes nobody in. An old id means what stands for it now."""
    if premises_id is None:
        return None
    place = await premises.find(session, tenant, premises_id)
    if place is None or place.closed_on is not None:
        raise Invalid.field("premises_id", "findes ikke", "does not exist")
    return place.id


def _described(kind: type[Described], activity: Activity, organisation: Organisation) -> Described:
    return kind(
        organisation_id=organisation.id,
        publisher_kind=organisation.kind,
        publisher_sector=organisation.sector,
        locality=activity.locality,
        themes=activity.themes,
        target_groups=activity.target_groups,
        languages=activity.languages,
    )


async def _publish(session: AsyncSession, activity: Activity, organisation: Organisation, day: date) -> None:
    activity.state, activity.published_on = State.PUBLISHED, day
    activity.withdrawn_on = activity.withdrawal_reason = activity.publish_on = None
    # Whoever publishes it knows it to be right, and from then on it ages; nobody has assured it by that.
    activity.freshness, activity.entered_on = Freshness.FRESH, clock.today()
    activity.freshness_since = clock.today()
    activity.version += 1
    await record(session, activity, _described(ActivityPublished, activity, organisation), on=day)


async def _withdraw(
    session: AsyncSession, activity: Activity, organisation: Organisation, day: date, reason: str | None
) -> None:
    activity.state, activity.withdrawn_on, activity.withdrawal_reason = State.WITHDRAWN, day, reason
    activity.expires_on = None
    activity.version += 1
    event = ActivityWithdrawn(
        organisation_id=organisation.id, publisher_kind=organisation.kind, publisher_sector=organisation.sector
    )
    await record(session, activity, event, on=day)
