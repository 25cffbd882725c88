"""Rules for page statistics: which range may be asked for, and what happens to made-up pages. Pure."""

from datetime import date, timedelta

from shared.errors import Invalid

USUAL = timedelta(days=29)
LONGEST = timedelta(days=366)
# Of a centre and a day. Anybody may post any page, and each new one is a row; whoever makes up pages by the thousand
# fills no table: what comes after is summed up as one.
MOST_ROWS = 5_000
OTHERS = "*"


def range_of(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Thirty days until today, where nothing else is asked."""
    until = last or today
    since = first or until - USUAL
    if since > until:
        raise Invalid.field("from", "må ikke ligge efter to", "must not lie after to")
    if until - since > LONGEST:
        raise Invalid.field("from", "må højst ligge 366 dage før to", "must lie at most 366 days before to")
    return since, until
