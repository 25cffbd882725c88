"""KPI: what was shown of people, milestones moved or dropped, what became of recommendations."""

from alembic import op

from shared.migrations import secure

revision = "0005"
down_revision = "0004"

PUBLISHED = """
create table published (
    id bigint generated always as identity primary key,
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    -- 0, 1 for "1–4", and multiples of 5: never the number itself.
    level numeric not null check (level in (0, 1) or (level > 0 and level % 5 = 0)),
    at timestamptz not null
);
create index published_newest on published (tenant, plan, goal, part, dimension, id desc);
"""

MILESTONES = """
create table milestone_changes (
    tenant text not null,
    id uuid primary key,
    version int not null,
    plan text not null,
    goal text not null,
    due_before date not null,
    -- None: it was dropped.
    due date,
    reason text not null,
    decided_by text not null,
    decided_role text not null,
    decided_at timestamptz not null,
    undone_by text,
    undone_at timestamptz,
    undo_reason text,
    foreign key (tenant, plan) references plans (tenant, plan)
);
create index milestone_changes_of on milestone_changes (tenant, plan, goal, id);
"""

RECOMMENDATIONS = """
create table recommendation_statuses (
    tenant text not null,
    id uuid primary key,
    version int not null,
    plan text not null,
    recommendation text not null,
    status text not null check (status in ('not_started', 'under_way', 'done', 'declined')),
    reason text not null,
    decided_by text not null,
    decided_role text not null,
    decided_at timestamptz not null,
    foreign key (tenant, plan) references plans (tenant, plan)
);
create index recommendation_statuses_of on recommendation_statuses (tenant, plan, recommendation, id);
"""


def upgrade() -> None:
    op.execute(PUBLISHED)
    secure("published")
    op.execute(MILESTONES)
    secure("milestone_changes")
    op.execute(RECOMMENDATIONS)
    secure("recommendation_statuses")
