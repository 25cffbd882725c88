"""How an entry would look to citizens: an activity's own page, written by the same hand; of others what they say."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from services.directory.activities.models import Activity
from services.directory.activities.schemas import ActivityAnswer
from services.directory.organisations.schemas import OrganisationAnswer
from services.directory.premises.schemas import PremisesAnswer
from services.directory.reviewing.wording import FIELDS, told
from services.directory.search import page
from shared.errors import Language

HERE = Path(__file__).resolve().parent / "page"
LINES = (
    "address", "postcode", "locality", "capacity", "accessibility", "website", "public_email", "public_phone", "size",
)  # fmt: skip


def write(
    looks: ActivityAnswer | OrganisationAnswer | PremisesAnswer, tenant: str, organisation: str, language: Language
) -> str:
    if isinstance(looks, ActivityAnswer):
        return page.write_entry(Activity(tenant=tenant, **looks.model_dump()), organisation, {}, language)
    said = looks.model_dump(mode="json")
    own = looks.translations.get(language, {})
    lines = [(FIELDS[each].read(language), told(each, said.get(each), language, {})) for each in LINES]
    return _template().render(
        language=language,
        name=own.get("name") or looks.name,
        description=own.get("description") or looks.description,
        lines=[(name, value) for name, value in lines if value],
    )


@cache
def _template() -> Template:
    loader = FileSystemLoader(HERE)
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=True).get_template("preview.html")
