"""Counting a page view without knowing whose it was."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from services.directory.pageviews.bots import is_bot
from services.directory.pageviews.buffer import Pageviews
from services.directory.pageviews.claims import Claim, Held
from services.directory.pageviews.rules import visitor
from services.directory.pageviews.schemas import NewPageview
from services.directory.rules import day_of_fact
from services.directory.statistics.models import Seen
from shared import clock
from shared.auth import Principal
from shared.errors import Unavailable
from shared.events.web import PageViewed
from shared.links import hashed as link_hash
from shared.messaging.outbox import row

# What the ids of page views with an Idempotency-Key are made from: the same key is the same event, without a look-up.
NAMESPACE = UUID("0198c6a4-7d30-7c11-9a52-6f1b7c0e5d42")
# By which a browser remembers the link that says whose it is (`visitlinks`). It holds the link's token, which many
# browsers share: nobody can be told apart by it.
COOKIE = "kompas_visit"


@dataclass(frozen=True)
class Visit:
    """What a request says of the visitor. It lives as long as the request and is written nowhere."""

    address: str
    user_agent: str
    opted_out: bool
    key: str | None
    # Of a browser that was told, by a link, whose it is.
    mark: str | None = None


def count(pageviews: Pageviews, caller: Principal, seen: NewPageview, visit: Visit) -> None:
    """Take the view into memory, unless a bot made it, or the visitor asks not to be counted (DNT, GPC).

    What staff see is no visit of the centre's pages; staff who say on which day it was record somebody else's.
    """
    tenant, today = caller.tenant, clock.today()
    day = day_of_fact("viewed_on", seen.viewed_on, today=today, may_backdate=caller.is_staff)
    if visit.opted_out or is_bot(visit.user_agent):
        pageviews.note("opted_out" if visit.opted_out else "bot")
        return
    if caller.is_staff and seen.viewed_on is None:
        pageviews.note("staff")
        return
    key = pageviews.keys.of(today)
    if key is None:  # The database has been away since before this day's key was made.
        raise Unavailable
    hashed = visitor(key, tenant=tenant, site=seen.site, day=day, address=visit.address, user_agent=visit.user_agent)
    event = PageViewed(site=seen.site, page=seen.page, visitor=hashed)
    event_id, time = uuid5(NAMESPACE, f"{tenant}/{visit.key}") if visit.key else None, clock.fact_time(day)
    link = seen.link or visit.mark
    claim = Claim(seen.unit, link_hash(link) if link else None, event, time) if seen.unit or link else None
    stated = row(event, tenant=tenant, subject=hashed, time=time, id=event_id)
    pageviews.add(Held(stated, Seen(tenant, seen.site, day, seen.page, "", hashed), claim))
    if claim is None:
        pageviews.note("counted")
