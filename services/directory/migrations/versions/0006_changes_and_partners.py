"""Every change of an entry in the order of the commits, and entries that a partner keeps."""

from alembic import op

from shared.migrations import secure

revision = "0006"
down_revision = "0003"

# Whether everybody may see an entry, told once, for the open interfaces and for the feeds of changes. An activity is
# seen if its organisation is, too: that is for the query to ask, since a subquery here could not become part of it.
SHOWN = """
create function shown(entry organisations) returns boolean language sql stable parallel safe
    return entry.closed_on is null and entry.replaced_by is null;
create function shown(entry activities) returns boolean language sql stable parallel safe
    return entry.state = 'published' and entry.replaced_by is null;
create function shown(entry premises) returns boolean language sql stable parallel safe
    return entry.closed_on is null and entry.replaced_by is null;
"""

# One row an entry that everybody could ever see: when it last changed, in the order in which changes were committed.
CHANGES = """
create table feed_changes (
    tenant text not null,
    kind text not null check (kind in ('organisation', 'activity', 'premises')),
    id uuid not null,
    number bigint not null,
    primary key (tenant, kind, id)
);
create unique index feed_changes_in_order on feed_changes (tenant, kind, number);
create sequence feed_numbers;

-- Called at the very end of a transaction. The lock is held from before the number is drawn until after the commit, so
-- whoever sees a number sees all smaller ones of the centre: a number that is drawn earlier cannot appear later.
-- Nothing else is waited for while it is held, so it cannot be part of a deadlock, and it is held for a commit's time.
create function note_change(of_tenant text, of_kind text, of_id uuid, is_shown boolean) returns void
    language plpgsql as $$
begin
    perform pg_advisory_xact_lock(7302413, hashtext(of_tenant));
    if is_shown then
        insert into feed_changes values (of_tenant, of_kind, of_id, nextval('feed_numbers'))
            on conflict (tenant, kind, id) do update set number = excluded.number;
    else
        -- What nobody could ever see leaves no trace: a draft is not told of, not even by its end.
        update feed_changes set number = nextval('feed_numbers')
            where tenant = of_tenant and kind = of_kind and id = of_id;
    end if;
end $$;

create function organisation_noted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform note_change(old.tenant, 'organisation', old.id, false);
        return null;
    end if;
    perform note_change(new.tenant, 'organisation', new.id, shown(new));
    if tg_op = 'UPDATE' then
        -- A service is told with its organisation in it.
        perform note_change(tenant, 'activity', id, shown(activities))
            from activities where tenant = new.tenant and organisation_id = new.id;
    end if;
    return null;
end $$;

create function premises_noted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform note_change(old.tenant, 'premises', old.id, false);
        return null;
    end if;
    perform note_change(new.tenant, 'premises', new.id, shown(new));
    if tg_op = 'UPDATE' then
        perform note_change(tenant, 'activity', id, shown(activities))
            from activities where tenant = new.tenant and premises_id = new.id;
    end if;
    return null;
end $$;

create function activity_noted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform note_change(old.tenant, 'activity', old.id, false);
    else
        perform note_change(new.tenant, 'activity', new.id, shown(new));
    end if;
    return null;
end $$;

create constraint trigger organisations_noted after insert or update or delete on organisations
    deferrable initially deferred for each row execute function organisation_noted();
create constraint trigger premises_noted after insert or update or delete on premises
    deferrable initially deferred for each row execute function premises_noted();
create constraint trigger activities_noted after insert or update or delete on activities
    deferrable initially deferred for each row execute function activity_noted();

create index activities_at_premises on activities (tenant, premises_id) where premises_id is not null;

-- What is there already; oldest first, because that is how it came.
select set_config('app.tenant', '*', true);
insert into feed_changes select tenant, 'organisation', id, nextval('feed_numbers')
    from (select * from organisations where shown(organisations) order by id) as entry;
insert into feed_changes select tenant, 'premises', id, nextval('feed_numbers')
    from (select * from premises where shown(premises) order by id) as entry;
insert into feed_changes select tenant, 'activity', id, nextval('feed_numbers')
    from (select * from activities where shown(activities) order by id) as entry;
select set_config('app.tenant', '', true);
"""

PARTNERS = """
-- Who may show its entries here. `source` is what its events call themselves; `accepts` are wire types of events.
create table partners (
    tenant text not null,
    id uuid primary key,
    version int not null,
    source text not null,
    name text not null,
    accepts text[] not null,
    ended_on date,
    unique (tenant, id),
    constraint partners_source unique (tenant, source)
);

-- Which entry is whose, and how far the partner has told of it. Also of what was withdrawn before it was ever shown.
create table partner_entries (
    tenant text not null,
    partner_id uuid not null,
    kind text not null check (kind in ('organisation', 'activity')),
    source_id text not null,
    entry_id uuid not null,
    sequence int not null,
    primary key (tenant, partner_id, kind, source_id),
    unique (tenant, entry_id),
    foreign key (tenant, partner_id) references partners (tenant, id)
);
"""


def upgrade() -> None:
    op.execute(SHOWN)
    op.execute(CHANGES)
    op.execute(PARTNERS)
    secure("feed_changes", "partners", "partner_entries")
