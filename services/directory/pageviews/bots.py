"""Telling crawlers from people by their user agent."""

import re
from functools import lru_cache

from crawlerdetect import CrawlerDetect

# Telling takes a tenth of a millisecond for an unknown user agent, and a few thousand of them make most of the traffic.
REMEMBERED = 20_000
# A crawler fetches pages; it does not post that it saw one. Who posts it with a bare HTTP client is a site's own server
# or somebody trying the line we print, and the detector takes both for crawlers.
HTTP_CLIENT = re.compile(
    r"(curl|wget|httpie|python-(httpx2?|requests|urllib)|aiohttp|node-fetch|undici|axios)(/|$)", re.IGNORECASE
)
_detector = CrawlerDetect()


@lru_cache(maxsize=REMEMBERED)
def is_bot(user_agent: str) -> bool:
    """Whoever does not say what it is counts as a bot: every browser says so."""
    if not user_agent:
        return True
    return not HTTP_CLIENT.match(user_agent) and bool(_detector.isCrawler(user_agent))
