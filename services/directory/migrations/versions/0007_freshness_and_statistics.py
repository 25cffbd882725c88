"""How fresh an entry is and who was asked about it; page views summed up by day; links that say what a browser is."""

from alembic import op

from shared.migrations import secure

revision = "0007"
down_revision = "0005"

TODAY = "(now() at time zone 'Europe/Copenhagen')::date"
FRESHNESS = f"""
    add column entered_on date not null default {TODAY},
    add column freshness text not null default 'fresh'
        check (freshness in ('fresh', 'ask', 'asked', 'asked_again', 'sunk', 'hidden')),
    add column freshness_since date not null default {TODAY}
"""
# What stands there already was entered when its id was made, if its id says when.
ENTERED = """
update {table} set entered_on = (uuid_extract_timestamp(id) at time zone 'Europe/Copenhagen')::date
where uuid_extract_timestamp(id) < now();
"""
TABLES = """
-- What the directory shows and somebody must answer for. What a partner sends, the partner assures.
create view directory_entries with (security_invoker = true) as
    select tenant, 'organisation' as kind, id, id as organisation_id, name as title,
        assured_on, source is not null as imported, entered_on, freshness, freshness_since
    from organisations
    where closed_on is null and replaced_by is null and assured_by is distinct from 'partner'
    union all
    select tenant, 'activity', id, organisation_id, title,
        assured_on, source is not null, entered_on, freshness, freshness_since
    from activities
    where state = 'published' and replaced_by is null and assured_by is distinct from 'partner'
    union all
    select tenant, 'premises', id, organisation_id, name,
        assured_on, source is not null, entered_on, freshness, freshness_since
    from premises
    where closed_on is null and replaced_by is null and assured_by is distinct from 'partner';

-- What machines are told of. An organisation and premises stay, because what is shown stands in them: there
-- `assured_date` says how old they are.
create or replace function shown(entry activities) returns boolean language sql stable parallel safe
    return entry.state = 'published' and entry.replaced_by is null and entry.freshness <> 'hidden';

-- After how many months a kind of entry is asked about; null: never.
create table freshness_policies (
    tenant text primary key,
    organisation int check (organisation between 1 and 60),
    activity int check (activity between 1 and 60),
    premises int check (premises between 1 and 60)
);

-- One letter to one owner, with a link of its own, about one entry or many.
create table freshness_askings (
    tenant text not null,
    id uuid primary key,
    version int not null,
    contact_role_id uuid not null,
    contact_id uuid,
    token_hash bytea not null,
    asked_on date not null,
    reminded_on date,
    lapsed_on date,
    unique (tenant, id)
);
create index freshness_askings_by_day on freshness_askings (tenant, asked_on);
create table freshness_questions (
    tenant text not null,
    id uuid primary key,
    version int not null,
    asking_id uuid not null,
    kind text not null check (kind in ('organisation', 'activity', 'premises')),
    entry_id uuid not null,
    answer text check (answer in ('still_right', 'closed', 'elsewhere')),
    answered_on date check ((answered_on is null) = (answer is null)),
    changed_on date,
    note text,
    unique (tenant, asking_id, entry_id),
    foreign key (tenant, asking_id) references freshness_askings (tenant, id)
);
create index freshness_questions_of_entry on freshness_questions (tenant, entry_id);

-- How often a page was shown on a Danish day, and a sketch of by how many: it can be added to and united, and nobody
-- can be found in it. The hashes that went into it are of a key that is thrown away.
create table page_days (
    tenant text not null,
    site text not null,
    day date not null,
    page text not null,
    unit text not null default '',
    views bigint not null,
    visitors bytea not null,
    primary key (tenant, site, day, page, unit)
);

-- A link by which staff tell what a browser is: one of a department, or their own, which is not counted.
create table visit_links (
    tenant text not null,
    id uuid primary key,
    version int not null,
    unit text,
    token_hash bytea not null unique,
    made_on date not null,
    ended_on date,
    unique (tenant, id)
);
"""


def upgrade() -> None:
    op.execute("select set_config('app.tenant', '*', true)")
    for table in ("organisations", "activities", "premises"):
        op.execute(f"alter table {table} {FRESHNESS}")
        op.execute(ENTERED.format(table=table))
    op.execute(TABLES)
    secure("freshness_policies", "freshness_askings", "freshness_questions", "page_days", "visit_links")
