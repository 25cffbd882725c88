"""KPI: what everybody was shown of the goals that count people."""

from alembic import op

from shared.migrations import secure

revision = "0005"
down_revision = "0004"

PUBLISHED = """
create table published (
    id bigint generated always as identity primary key,
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    -- 0, 1 for "1–4", and multiples of 5: never the number itself.
    level numeric not null check (level in (0, 1) or (level > 0 and level % 5 = 0)),
    at timestamptz not null
);
create index published_newest on published (tenant, plan, goal, part, dimension, id desc);
"""


def upgrade() -> None:
    op.execute(PUBLISHED)
    secure("published")
