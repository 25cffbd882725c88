"""Page statistics as staff read them, in the words of the plan."""

from datetime import date

from pydantic import Field

from shared.validation import Answer


class EstimateAnswer(Answer):
    """`value`, and between which numbers the true one lies in 95 of 100 cases. Up to a few hundred all three agree."""

    value: int
    low: int
    high: int


class Counted(Answer):
    views: int = Field(description="Sidevisninger: every time the page was shown, a repeated one too.")
    unique_views: EstimateAnswer = Field(
        description="Unikke sidevisninger: a page counts once for each visitor a day, however often it was shown."
    )
    unique_visitors: EstimateAnswer = Field(
        description="Unikke besøgende: each browser counts once a day on a site, whatever it looked at. Whoever comes "
        "on two days counts twice: nobody can tell, because the key that makes a visitor of a browser is thrown away "
        "every midnight (Danish time)."
    )


class DayStatistics(Counted):
    day: date


class PageStatistics(Counted):
    page: str = Field(description="`*`: pages beyond the five thousand that are told apart on one day.")


class UnitStatistics(Counted):
    unit: str


class StatisticsAnswer(Counted):
    """Visits of bots, of staff, and of whoever asks not to be counted (`DNT`, `Sec-GPC`) are in none of the numbers."""

    site: str
    page: str | None
    unit: str | None
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    days: list[DayStatistics]
    pages: list[PageStatistics]
    units: list[UnitStatistics]
