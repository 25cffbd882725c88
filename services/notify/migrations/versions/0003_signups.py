"""Notify: mails about seats at gatherings, which may say what a public one is about and by when to answer."""

from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table contacts add column about text")
    op.execute("alter table deliveries add column answer_by timestamptz")
