"""Rounds in which associations wish for a season, and what they wish."""

from alembic import op

from shared.migrations import secure

revision = "0005"
down_revision = "0004"

TABLES = """
create table rounds (
    id uuid primary key,
    tenant text not null,
    version int not null,
    name text not null,
    resource_ids jsonb not null,
    season_from date not null,
    season_until date not null check (season_until >= season_from),
    wishes_until date not null check (wishes_until < season_from),
    rule text not null check (rule in ('turns')),
    seed text not null,
    state text not null check (state in ('open', 'decided')),
    decided_at timestamptz,
    check ((state = 'decided') = (decided_at is not null))
);
create index rounds_of_tenant on rounds (tenant, id);

create table wishes (
    id uuid primary key,
    tenant text not null,
    version int not null,
    round_id uuid not null references rounds (id),
    organisation_id uuid not null,
    channel text not null check (channel in ('self', 'assisted')),
    contact_id uuid references contacts (id) on delete set null,
    resource_ids jsonb not null,
    seats int check (seats > 0),
    features jsonb not null,
    weekday int check (weekday between 0 and 6),
    weeks text not null check (weeks in ('every', 'even', 'odd')),
    rule text,
    first_day date,
    opens text not null,
    closes text not null,
    priority int not null check (priority > 0),
    participants int check (participants > 0),
    note text,
    series_ids jsonb not null,
    -- What each of its times came to; empty until the round is decided.
    outcome jsonb not null,
    check ((weekday is null) = (rule is not null)),
    check ((rule is null) = (first_day is null))
);
create index wishes_of_round on wishes (tenant, round_id, id);
create index wishes_of_contact on wishes (contact_id);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("rounds", "wishes")
