"""Calendars of one's own: an organisation's, and of what somebody holds the links to."""

from alembic import op

from shared.migrations import secure

revision = "0008"
down_revision = "0007"

TABLES = """
create table own_calendars (
    id uuid primary key,
    tenant text not null,
    organisation_id uuid,
    token_hash bytea not null,
    renewed_at timestamptz not null
);
create unique index own_calendars_of_organisations on own_calendars (tenant, organisation_id)
    where organisation_id is not null;

create table own_things (
    calendar_id uuid not null references own_calendars (id) on delete cascade,
    tenant text not null,
    kind text not null check (kind in ('booking', 'series', 'seat')),
    thing_id uuid not null,
    primary key (calendar_id, thing_id)
);
create index own_things_by_thing on own_things (tenant, thing_id);

create index bookings_of_organisation on bookings (tenant, organisation_id, starts_at)
    where organisation_id is not null;
create index signups_of_organisation on signups (tenant, organisation_id) where organisation_id is not null;
create index gatherings_by_organiser on gatherings using gin (organisers jsonb_path_ops);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("own_calendars", "own_things")
