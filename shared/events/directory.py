"""What the directory publishes: who and what exists."""

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.fields import Day, OrganisationId, Register, ReplacedBy
from shared.events.kinds import NetworkLife, OrganisationKind, Sector
from shared.events.words import Key, Kind, Language, Locality, Slug, Unit


class MembershipKind(Kind):
    """How an organisation belongs to the centre: `member` (medlem), `company_friend` (virksomhedsven: a company that
    supports the centre and its associations) or `supporter` (støtte without a member's rights)."""

    MEMBER = "member"
    COMPANY_FRIEND = "company_friend"
    SUPPORTER = "supporter"


class ContentKind(Kind):
    """What a text of the centre is: `theme_page` (temaside), `guide` (vejledning), `material` (e.g.
    inspirationspakken), `handbook` (håndbog), `page` (any other page), `story` (historie) or `barrier` (an entry of the
    catalogue of barriers and solutions, barriere/løsnings-katalog)."""

    THEME_PAGE = "theme_page"
    GUIDE = "guide"
    MATERIAL = "material"
    HANDBOOK = "handbook"
    PAGE = "page"
    STORY = "story"
    BARRIER = "barrier"


class Partner(Part):
    """One organisation that takes part in an initiative."""

    organisation_id: OrganisationId
    kind: OrganisationKind = Field(examples=["municipal_unit"])
    sector: Sector = Field(examples=["public"])
    unit: Unit | None = Field(None, description="The public body's designation; only for municipal_unit and region.")


class _Organisation(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the organisation"

    kind: OrganisationKind
    sector: Sector


class _LocatedOrganisation(_Organisation):
    locality: Locality | None = Field(None, description="Place name: where the organisation is at home, if anywhere.")
    life: NetworkLife | None = Field(None, description="Of a network: how far it stands on its own.")


class OrganisationRegistered(_LocatedOrganisation):
    """An organisation stands in the centre's directory (vejviser).

    True from the moment the centre, or the organisation itself, entered it.
    Do not conclude that it is a member of the centre, that it is active, or that it was founded then.
    """

    TYPE = "kompas.directory.organisation.registered.v1"


class OrganisationUpdated(_LocatedOrganisation):
    """What the directory says about an organisation has changed; the fields say how it is now, all of them.

    True from the moment the change was entered. A change of fields that no event carries (such as its name) is told
    too.
    Do not conclude that the organisation has confirmed its entry, nor which field changed.
    """

    TYPE = "kompas.directory.organisation.updated.v1"


class OrganisationClosed(_Organisation):
    """An organisation no longer stands in the directory.

    True from the moment the centre closed the entry. Its memberships and activities end by events of their own.
    Do not conclude that the organisation has been dissolved.
    """

    TYPE = "kompas.directory.organisation.closed.v1"


class _Membership(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the membership"

    organisation_id: OrganisationId
    organisation_kind: OrganisationKind
    kind: MembershipKind


class MembershipStarted(_Membership):
    """An organisation belongs to the centre, in the way `kind` says.

    True from `started_on`, which may lie long before it was recorded.
    Do not conclude that the organisation is new to the centre (it may have been here before, or may hold a membership
    of another kind), nor that it has paid.
    """

    TYPE = "kompas.directory.membership.started.v1"

    started_on: Day = Field(description="The first day of the membership (Danish calendar).")


class MembershipEnded(_Membership):
    """An organisation has stopped belonging to the centre in the way `kind` says.

    True from `ended_on`, the first day without the membership.
    Do not conclude why, nor that memberships of other kinds have ended, nor that the organisation is gone.
    """

    TYPE = "kompas.directory.membership.ended.v1"

    ended_on: Day = Field(description="The first day without the membership.")


class _Activity(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the activity"

    organisation_id: OrganisationId
    publisher_kind: OrganisationKind
    publisher_sector: Sector


class _DescribedActivity(_Activity):
    locality: Locality | None = Field(None, description="Place name: where the activity takes place, if in one place.")
    themes: list[Slug] = Field(description="What it is about.", examples=[["fællesspisning"]])
    target_groups: list[Slug] = Field(description="Whom it is meant for; empty means everybody.", examples=[["voksne"]])
    languages: list[Language] = Field(description="Languages spoken there.", examples=[["da"]])


class ActivityPublished(_DescribedActivity):
    """The description of an activity (aktivitetsbeskrivelse) can be read by everybody.

    True from the moment it was published; a description published again after a withdrawal is told again.
    Do not conclude that the activity has taken place, that anybody came, or that there is room.
    """

    TYPE = "kompas.directory.activity.published.v1"


class ActivityUpdated(_DescribedActivity):
    """A published description has changed; the fields say how it is now, all of them.

    True from the moment the change could be read. Drafts change silently.
    Do not conclude that there is one more description: it is the same one.
    """

    TYPE = "kompas.directory.activity.updated.v1"


class ActivityWithdrawn(_Activity):
    """A published description can no longer be read.

    True from the moment it was withdrawn, by its organisation or by the centre. One that was merged into `replaced_by`
    never was one more, so that is true from the day it was published; if it is taken back, it is published again.
    Do not conclude that the activity itself has stopped.
    """

    TYPE = "kompas.directory.activity.withdrawn.v1"

    replaced_by: ReplacedBy = None


class _Content(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the text"

    kind: ContentKind
    slug: Key = Field(description="The text's name in the address of its page.")


class ContentPublished(_Content):
    """A text of the centre can be read by everybody.

    True from the moment it was published.
    Do not conclude that it is new (a text may be published again) or that anybody has read it.
    """

    TYPE = "kompas.directory.content.published.v1"


class ContentWithdrawn(_Content):
    """A text of the centre can no longer be read.

    True from the moment it was withdrawn.
    Do not conclude that what it said was wrong.
    """

    TYPE = "kompas.directory.content.withdrawn.v1"


class InitiativeStarted(Event):
    """Several organisations have begun something together (initiativ).

    True from `started_on`. `partners` says who takes part; `units` and `sectors` repeat what they are, each value once.
    Do not conclude that the initiative has had an effect, or that a unit named here takes part in anything else.
    """

    TYPE = "kompas.directory.initiative.started.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the initiative"

    partners: list[Partner] = Field(description="All who take part.")
    units: list[Unit] = Field(description="The public units among the partners, each once.")
    sectors: list[Sector] = Field(description="The sectors of the partners, each once.", examples=[["public"]])
    area: Slug | None = Field(None, description="The field of cooperation.", examples=["sundhed-og-bevægelse"])
    started_on: Day = Field(description="The first day of the initiative (Danish calendar).")


class InitiativeEnded(Event):
    """Something that organisations did together has ended.

    True from `ended_on`, the first day without it.
    Do not conclude that it failed, nor that its partners have stopped working together.
    """

    TYPE = "kompas.directory.initiative.ended.v1"
    TOPIC = "directory.events"
    SUBJECT = "id of the initiative"

    ended_on: Day = Field(description="The first day without the initiative.")


class _Stakeholder(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the stakeholder"

    in_register: Register = Field(alias="register")


class StakeholderDesignated(_Stakeholder):
    """Somebody has been entered (udpeget) in a register of those whom a material is meant to reach.

    True from the moment the centre designated the stakeholder (interessent): an office or a body, known by an id only.
    Do not conclude that the material has reached it; see `material.exposed`.
    """

    TYPE = "kompas.directory.stakeholder.designated.v1"

    sector: Sector


class StakeholderRemoved(_Stakeholder):
    """Somebody no longer stands in a register of those whom a material is meant to reach.

    True from the moment the centre removed the stakeholder; the register is smaller by one.
    Do not conclude anything about what reached the stakeholder before.
    """

    TYPE = "kompas.directory.stakeholder.removed.v1"
