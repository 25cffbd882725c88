"""Notify: mails about surveys, beside those about bookings."""

from alembic import op

revision = "0002"
down_revision = "0001"

DELIVERIES = """
-- What a mail is about: a booking, or an association's invitation to a survey. Its mails go out in order.
alter table deliveries rename column booking_id to subject_id;
alter index deliveries_of_booking rename to deliveries_of_subject;
alter table deliveries
    add column survey_id uuid,
    add column organisation_id uuid,
    alter column starts_at drop not null,
    -- After it nothing is sent: the end of an appointment, or of the last day to answer. A survey may have none.
    alter column ends_at drop not null,
    add check ((survey_id is null) = (organisation_id is null)),
    add check (survey_id is not null or (starts_at is not null and ends_at is not null));
create index deliveries_of_survey on deliveries (survey_id) where state in ('pending', 'sending');
"""


def upgrade() -> None:
    op.execute(DELIVERIES)
