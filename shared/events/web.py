"""What the directory publishes about its public pages: that they are read, never by whom."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.events.words import PagePath, Site, Unit, Visitor


class PageViewed(Event):
    """A public page was asked for by what looks like a person's browser.

    True from the moment of the request. `visitor` stands for a browser during one Danish day; page × visitor counted
    once is a unique page view (unik sidevisning), visitor counted once a unique visitor (unik besøgende) of that day.
    Do not conclude that the page was read, that two hashes are two people or one hash is one, nor anything across
    midnight: the sum of the visitors of two days is not the number of visitors of both.
    """

    TYPE = "kompas.web.page.viewed.v1"
    TOPIC = "web.events"
    SUBJECT = "the visitor: the same hash as in `data`"
    EXAMPLE: ClassVar = {"subject": "6f1d0c53a9b84e7280c4d15be3f7a920"}

    site: Site
    page: PagePath
    visitor: Visitor
    unit: Unit | None = None
