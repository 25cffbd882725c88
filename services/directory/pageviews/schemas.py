"""A page view as a page's front end sends it."""

from typing import Annotated, Any
from urllib.parse import unquote

from pydantic import BeforeValidator, StringConstraints

from shared.events.words import PagePath, Site, Unit
from shared.inputs import Day, composed
from shared.validation import Body


def _path_only(value: Any) -> Any:
    """`/tema/l%C3%A6ring/?q=…#top` → `/tema/læring`: one page has one name, and what was typed stays out of it."""
    if not isinstance(value, str):
        return value
    path = unquote(value.strip().partition("#")[0].partition("?")[0])
    return composed(path.rstrip("/") or "/" if path else path)


Page = Annotated[PagePath, BeforeValidator(_path_only)]
UnitName = Annotated[Unit, BeforeValidator(composed)]
LinkToken = Annotated[str, StringConstraints(max_length=200)]


class NewPageview(Body):
    """`unit` is taken from those that the centre has listed: its municipal and regional organisations, and the
    departments that the plans ask about. `link` is what staff gave a department, or themselves, to say who they are."""

    site: Site
    page: Page
    unit: UnitName | None = None
    link: LinkToken | None = None
    viewed_on: Day | None = None
