"""Rules for memberships. Pure."""

from shared.errors import Conflict, Invalid, Text
from shared.events.directory import MembershipKind
from shared.events.kinds import OrganisationKind


class AlreadyMember(Conflict):
    slug = "already-member"
    title = Text("Organisationen har allerede et åbent medlemskab af den slags", "Such a membership is open already")


class HasFriendship(Conflict):
    slug = "has-friendship"
    title = Text(
        "Organisationen er virksomhedsven og skal være en virksomhed", "It is a company friend and must be a company"
    )


def suitable(kind: MembershipKind, organisation_kind: OrganisationKind) -> None:
    """Only companies are company friends; anybody may be a member or a supporter."""
    if kind is MembershipKind.COMPANY_FRIEND and organisation_kind is not OrganisationKind.COMPANY:
        raise Invalid.field(
            "kind", "kun en virksomhed kan være virksomhedsven", "only a company can be a company friend"
        )
