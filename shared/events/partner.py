"""What a partner municipality may send us: its own directory's entries, so that they can be shown here as its own.

We publish none of these; they come in on `partner.events`, `source` naming the partner and `tenant` the centre that is
to show the entry. Unlike our own facts they are whole entries, with the words that the partner shows to everybody
already: nothing here can be asked for elsewhere. They speak of organisations and what these do, never of a person, and
that is the partner's to see to (docs/decisions/0020).
"""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.fields import Day
from shared.events.kinds import Form, OrganisationKind, Sector
from shared.events.words import Kind, Language, Locality, Slug

TOPIC = "partner.events"

OneLine = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=200)]
Prose = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=5_000)]
Clock = Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", examples=["17:00"])]
Address = Annotated[OneLine, Field(description="Street and number.", examples=["Torvet 4"])]
Postcode = Annotated[str, Field(pattern=r"^[0-9]{4}$", description="A Danish postcode.", examples=["4640"])]
Website = Annotated[
    str,
    Field(
        pattern=r"^https?://[^\x00-\x20\x7f]+$",
        max_length=500,
        description="Where more is told.",
        examples=["https://example.dk/"],
    ),
]
Latitude = Annotated[
    float, Field(ge=-90, le=90, allow_inf_nan=False, description="Degrees north (WGS 84).", examples=[55.25])
]
Longitude = Annotated[
    float, Field(ge=-180, le=180, allow_inf_nan=False, description="Degrees east (WGS 84).", examples=[12.12])
]
Access = Annotated[
    str,
    Field(
        pattern=r"^[a-z]+(?:_[a-z]+)*$",
        max_length=60,
        description="One of `step_free`, `accessible_toilet`, `hearing_loop`, `guide_dog`, `parking`, `sign_language`, "
        "`quiet_room`; others are shown as they are.",
        examples=["step_free"],
    ),
]
TheirId = Annotated[
    str,
    Field(pattern=r"^[!-~]+$", max_length=200, description="The partner's own id of it.", examples=["forening-17"]),
]


class Every(Kind):
    """How often: `week` (hver uge), `two_weeks` (hver anden uge), `month_first` and `month_last` (den første, den
    sidste af den ugedag i måneden)."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH_FIRST = "month_first"
    MONTH_LAST = "month_last"


class Hours(Part):
    """When an activity is: on one day (`day`), or again and again (`weekday` and `every`)."""

    day: Day | None = None
    weekday: int | None = Field(None, ge=1, le=7, description="1 is Monday, 7 is Sunday.", examples=[2])
    every: Every = Field(Every.WEEK, description="How often.", examples=["week"])
    starts: Clock = Field(description="From when, on a Danish clock.")
    ends: Clock = Field(description="Until when, on a Danish clock.", examples=["19:00"])
    first_day: Day | None = None
    last_day: Day | None = None


class PartnerOrganisationPublished(Event):
    """A partner's organisation is to be shown here, as these fields say, all of them: what is left out is not known.

    True from the moment the partner showed it so itself. Sent again, with a greater `sequence`, when it changes.
    Do not conclude that the organisation is known to the centre, or that it belongs to it.
    """

    TYPE = "kompas.partner.organisation.published.v1"
    TOPIC = TOPIC
    SUBJECT = "the partner's own id of the organisation"
    EXAMPLE: ClassVar[dict[str, str]] = {"source": "/faxe/directory", "subject": "forening-17"}

    name: OneLine = Field(description="What it is called.", examples=["Faxe Spisefællesskab"])
    kind: OrganisationKind
    sector: Sector
    description: Prose = Field("", description="What it is, in its own words.", examples=["Vi spiser sammen."])
    locality: Locality | None = None
    cvr: str | None = Field(None, pattern=r"^[0-9]{8}$", description="Its CVR number.", examples=["13585628"])
    website: Website | None = None
    public_email: str | None = Field(
        None,
        pattern=r"^[^@\s\x00]+@[^@\s\x00]+$",
        max_length=254,
        description="An address of the organisation that anybody may write to.",
        examples=["post@example.dk"],
    )
    public_phone: str | None = Field(
        None,
        pattern=r"^\+[1-9][0-9]{3,14}$",
        description="A number of the organisation that anybody may call; E.164.",
        examples=["+4520123456"],
    )
    address: Address | None = None
    postcode: Postcode | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class PartnerOrganisationClosed(Event):
    """A partner's organisation is no longer to be shown here, nor what it does.

    True from `closed_on`, the first day on which the partner did not show it.
    Do not conclude that the organisation has been dissolved.
    """

    TYPE = "kompas.partner.organisation.closed.v1"
    TOPIC = TOPIC
    SUBJECT = "the partner's own id of the organisation"
    EXAMPLE: ClassVar[dict[str, str]] = {"source": "/faxe/directory", "subject": "forening-17"}

    closed_on: Day = Field(description="The first day without it (Danish calendar).")


class PartnerActivityPublished(Event):
    """A partner's activity is to be shown here, as these fields say, all of them: what is left out is not known.

    True from the moment the partner showed it so itself. Sent again, with a greater `sequence`, when it changes. Its
    organisation need not have been sent before; what is said of it here holds until it is.
    Do not conclude that the activity has taken place, or that it counts for anybody's goals but the partner's.
    """

    TYPE = "kompas.partner.activity.published.v1"
    TOPIC = TOPIC
    SUBJECT = "the partner's own id of the activity"
    EXAMPLE: ClassVar[dict[str, str]] = {"source": "/faxe/directory", "subject": "aktivitet-4"}

    organisation_id: TheirId
    organisation_name: OneLine = Field(description="Whose it is.", examples=["Faxe Spisefællesskab"])
    organisation_kind: OrganisationKind
    organisation_sector: Sector
    title: OneLine = Field(description="What it is called.", examples=["Fællesspisning"])
    description: Prose = Field("", description="What it is.", examples=["Vi laver mad sammen."])
    themes: list[Slug] = Field(default_factory=list, max_length=20, description="What it is about.")
    target_groups: list[Slug] = Field(
        default_factory=list, max_length=20, description="Whom it is for; empty means everybody.", examples=[["voksne"]]
    )
    languages: list[Language] = Field(
        default_factory=list, max_length=20, description="Languages spoken there.", examples=[["da"]]
    )
    form: Form = Field(Form.PHYSICAL, description="How people meet.", examples=["physical"])
    schedules: list[Hours] = Field(default_factory=list, max_length=50, description="When it is.")
    price: int | None = Field(None, ge=0, le=1_000_000, description="In Danish kroner; 0 is free.", examples=[25])
    accessibility: list[Access] = Field(default_factory=list, max_length=20, description="What one can count on.")
    how_to_join: Prose = Field("", description="What to do to take part.", examples=["Bare kom."])
    website: Website | None = None
    locality: Locality | None = None
    address: Address | None = None
    postcode: Postcode | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class PartnerActivityWithdrawn(Event):
    """A partner's activity is no longer to be shown here.

    True from `withdrawn_on`, the first day on which the partner did not show it.
    Do not conclude that the activity itself has stopped.
    """

    TYPE = "kompas.partner.activity.withdrawn.v1"
    TOPIC = TOPIC
    SUBJECT = "the partner's own id of the activity"
    EXAMPLE: ClassVar[dict[str, str]] = {"source": "/faxe/directory", "subject": "aktivitet-4"}

    withdrawn_on: Day = Field(description="The first day without it (Danish calendar).")
