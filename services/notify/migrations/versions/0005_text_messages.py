"""Notify: text messages, where a centre sends any, to whoever prefers them."""

from alembic import op

from shared.migrations import secure

revision = "0005"
down_revision = "0004"

TABLES = """
alter table contacts
    -- Only of whoever prefers text messages.
    add column phone text,
    add column prefers text not null default 'email' check (prefers in ('email', 'sms')),
    add check ((prefers = 'sms') = (phone is not null));
-- A gathering, or a room that is booked.
alter table deliveries rename column gathering_id to entry_id;
-- By which way a message travels is decided when it is sent: one message for one event, whichever way.
alter table deliveries drop constraint deliveries_event_id_contact_id_channel_key;
alter table deliveries add constraint one_message_an_event unique (event_id, contact_id);

create table text_messages (
    tenant text primary key,
    enabled boolean not null,
    sender text not null check (sender <> '')
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("text_messages")
