"""Calendars that people keep elsewhere: where they are read from, and when their owners are busy."""

from alembic import op

from shared.migrations import secure

revision = "0004"
down_revision = "0003"

TABLES = """
create table outside_calendars (
    resource_id uuid primary key references resources (id),
    tenant text not null,
    -- Whoever knows the address reads the calendar, so it is sealed like a message.
    address bytea not null,
    set_at timestamptz not null,
    due_at timestamptz not null,
    fetched_at timestamptz,
    failed_at timestamptz,
    failure text,
    check ((failed_at is null) = (failure is null))
);
create index outside_calendars_due on outside_calendars (due_at);

-- No title, no person, nothing but when.
create table outside_busy (
    resource_id uuid not null references outside_calendars (resource_id) on delete cascade,
    tenant text not null,
    span_from bigint not null,
    span_to bigint not null,
    tree int not null generated always as ((span_from >> 30)::int) stored,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    primary key (resource_id, starts_at)
);
create index outside_busy_by_tree on outside_busy (tenant, tree, ends_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("outside_calendars", "outside_busy")
