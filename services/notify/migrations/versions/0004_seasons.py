"""Notify: the mail about recurring times says which, and why not the others."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("alter table deliveries add column season jsonb, add check (season is null or says_when)")
