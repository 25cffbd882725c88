"""The content pages' table."""

from datetime import date

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.directory.models import Thing
from services.directory.rules import State
from shared.aggregate import listed
from shared.events.directory import ContentKind


class ContentPage(Thing, table=True):
    __tablename__ = "content_pages"

    kind: ContentKind = Field(sa_column=listed(ContentKind))
    slug: str
    title: str
    body: str
    state: State = Field(default=State.DRAFT, sa_column=listed(State))
    published_on: date | None = None
    withdrawn_on: date | None = None
    # While its season lasts it stands on the front page.
    front_from: date | None = None
    front_to: date | None = None
    translations: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=JSONB)
