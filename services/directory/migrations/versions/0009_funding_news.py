"""Directory: associations are told of funders' deadlines, each by one letter, and may say no."""

from alembic import op

from shared.migrations import secure

revision = "0009"
down_revision = "0007"

TABLES = """
alter table funder_deadlines
    -- A removed one stays for the calendars that show it: they are told that it is cancelled.
    add column removed_on date,
    -- The day after, it stands a year later.
    add column yearly boolean not null default false,
    -- For which day associations were told of it, and told for the last time: none is told twice of the same.
    add column told_for date,
    add column told_last_for date;
alter table contact_roles add column funding_news boolean not null default true;

-- How many days before a deadline associations are told of it, and told once more; null: not at all.
create table funding_policies (
    tenant text primary key,
    first int check (first between 1 and 90),
    last int check (last between 1 and 90),
    check (last < first)
);

-- One letter to one person, with a link of its own.
create table funding_letters (
    tenant text not null,
    id uuid primary key,
    version int not null,
    contact_role_id uuid not null,
    contact_id uuid,
    deadline_ids uuid[] not null,
    token_hashes bytea[] not null,
    written_on date not null,
    unique (tenant, id)
);
create index funding_letters_by_day on funding_letters (tenant, written_on);
create index funding_letters_on_their_way on funding_letters (tenant, id) where contact_id is not null;
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("funding_policies", "funding_letters")
