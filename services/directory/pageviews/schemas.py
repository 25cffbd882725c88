"""A page view as a page's front end sends it."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import BeforeValidator

from shared.events.words import PagePath, Site, Unit
from shared.inputs import composed
from shared.validation import Body


def _path_only(value: Any) -> Any:
    """`/tema/l%C3%A6ring/?q=…#top` → `/tema/læring`: one page has one name, and what was typed stays out of it."""
    if not isinstance(value, str):
        return value
    path = unquote(value.strip().partition("#")[0].partition("?")[0])
    return composed(path.rstrip("/") or "/" if path else path)


class NewPageview(Body):
    site: Site
    page: Annotated[PagePath, BeforeValidator(_path_only)]
    unit: Annotated[Unit, BeforeValidator(composed)] | None = None
    viewed_on: date | None = None
