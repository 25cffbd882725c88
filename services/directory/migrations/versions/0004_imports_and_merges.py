"""Entries that came in files, entries that are one and the same, and what became one."""

from alembic import op

from shared.migrations import secure

revision = "0004"
down_revision = "0006"

TABLES = """
create table merges (
    tenant text not null,
    id uuid primary key,
    version int not null,
    kept_id uuid not null,
    merged_id uuid not null check (merged_id <> kept_id),
    merged_at timestamptz not null,
    undone_at timestamptz,
    done jsonb not null,
    unique (tenant, id),
    foreign key (tenant, kept_id) references organisations (tenant, id),
    foreign key (tenant, merged_id) references organisations (tenant, id)
);
create unique index merges_standing on merges (tenant, merged_id) where undone_at is null;

-- Two that look alike and are not the same: somebody looked, and nobody need look again.
create table not_the_same (
    tenant text not null,
    one uuid not null,
    other uuid not null check (one < other),
    said_at timestamptz not null default now(),
    primary key (tenant, one, other),
    foreign key (tenant, one) references organisations (tenant, id),
    foreign key (tenant, other) references organisations (tenant, id)
);

create table imports (
    tenant text not null,
    id uuid primary key,
    version int not null,
    source text not null,
    format text not null check (format in ('csv', 'xlsx', 'hsds')),
    headings jsonb not null,
    mapping jsonb not null,
    state text not null check (state in ('previewed', 'adopting', 'adopted')),
    publish boolean not null default true,
    lines int not null,
    done int not null default 0,
    created_at timestamptz not null,
    adopted_at timestamptz,
    unique (tenant, id)
);
create index imports_at_work on imports (id) where state = 'adopting';
-- What a line said is kept until it is adopted; its label and what became of it stay for the report.
create table import_lines (
    tenant text not null,
    import_id uuid not null,
    number int not null,
    cells jsonb not null,
    label text not null,
    outcome text not null,
    decision text check (decision in ('add', 'same', 'skip')),
    same_as uuid,
    score int,
    findings jsonb not null default '[]',
    organisation_id uuid,
    activity_id uuid,
    premises_id uuid,
    done_at timestamptz,
    primary key (import_id, number),
    foreign key (tenant, import_id) references imports (tenant, id) on delete cascade
);
create index import_lines_left on import_lines (import_id, number) where done_at is null;
-- How a source calls what stands here: the same line again finds it, whatever it has been renamed to since.
create table import_identities (
    tenant text not null,
    key text not null,
    thing_id uuid not null,
    primary key (tenant, key)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("merges", "not_the_same", "imports", "import_lines", "import_identities")
