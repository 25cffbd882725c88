"""KPI: plans as living data: every version of a plan, what became of each goal, and reports that stay as they were."""

from alembic import op

from shared.migrations import secure

revision = "0003"
down_revision = "0002"

GOALS = """
alter table goals drop constraint goals_status_check;
alter table goals
    add check (status in ('backfilling', 'live', 'retired')),
    -- The version of the plan in which this goal came to be asked and counted as it is now.
    add column since_version int not null default 1,
    add column changed_at timestamptz,
    add column change_reason text,
    -- The last version of the plan that had it.
    add column last_version int,
    -- Where its history began in each partition that did not begin at 0: Kafka had let go of what was before.
    add column read_from jsonb not null default '{}',
    add column history_read bigint not null default 0,
    add column history_of bigint not null default 0;
-- When the fact was told, which is how a late one is known. Older receipts do not know it.
alter table evidence add column recorded timestamptz;
"""

VERSIONS = """
create table plan_versions (
    tenant text not null,
    plan text not null,
    version int not null,
    year int not null,
    definition jsonb not null,
    -- The text as it was given; none where the plan came with Kompas or was shifted from another year.
    source text,
    reason text,
    adopted_by text,
    adopted_at timestamptz not null,
    primary key (tenant, plan, version),
    foreign key (tenant, plan) references plans (tenant, plan)
);
-- What became of a goal in a version, and what it had come to by then: its history under its old definition.
create table goal_changes (
    tenant text not null,
    plan text not null,
    version int not null,
    position int not null,
    goal text not null,
    kind text not null check (kind in ('added', 'changed', 'retired')),
    redefined boolean not null,
    fields jsonb not null,
    reason text,
    value numeric,
    as_of timestamptz,
    primary key (tenant, plan, version, goal),
    foreign key (tenant, plan, version) references plan_versions (tenant, plan, version)
);
-- Row-level security has no centre in mind while the schema changes.
select set_config('app.tenant', '*', true);
insert into plan_versions (tenant, plan, version, year, definition, adopted_at)
select tenant, plan, version, year, definition, adopted_at from plans;
"""

REPORTS = """
create table reports (
    tenant text not null,
    id uuid primary key,
    version int not null,
    plan text not null,
    plan_version int not null,
    title text not null,
    reporting_date date not null,
    frozen_by text not null,
    frozen_at timestamptz not null,
    unique (tenant, id),
    foreign key (tenant, plan) references plans (tenant, plan)
);
create table report_goals (
    tenant text not null,
    report_id uuid not null,
    goal text not null,
    position int not null,
    since_version int not null,
    value numeric,
    shown jsonb not null,
    primary key (tenant, report_id, goal),
    foreign key (tenant, report_id) references reports (tenant, id)
);
-- The receipts of the frozen numbers: what changes afterwards can be named, fact by fact.
create table report_facts (
    tenant text not null,
    report_id uuid not null,
    goal text not null,
    part text not null,
    dimension text not null,
    event_id uuid not null,
    type text not null,
    time timestamptz not null,
    amount numeric not null,
    primary key (tenant, report_id, goal, part, dimension, event_id),
    foreign key (tenant, report_id) references reports (tenant, id)
);
"""


def upgrade() -> None:
    op.execute(GOALS)
    op.execute(VERSIONS)
    secure("plan_versions", "goal_changes")
    op.execute(REPORTS)
    secure("reports", "report_goals", "report_facts")
