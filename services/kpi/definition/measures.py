"""The ways of counting, as data: whole and consistent. What each means in events is for `counting/compile.py`."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from services.kpi.definition.days import WindowKind
from services.kpi.definition.part import Part, Text
from shared.errors import Wrong
from shared.events.words import Key


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


EventName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]
EventNames = Annotated[tuple[EventName, ...], BeforeValidator(_listed), Field(min_length=1)]
Field_ = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)?$")]
"""A field of the event's data; `answers.help_leadership` reaches one level down."""
Fields = Annotated[tuple[Field_, ...], BeforeValidator(_listed), Field(min_length=1)]
Scalar = Annotated[bool | int | str, Field(union_mode="smart")]


class ListCondition(Part):
    """What a field that holds a list must hold: so many items, of this kind, or with so many different values."""

    at_least: Annotated[int, Field(ge=1)]
    with_: Annotated[dict[str, Scalar | list[Scalar]], Field(alias="with", default_factory=dict)]
    distinct: Field_ | None = None


Condition = Scalar | ListCondition | list[ListCondition] | list[Scalar]
Where = dict[Field_, Condition]
"""Field → the value it has, the list of values of which it has one, or what its list must hold (all of several)."""


class Facts(Part):
    """Which facts: of these types, with these data."""

    of: EventNames
    where: Where = Field(default_factory=dict)


class Count(Facts):
    """How many things it happened to in the period, less those it was undone for, whenever it was undone."""

    kind: Literal["count"]
    minus: EventNames | None = None
    by: Field_ | None = None


class Distinct(Facts):
    """How many different ones of a field; with `first`, only those whose first time ever lies in the period."""

    kind: Literal["distinct"]
    distinct_by: Fields
    first: bool = False
    by: Field_ | None = None


class Unique(Facts):
    """How many different combinations of fields: visitors, or page and visitor. Only a hash of them is kept."""

    kind: Literal["unique"]
    unique: Annotated[tuple[Field_, ...], Field(min_length=1)]
    by: Field_ | None = None


class Stock(Facts):
    """How many have entered and not left, at the due date or now."""

    kind: Literal["stock"]
    minus: EventNames


class Spread(Facts):
    """In how many different places, or whatever else a field names, something has entered and not left."""

    kind: Literal["spread"]
    minus: EventNames
    by: Field_


class Latest(Facts):
    """The value of the newest observation by its own date, however late an older one arrives."""

    kind: Literal["latest"]
    value: Field_
    date: Field_
    minus: EventNames | None = None


class Sum(Facts):
    """The sum over the latest answer of each, or over all things as last told; yes counts 1, no counts 0."""

    kind: Literal["sum"]
    value: Field_
    latest_by: Field_ | None = None
    date: Field_ | None = None
    minus: EventNames | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if (self.latest_by is None) != (self.date is None):
            raise Wrong(
                "latest_by og date hører sammen: det seneste efter hvilken dag?",
                "latest_by and date belong together: the latest by which day?",
            )
        if self.latest_by is not None and self.minus is not None:
            raise Wrong(
                "et svar erstattes, det tages ikke tilbage: minus går ikke sammen med latest_by",
                "an answer is replaced, not undone: minus does not go with latest_by",
            )
        return self


class MaxPerGroup(Facts):
    """The largest value of any one thing: how many took part in the fullest course."""

    kind: Literal["max_per_group"]
    value: Field_
    minus: EventNames | None = None


class Manual(Part):
    """Numbers that people supply: the newest of a series, or the sum of its days in the period."""

    kind: Literal["manual"]
    series: Key
    aggregate: Literal["latest", "sum"] = "latest"


class Milestone(Part):
    """A step that somebody declares to be taken, on a day. It counts whenever it is taken; the day says how late."""

    kind: Literal["milestone"]


class Register(Facts):
    minus: EventNames


class Having(Facts):
    key: Field_


class Ratio(Part):
    """The share, in per cent, of a register's present members for whom a fact happened in the period."""

    kind: Literal["ratio"]
    register_: Annotated[Register, Field(alias="register")]
    having: Having


Component = Annotated[Count | Distinct | Unique, Field(discriminator="kind")]


class PerWindow(Part):
    """In how many of the period's months, quarters, half-years or years enough of it happened."""

    kind: Literal["per_window"]
    window: WindowKind
    at_least: Annotated[int, Field(ge=1)] = 1
    count: Annotated[Count | Distinct, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _undivided(self) -> Self:
        if self.count.by is not None:
            raise Wrong(
                "det, der tælles pr. vindue, deles ikke også efter et felt",
                "what is counted per window is not divided by a field as well",
            )
        return self


class EachOf(Part):
    """The smallest of its parts over the smallest of its members: every one of them must reach the target."""

    kind: Literal["each_of"]
    members: Annotated[tuple[Text, ...], Field(min_length=1)]
    parts: Annotated[dict[str, Component], Field(min_length=1)]

    @model_validator(mode="after")
    def _divided(self) -> Self:
        if any(part.by is None for part in self.parts.values()):
            raise Wrong(
                "hver del af each_of nævner i `by` feltet med medlemmet",
                "each part of each_of names in `by` the field that holds the member",
            )
        return self


class Against(Part):
    baseline: float


Trended = Annotated[Count | Distinct | Unique | Stock | Spread | Latest | Sum | Manual, Field(discriminator="kind")]


class Trend(Part):
    """The change of another measure: against a number, the same period last year, or its first value ever."""

    kind: Literal["trend"]
    measure: Trended
    against: Against | Literal["previous_year"] | None = None


Measure = Annotated[
    Count
    | Distinct
    | Unique
    | Stock
    | Spread
    | Latest
    | Sum
    | MaxPerGroup
    | Manual
    | Milestone
    | Ratio
    | EachOf
    | PerWindow
    | Trend,
    Field(discriminator="kind"),
]


def is_level(measure: object) -> bool:
    """Whether the number is one at a date, such as members, rather than one of a period, such as meetings."""
    if isinstance(measure, Trend):
        return is_level(measure.measure)
    return isinstance(measure, Stock | Spread | Latest) or (
        isinstance(measure, Manual) and measure.aggregate == "latest"
    )


OBSERVED = Latest(
    kind="latest", of=("observation.recorded",), minus=("observation.retracted",), value="value", date="observed_on"
)
"""What a manual number is made of, of any series."""
TAKEN = Count(kind="count", of=("milestone.reached",), minus=("milestone.retracted",))
"""What a milestone is made of, of any goal."""
