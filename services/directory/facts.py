"""What is stated of entries that are written many at a time: the same facts as of those that are entered one by one."""

from typing import TypeVar

from services.directory.activities.models import Activity
from services.directory.organisations.models import Organisation
from services.directory.premises.models import Premises
from shared.events.directory import ActivityPublished, ActivityUpdated, OrganisationRegistered, OrganisationUpdated
from shared.events.registers import PremisesRegistered

OfOrganisation = TypeVar("OfOrganisation", OrganisationRegistered, OrganisationUpdated)
OfActivity = TypeVar("OfActivity", ActivityPublished, ActivityUpdated)


def of_organisation(kind: type[OfOrganisation], organisation: Organisation) -> OfOrganisation:
    return kind(
        kind=organisation.kind, sector=organisation.sector, locality=organisation.locality, life=organisation.life
    )


def of_activity(kind: type[OfActivity], activity: Activity, owner: Organisation) -> OfActivity:
    return kind(
        organisation_id=owner.id,
        publisher_kind=owner.kind,
        publisher_sector=owner.sector,
        locality=activity.locality,
        themes=activity.themes,
        target_groups=activity.target_groups,
        languages=activity.languages,
    )


def of_premises(premises: Premises, owner: Organisation | None) -> PremisesRegistered:
    """The centre's own have no owner."""
    return PremisesRegistered(
        organisation_id=owner.id if owner else None,
        publisher_kind=owner.kind if owner else None,
        publisher_sector=owner.sector if owner else None,
        locality=premises.locality,
        registered_on=premises.registered_on,
    )
