"""Resources, bookings that never overlap, whom to reach about them, and gatherings."""

from alembic import op

from shared.migrations import create_kit_tables, secure

revision = "0001"
down_revision = None

TABLES = """
create table resources (
    id uuid primary key,
    tenant text not null,
    version int not null,
    number int generated always as identity unique,
    kind text not null,
    name text not null,
    locality text,
    capacity int check (capacity > 0),
    slot_minutes int not null check (slot_minutes > 0),
    buffer_minutes int not null check (buffer_minutes >= 0),
    opening_hours jsonb not null,
    state text not null check (state in ('open', 'closed'))
);
create index resources_by_tenant on resources (tenant, id);

create table contacts (
    id uuid primary key,
    tenant text not null,
    name text not null,
    email text not null,
    phone text,
    language text not null,
    created_at timestamptz not null default now()
);

create table bookings (
    id uuid primary key,
    tenant text not null,
    version int not null,
    resource_id uuid not null references resources (id),
    resource_no int not null,
    purpose text not null,
    channel text not null check (channel in ('self', 'assisted')),
    state text not null check (state in ('confirmed', 'cancelled')),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    blocked_until timestamptz not null check (blocked_until >= ends_at),
    during tstzrange not null generated always as (tstzrange(starts_at, blocked_until)) stored,
    organisation_id uuid,
    contact_id uuid references contacts (id) on delete set null,
    token_hash bytea not null,
    cancelled_by text,
    cancel_reason text,
    -- The buffer is part of the period, so two bookings keep it between them whichever was made first.
    constraint bookings_never_overlap exclude using gist
        (int4range(resource_no, resource_no, '[]') with &&, during with &&) where (state = 'confirmed')
);
create index bookings_by_tenant on bookings (tenant, id);
create index bookings_by_time on bookings (tenant, resource_id, starts_at);
create index bookings_by_contact on bookings (contact_id);

create table gatherings (
    id uuid primary key,
    tenant text not null,
    version int not null,
    kind text not null,
    title text not null,
    topic text,
    organisers jsonb not null,
    audience_unit text,
    locality text,
    form text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    capacity int check (capacity > 0),
    internal boolean not null,
    state text not null check (state in ('scheduled', 'held', 'cancelled')),
    participants int check (participants >= 0),
    cancel_reason text,
    check ((state = 'held') = (participants is not null))
);
create index gatherings_by_tenant on gatherings (tenant, id);
create index gatherings_by_time on gatherings (tenant, starts_at);
"""


def upgrade() -> None:
    create_kit_tables()
    op.execute(TABLES)
    secure("resources", "contacts", "bookings", "gatherings")
