"""How large a plan's numbers may be, and how far away its days.

Asked of a plan that comes in, never of one that is stored: a bound that is new keeps nobody from what they go by.
"""

from collections.abc import Iterator
from datetime import date

from services.kpi.definition.plan import Plan
from shared.errors import Text

Place = tuple[str | int, ...]
# A plan that is moved to another year keeps to days that can be reckoned with.
FARTHEST_YEARS = 50
# As far as an observation goes: beyond, a float and a database no longer say the same number.
LARGEST = 10**12
TOO_FAR = Text(
    f"ligger mere end {FARTHEST_YEARS} år fra planens år", f"is more than {FARTHEST_YEARS} years from the plan's year"
)
TOO_LARGE = Text("er for stort et tal", "is too large a number")


def excesses(plan: Plan) -> Iterator[tuple[Place, Text]]:
    return _excesses(plan.model_dump(by_alias=True), (), plan.year)


def _excesses(part: object, place: Place, year: int) -> Iterator[tuple[Place, Text]]:
    match part:
        case dict():
            for key, value in part.items():
                yield from _excesses(value, (*place, key), year)
        case list() | tuple():
            for position, value in enumerate(part):
                yield from _excesses(value, (*place, position), year)
        case date() if abs(part.year - year) > FARTHEST_YEARS:
            yield place, TOO_FAR
        case int() | float() if not abs(part) <= LARGEST:  # "Not a number" is not either.
            yield place, TOO_LARGE
