"""KPI: organisations that turned out to be one are counted as one."""

from alembic import op

from shared.migrations import secure

revision = "0010"
down_revision = "0009"

MERGED = """
create table merged_organisations (
    tenant text not null,
    id uuid not null,
    sequence int not null,
    merged_into uuid not null,
    stands boolean not null,
    changed_at timestamptz not null,
    primary key (tenant, id)
)
"""


def upgrade() -> None:
    op.execute(MERGED)
    secure("merged_organisations")
