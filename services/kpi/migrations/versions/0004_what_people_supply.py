"""KPI: people's part: milestones, the file an observation came in, and how many a survey was sent to."""

from alembic import op

from shared.migrations import secure

revision = "0004"
down_revision = "0003"

MILESTONES = """
create table milestones (
    tenant text not null,
    id uuid primary key,
    version int not null,
    plan text not null,
    goal text not null,
    reached_on date not null,
    evidence text,
    recorded_by text not null,
    recorded_at timestamptz not null,
    retracted_by text,
    retracted_at timestamptz,
    retract_reason text,
    foreign key (tenant, plan) references plans (tenant, plan)
);
-- A step is taken once; those that were a mistake are kept.
create unique index milestones_standing on milestones (tenant, plan, goal) where retracted_at is null;
"""

SURVEYS = "alter table surveys add column invited int check (invited > 0)"


def upgrade() -> None:
    op.execute(MILESTONES)
    secure("milestones")
    op.execute(SURVEYS)
