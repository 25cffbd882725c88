"""By what somebody would rather be told what cannot wait."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("alter table contacts add column prefers text check (prefers in ('email', 'sms'))")
