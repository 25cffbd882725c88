"""The directory as issue 2 needs it."""

from alembic import op

from shared.migrations import create_kit_tables, secure

revision = "0001"
down_revision = None

# References carry the tenant, so that no row can point at another centre's.
TABLES = """
create table organisations (
    tenant text not null,
    id uuid primary key,
    version int not null,
    name text not null,
    kind text not null,
    sector text not null,
    locality text,
    cvr text,
    closed_on date,
    unique (tenant, id)
);
create unique index organisations_cvr on organisations (tenant, cvr) where closed_on is null;

create table memberships (
    tenant text not null,
    id uuid primary key,
    version int not null,
    organisation_id uuid not null,
    kind text not null,
    started_on date not null,
    ended_on date check (ended_on >= started_on),
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
create unique index memberships_open on memberships (tenant, organisation_id, kind) where ended_on is null;

-- array_to_string is only "stable", because some types print differently under different settings; text does not.
create function joined(words text[]) returns text
    language sql immutable parallel safe return array_to_string(words, ' ');

create table activities (
    tenant text not null,
    id uuid primary key,
    version int not null,
    organisation_id uuid not null,
    title text not null,
    description text not null,
    themes text[] not null,
    target_groups text[] not null,
    languages text[] not null,
    locality text,
    state text not null,
    published_on date,
    withdrawn_on date,
    withdrawal_reason text,
    search tsvector not null generated always as (
        setweight(to_tsvector('danish', title), 'A')
        || setweight(to_tsvector('danish', joined(themes)), 'B')
        || setweight(to_tsvector('danish', description), 'C')
    ) stored,
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
-- No GIN index on search: row-level security hides it from the planner, because @@ is not leakproof.
create index activities_of_organisation on activities (tenant, organisation_id);
create index activities_by_state on activities (tenant, state, id);

create table content_pages (
    tenant text not null,
    id uuid primary key,
    version int not null,
    kind text not null,
    slug text not null,
    title text not null,
    body text not null,
    state text not null,
    published_on date,
    withdrawn_on date,
    unique (tenant, id),
    constraint content_pages_slug unique (tenant, slug)
);

create table initiatives (
    tenant text not null,
    id uuid primary key,
    version int not null,
    title text not null,
    area text,
    started_on date not null,
    ended_on date check (ended_on >= started_on),
    unique (tenant, id)
);
create table initiative_partners (
    tenant text not null,
    initiative_id uuid not null,
    organisation_id uuid not null,
    primary key (initiative_id, organisation_id),
    foreign key (tenant, initiative_id) references initiatives (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);

create table stakeholders (
    tenant text not null,
    id uuid primary key,
    version int not null,
    register text not null,
    name text not null,
    sector text not null,
    designated_on date not null,
    removed_on date check (removed_on >= designated_on),
    unique (tenant, id)
);
create index stakeholders_of_register on stakeholders (tenant, register, id);

-- One key for all centres, so it belongs to none: row-level security shows it only to code that works for every tenant.
create table pageview_keys (
    tenant text not null default '*' check (tenant = '*'),
    day date primary key,
    key bytea not null
);
"""


def upgrade() -> None:
    create_kit_tables()
    op.execute(TABLES)
    secure(
        "organisations",
        "memberships",
        "activities",
        "content_pages",
        "initiatives",
        "initiative_partners",
        "stakeholders",
        "pageview_keys",
    )
