"""What the directory keeps for finding: a centre's own synonyms. What is only counted has statements, no models."""

from sqlmodel import Field

from services.directory.models import Table, words


class Synonym(Table, table=True):
    """Whoever looks for `word` also finds these. An own one takes the place of a default; empty, it takes it away."""

    __tablename__ = "search_synonyms"

    tenant: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    finds: list[str] = Field(sa_column=words())
