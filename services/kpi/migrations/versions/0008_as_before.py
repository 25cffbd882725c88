"""KPI: a changed goal is shown as it was until its new history is whole."""

from alembic import op

revision = "0008"
down_revision = "0007"

BEFORE = "alter table goals add column before jsonb"


def upgrade() -> None:
    op.execute(BEFORE)
