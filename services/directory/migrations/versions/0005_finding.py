"""What finding needs: what changed, what words also mean, what was shown, what was looked for and not found."""

from alembic import op

from shared.migrations import secure

revision = "0005"
down_revision = "0004"

TABLES = """
-- Which activities may be shown otherwise now (null: all of this centre's). Each API process follows it by the number
-- of the transaction that wrote the row: an id alone may commit after a larger one, and would be passed over.
create table search_changes (
    tenant text not null,
    id bigint generated always as identity primary key,
    activity_id uuid,
    changed_by xid8 not null default pg_current_xact_id(),
    changed_at timestamptz not null default now()
);
create index search_changes_by_transaction on search_changes (changed_by);
create index search_changes_by_age on search_changes (changed_at);

create function activity_changed() returns trigger language plpgsql as $$
begin
    if coalesce(new.state, '') = 'published' or coalesce(old.state, '') = 'published' then
        insert into search_changes (tenant, activity_id)
            values (coalesce(new.tenant, old.tenant), coalesce(new.id, old.id));
    end if;
    return null;
end $$;
create trigger activities_to_search after insert or update or delete on activities
    for each row execute function activity_changed();

create function organisation_renamed() returns trigger language plpgsql as $$
begin
    insert into search_changes (tenant, activity_id)
        select tenant, id from activities
        where tenant = new.tenant and organisation_id = new.id and state = 'published';
    return null;
end $$;
create trigger organisations_to_search after update of name on organisations
    for each row when (old.name is distinct from new.name) execute function organisation_renamed();

create function premises_changed_place() returns trigger language plpgsql as $$
begin
    insert into search_changes (tenant, activity_id)
        select tenant, id from activities where tenant = new.tenant and premises_id = new.id and state = 'published';
    return null;
end $$;
create trigger premises_to_search after update of latitude, longitude, postcode, locality, accessibility on premises
    for each row execute function premises_changed_place();

create function all_changed() returns trigger language plpgsql as $$
begin
    insert into search_changes (tenant) values (coalesce(new.tenant, old.tenant));
    return null;
end $$;
create trigger localities_to_search after insert or update or delete on localities
    for each row execute function all_changed();

create table search_synonyms (
    tenant text not null,
    word text not null,
    finds text[] not null,
    primary key (tenant, word)
);
create trigger synonyms_to_search after insert or update or delete on search_synonyms
    for each row execute function all_changed();

-- How often an entry stood on a page of results, and how often it was opened. Nobody's: there is no visitor in it.
create table search_shown (
    tenant text not null,
    organisation_id uuid not null,
    activity_id uuid not null,
    day date not null,
    shown int not null default 0,
    opened int not null default 0,
    primary key (tenant, activity_id, day)
);
create index search_shown_of_organisation on search_shown (tenant, organisation_id, day);

-- What was looked for and not found, as counts by day; `filters` are names of filters, never what was chosen.
create table search_gaps (
    tenant text not null,
    month date not null,
    day date not null,
    words text not null,
    filters text not null,
    searches int not null,
    primary key (tenant, day, words, filters)
);
-- How many different visitors looked for the same: a mark is a hash of the visitor and the words together, under a key
-- of the month, so that two searches of one visitor cannot be told to be one visitor's.
create table search_marks (
    tenant text not null,
    month date not null,
    words text not null,
    mark bytea not null,
    primary key (tenant, month, words, mark)
);
-- One key for all centres, like those of page views.
create table search_keys (
    tenant text not null default '*' check (tenant = '*'),
    month date primary key,
    key bytea not null
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("search_changes", "search_synonyms", "search_shown", "search_gaps", "search_marks", "search_keys")
