"""KPI as issue 2 needs it: adopted plans, what is counted and its receipts, observations and surveys."""

from alembic import op

from shared.migrations import create_kit_tables, secure

revision = "0001"
down_revision = None

PLANS = """
create table plans (
    tenant text not null,
    plan text not null,
    id uuid not null unique,
    version int not null,
    year int not null,
    definition jsonb not null,
    adopted_at timestamptz not null default now(),
    primary key (tenant, plan)
);

create table goals (
    tenant text not null,
    plan text not null,
    goal text not null,
    position int not null,
    status text not null check (status in ('backfilling', 'live')),
    primary key (tenant, plan, goal),
    foreign key (tenant, plan) references plans (tenant, plan)
);

-- Whoever counts looks here in each transaction: a changed version means that its compiled goals are out of date.
create table registry (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into registry (version) values (1);
"""

COUNTING = """
-- One thing that a goal counts: a booking, a company, an association's answer.
create table entries (
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    key text not null,
    event_id uuid not null,
    sequence int not null,
    time timestamptz not null,
    recorded timestamptz not null,
    day date,
    counts boolean not null,
    amount numeric not null,
    primary key (tenant, plan, goal, part, dimension, key)
);

-- Members of a set of which only the size is wanted, as a hash that leads back to nobody.
create table marks (
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    hash bigint not null,
    primary key (tenant, plan, goal, part, dimension, hash)
);

create table evidence (
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    event_id uuid not null,
    id uuid not null default uuidv7(),
    type text not null,
    subject text,
    time timestamptz not null,
    amount numeric not null,
    primary key (tenant, plan, goal, part, dimension, event_id)
);
create index evidence_pages on evidence (tenant, plan, goal, id);

-- Few rows that change with every batch: room on the page keeps their updates out of the index.
create table tallies (
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    value numeric not null,
    as_of timestamptz,
    events bigint not null,
    primary key (tenant, plan, goal, part, dimension)
) with (fillfactor = 50);

-- Where each partition goes on; Kafka's own copy is for people who look at lag.
create table offsets (
    topic text not null,
    partition int not null,
    next bigint not null,
    primary key (topic, partition)
) with (fillfactor = 50);

create table coverage (
    tenant text not null,
    topic text not null,
    since timestamptz not null,
    primary key (tenant, topic)
);
"""

PEOPLE = """
create table observations (
    tenant text not null,
    id uuid primary key,
    version int not null,
    series text not null,
    value numeric not null,
    observed_on date not null,
    evidence text,
    recorded_by text not null,
    recorded_at timestamptz not null,
    retracted_by text,
    retracted_at timestamptz,
    retract_reason text
);
create index observations_series on observations (tenant, series, observed_on);

create table surveys (
    tenant text not null,
    id uuid primary key,
    version int not null,
    slug text not null,
    title text not null,
    state text not null check (state in ('draft', 'open', 'closed')),
    opened_at timestamptz,
    closed_at timestamptz,
    unique (tenant, id),
    unique (tenant, slug)
);

create table questions (
    tenant text not null,
    survey_id uuid not null,
    position int not null,
    key text not null,
    kind text not null check (kind in ('number', 'yes_no', 'choice', 'text')),
    text text not null,
    choices jsonb,
    primary key (tenant, survey_id, key),
    foreign key (tenant, survey_id) references surveys (tenant, id)
);

create table responses (
    tenant text not null,
    id uuid primary key,
    version int not null,
    survey_id uuid not null,
    organisation_id uuid not null,
    answers jsonb not null,
    answered_on date not null,
    answered_by text not null,
    unique (tenant, survey_id, organisation_id),
    foreign key (tenant, survey_id) references surveys (tenant, id)
);
"""


def upgrade() -> None:
    create_kit_tables()
    for statements in (PLANS, COUNTING, PEOPLE):
        op.execute(statements)
    secure("plans", "goals", "entries", "marks", "evidence", "tallies", "coverage")
    secure("observations", "surveys", "questions", "responses")
