"""What the directory publishes about its public pages: that they are read and searched, never by whom."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.events.envelope import Event
from shared.events.words import Kind, PagePath, Site, Unit, Visitor


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


class SearchFilter(Kind):
    """By what a search was narrowed, besides words: `theme` (tema), `target_group` (målgruppe), `locality` (sted),
    `weekday` (ugedag), `language` (sprog), `form` (fysisk eller online), `price` (pris), `access` (tilgængelighed),
    `organisation` (forening), `near` (i nærheden) or `open_now` (åbent nu)."""

    THEME = "theme"
    TARGET_GROUP = "target_group"
    LOCALITY = "locality"
    WEEKDAY = "weekday"
    LANGUAGE = "language"
    FORM = "form"
    PRICE = "price"
    ACCESS = "access"
    ORGANISATION = "organisation"
    NEAR = "near"
    OPEN_NOW = "open_now"


class SearchPerformed(Event):
    """Somebody looked for activities, and was shown a first page.

    True from the moment of the answer. It says how many fitted everything that was asked for (0: looked for in vain)
    and by which kinds of filter the search was narrowed; never the words, nor what was chosen, nor who asked.

    Do not conclude that two searches were two people's, nor that whoever found something went there.
    """

    TYPE = "kompas.web.search.performed.v1"
    TOPIC = "web.events"
    SUBJECT = "the site"
    EXAMPLE: ClassVar = {"subject": "socialkompas"}

    site: Site
    result_count: Annotated[int, Field(ge=0, description="How many entries fitted all of it.", examples=[12])]
    words: Annotated[bool, Field(description="Whether anything was typed; what it was is not said.", examples=[True])]
    filters: Annotated[
        list[SearchFilter],
        Field(max_length=20, description="By what it was narrowed.", examples=[["locality", "weekday"]]),
    ]
