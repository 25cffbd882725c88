"""Notify as issue 2 needs it."""

from alembic import op

from shared.migrations import create_kit_tables, secure

revision = "0001"
down_revision = None

TABLES = """
create table contacts (
    tenant text not null,
    id uuid primary key,
    email text not null,
    language text not null,
    manage_url text
);

-- No reference to contacts: a booking may be heard before its contact, and the contact is forgotten first.
create table deliveries (
    tenant text not null,
    id uuid primary key,
    version int not null,
    event_id uuid not null,
    contact_id uuid not null,
    channel text not null,
    purpose text not null,
    booking_id uuid not null,
    sequence int not null,
    says_when boolean not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    locality text check (says_when or locality is null),
    state text not null,
    reason text,
    attempts int not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    finished_at timestamptz,
    unique (event_id, contact_id, channel),
    check ((state in ('pending', 'sending')) = (finished_at is null))
);
create index deliveries_due on deliveries (due_at) where state in ('pending', 'sending');
create index deliveries_of_booking on deliveries (tenant, booking_id, id);
create index deliveries_of_contact on deliveries (contact_id) where state in ('pending', 'sending');
create index deliveries_of_tenant on deliveries (tenant, id);

create table exposures (
    tenant text not null,
    id uuid primary key,
    version int not null,
    in_register text not null,
    stakeholder_id uuid not null,
    material text not null,
    channel text not null,
    exposed_on date not null,
    unique (tenant, in_register, stakeholder_id, material, channel, exposed_on)
);
create index exposures_of_tenant on exposures (tenant, id);
"""


def upgrade() -> None:
    create_kit_tables()
    op.execute(TABLES)
    secure("contacts", "deliveries", "exposures")
