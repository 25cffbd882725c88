"""Notify: mails about seats at gatherings, which may say what a public one is about and by when to answer."""

from alembic import op

revision = "0003"
down_revision = "0002"

DELIVERIES = """
alter table deliveries
    add column answer_by timestamptz,
    -- What the mail brings to the reader's own calendar, if anything.
    add column gathering_id uuid,
    add column revision int,
    add column calendar_method text check (calendar_method in ('REQUEST', 'CANCEL')),
    add check (calendar_method is null or (says_when and gathering_id is not null and revision is not null));
"""


def upgrade() -> None:
    op.execute("alter table contacts add column about text")
    op.execute(DELIVERIES)
