"""Gatherings that people sign up for, with a queue for the seats, and secret addresses of calendar feeds."""

from alembic import op

from shared.migrations import secure

revision = "0003"
down_revision = "0002"

TABLES = """
alter table gatherings
    add column description text,
    add column place text,
    add column stops jsonb not null default '[]',
    add column series text,
    -- What was entered before people could sign up is open to whoever comes, until somebody says otherwise.
    add column admission text not null default 'drop_in' check (admission in ('signup', 'drop_in')),
    add column waiting_list boolean not null default true,
    add column criteria jsonb not null default '[]',
    add column evaluation_url text,
    add column changed_at timestamptz not null default now(),
    add column attended int check (attended >= 0),
    add column counted_by text check (counted_by in ('list', 'count')),
    add check ((attended is null) = (counted_by is null)),
    add check (state <> 'held' or attended is null or attended = participants),
    add constraint gatherings_with_capacity unique (id, capacity),
    add column search tsvector not null generated always as (
        setweight(to_tsvector('danish', title), 'A')
        || setweight(to_tsvector('danish', coalesce(replace(topic, '-', ' '), '') || ' '
            || coalesce(replace(series, '-', ' '), '')), 'B')
        || setweight(to_tsvector('danish', coalesce(description, '') || ' ' || coalesce(place, '') || ' '
            || coalesce(locality, '')), 'C')
    ) stored;
create index gatherings_of_series on gatherings (tenant, series, starts_at) where series is not null;

create table signups (
    id uuid primary key,
    tenant text not null,
    version int not null,
    gathering_id uuid not null references gatherings (id),
    -- The gathering's own capacity, as the reference below sees to. So the check on the seat is the law of the house:
    -- there is no seat 15 on a course of 14, and no seat is taken twice, whoever asks at the same moment.
    capacity int,
    seat int check (seat between 1 and capacity),
    state text not null check (state in ('confirmed', 'waitlisted', 'offered', 'cancelled')),
    meets jsonb not null,
    invited boolean not null,
    channel text not null check (channel in ('self', 'assisted')),
    organisation_id uuid,
    contact_id uuid references contacts (id) on delete set null,
    token_hash bytea not null,
    queued_at timestamptz not null,
    offer_until timestamptz,
    ended_by text,
    attended boolean,
    constraint seats_of_the_gathering foreign key (gathering_id, capacity) references gatherings (id, capacity)
        deferrable initially deferred,
    -- Deferrable, so that everybody may move up one seat in one statement.
    constraint one_for_each_seat unique (gathering_id, seat) deferrable initially immediate,
    check ((state = 'offered') = (offer_until is not null)),
    check ((state = 'cancelled') = (ended_by is not null)),
    check (case when state in ('confirmed', 'offered') then (capacity is null) = (seat is null) else seat is null end)
);
create index signups_of_gathering on signups (tenant, gathering_id, queued_at, id);
create index signups_of_tenant on signups (tenant, id);
create index signups_of_contact on signups (contact_id);
create index signups_offered on signups (offer_until) where state = 'offered';

-- A calendar program can show no token but in the address it asks. A new one replaces the old one, which then is dead.
create table calendar_links (
    resource_id uuid primary key references resources (id),
    tenant text not null,
    token_hash bytea not null,
    renewed_at timestamptz not null
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("signups", "calendar_links")
