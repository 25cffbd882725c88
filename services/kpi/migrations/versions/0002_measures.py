"""KPI: measures: what people decide about a goal's status, beside what the counter proposes."""

from alembic import op

from shared.migrations import secure

revision = "0002"
down_revision = "0001"

DECISIONS = """
create table decisions (
    tenant text not null,
    id uuid primary key,
    version int not null,
    plan text not null,
    goal text not null,
    result text check (result in ('reached', 'mostly_reached', 'not_reached', 'changed', 'not_started', 'too_few')),
    time text check (time in ('on_time', 'slightly_late', 'late')),
    reason text not null,
    decided_by text not null,
    decided_role text not null,
    decided_at timestamptz not null,
    withdrawn_by text,
    withdrawn_at timestamptz,
    check (result is not null or time is not null),
    foreign key (tenant, plan) references plans (tenant, plan)
);
-- One decision stands at a time; those before it are kept.
create unique index decisions_standing on decisions (tenant, plan, goal) where withdrawn_at is null;
"""


def upgrade() -> None:
    op.execute(DECISIONS)
    secure("decisions")
