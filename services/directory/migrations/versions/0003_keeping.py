"""How entries are kept: earlier versions, changes before they are shown, links for editors, and further registers."""

from alembic import op

from shared.migrations import secure

revision = "0003"
down_revision = "0002"

# What an entry looked like after each change, whoever made it: the database writes it down, so nobody can forget to.
VERSIONS = """
create table entry_versions (
    tenant text not null,
    entry_id uuid not null,
    version int not null,
    at timestamptz not null default clock_timestamp(),
    fields jsonb not null,
    primary key (entry_id, version)
);
create index entry_versions_by_age on entry_versions (at);
create function keep_version() returns trigger language plpgsql as $$
begin
    insert into entry_versions (tenant, entry_id, version, fields)
    values (new.tenant, new.id, new.version, to_jsonb(new) - array['tenant', 'id', 'version', 'search', 'modified_at'])
    on conflict do nothing;
    return null;
end $$;
"""
# Only what counts as a version: that an entry grows old is none.
KEPT = """
create trigger {table}_begun after insert on {table} for each row execute function keep_version();
create trigger {table}_kept after update on {table} for each row
    when (old.version is distinct from new.version) execute function keep_version();
"""
# What stood there before this was written down.
BEGUN = """
insert into entry_versions (tenant, entry_id, version, fields)
select tenant, id, version, to_jsonb(t) - array['tenant', 'id', 'version', 'search', 'modified_at'] from {table} t;
"""
TABLES = """
-- A change that somebody has written and the public does not see yet. One is open at a time for an entry.
create table changes (
    tenant text not null,
    id uuid primary key,
    version int not null,
    kind text not null check (kind in ('organisation', 'activity', 'premises')),
    entry_id uuid not null,
    organisation_id uuid,
    fields jsonb not null,
    state text not null check (state in ('draft', 'submitted', 'returned', 'approved', 'dropped')),
    reason text,
    -- What it changed, as it was when it was decided.
    decided jsonb,
    submitted_at timestamptz,
    decided_at timestamptz,
    unique (tenant, id)
);
create unique index changes_open on changes (tenant, entry_id) where state in ('draft', 'submitted', 'returned');
create index changes_by_state on changes (tenant, state, id);
create index changes_of_organisation on changes (tenant, organisation_id, id);
create table review_policies (
    tenant text primary key,
    wanted boolean not null
);

-- A link by which whoever is mailed it edits one organisation's entries until a day, and nothing else.
create table editor_links (
    tenant text not null,
    id uuid primary key,
    version int not null,
    organisation_id uuid not null,
    contact_role_id uuid not null,
    contact_id uuid,
    token_hash bytea not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id),
    foreign key (tenant, contact_role_id) references contact_roles (tenant, id)
);
create index editor_links_of_organisation on editor_links (tenant, organisation_id);
create index editor_links_to_forget on editor_links (expires_at) where contact_id is not null;

create table agreements (
    tenant text not null,
    id uuid primary key,
    version int not null,
    kind text not null,
    title text not null,
    locality text,
    area text,
    terms text not null default '',
    concluded_on date not null,
    runs_until date check (runs_until > concluded_on),
    ended_on date check (ended_on >= concluded_on),
    unique (tenant, id)
);
create index agreements_running on agreements (runs_until) where ended_on is null;
create table agreement_parties (
    tenant text not null,
    agreement_id uuid not null,
    organisation_id uuid not null,
    primary key (agreement_id, organisation_id),
    foreign key (tenant, agreement_id) references agreements (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);

create table bodies (
    tenant text not null,
    id uuid primary key,
    version int not null,
    kind text not null,
    slug text not null,
    name text not null,
    organisation_id uuid,
    established_on date not null,
    dissolved_on date check (dissolved_on >= established_on),
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
create unique index bodies_slug on bodies (tenant, slug) where dissolved_on is null;
-- Who holds a post: a person, whose name leaves this database in no event.
create table appointments (
    tenant text not null,
    id uuid primary key,
    version int not null,
    body_id uuid,
    role text not null,
    name text not null,
    locality text,
    organisation_id uuid,
    started_on date not null,
    ended_on date check (ended_on >= started_on),
    unique (tenant, id),
    foreign key (tenant, body_id) references bodies (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
create index appointments_of_body on appointments (tenant, body_id) where ended_on is null;

-- When a funder (fond, pulje) takes applications.
create table funder_deadlines (
    tenant text not null,
    id uuid primary key,
    version int not null,
    organisation_id uuid not null,
    title text not null,
    due_on date not null,
    note text not null default '',
    website text,
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
create index funder_deadlines_by_day on funder_deadlines (tenant, due_on);

-- While its season lasts a page stands on the front page.
alter table content_pages
    add column front_from date,
    add column front_to date,
    add check (front_to >= front_from);
create index activities_to_publish on activities (publish_on) where publish_on is not null;
create index activities_to_expire on activities (expires_on) where expires_on is not null and state = 'published';
"""


def upgrade() -> None:
    op.execute(VERSIONS + TABLES)
    secure(
        "entry_versions",
        "changes",
        "review_policies",
        "editor_links",
        "agreements",
        "agreement_parties",
        "bodies",
        "appointments",
        "funder_deadlines",
    )
    # Row-level security holds for whoever migrates, too.
    op.execute("select set_config('app.tenant', '*', true)")
    for table in ("organisations", "premises", "activities", "content_pages"):
        op.execute(BEGUN.format(table=table) + KEPT.format(table=table))
