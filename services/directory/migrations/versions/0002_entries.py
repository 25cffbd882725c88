"""What an entry of the directory says of itself, and who may be asked about it."""

from alembic import op

from shared.migrations import secure

revision = "0002"
down_revision = "0001"

# Entries are what the directory shows: organisations, activities, premises. `modified_at` follows every change, so that
# whoever harvests them can ask for what is newer; `assured_on` moves only when somebody says that it still holds.
ENTRY = """
    add column modified_at timestamptz not null default now(),
    add column assured_on date,
    add column assured_by text check (assured_by in ('owner', 'staff', 'partner')),
    add column source text,
    add column source_id text,
    add column replaced_by uuid,
    add column translations jsonb not null default '{}'
"""
TABLES = f"""
alter table organisations {ENTRY},
    add column description text not null default '',
    add column website text,
    add column public_email text,
    add column public_phone text,
    add column size int check (size > 0),
    add column address text,
    add column postcode text,
    add column latitude double precision,
    add column longitude double precision,
    add column life text check (life in ('facilitated', 'semi_facilitated', 'independent'));

create table premises (
    tenant text not null,
    id uuid primary key,
    version int not null,
    organisation_id uuid,
    name text not null,
    description text not null default '',
    address text,
    postcode text,
    locality text,
    latitude double precision,
    longitude double precision,
    capacity int check (capacity > 0),
    accessibility text[] not null default '{{}}',
    resource_id uuid,
    registered_on date not null,
    closed_on date check (closed_on >= registered_on),
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
alter table premises {ENTRY};

alter table activities {ENTRY},
    add column form text not null default 'physical' check (form in ('physical', 'digital', 'both')),
    add column price int check (price >= 0),
    add column accessibility text[] not null default '{{}}',
    add column schedules jsonb not null default '[]',
    add column how_to_join text not null default '',
    add column website text,
    add column companion_welcome boolean not null default false,
    add column volunteers_wanted boolean not null default false,
    add column premises_id uuid,
    add column address text,
    add column postcode text,
    add column latitude double precision,
    add column longitude double precision,
    add column publish_on date,
    add column expires_on date,
    add foreign key (tenant, premises_id) references premises (tenant, id);

alter table content_pages
    add column modified_at timestamptz not null default now(),
    add column translations jsonb not null default '{{}}';

create function entry_changed() returns trigger language plpgsql as $$
begin
    new.modified_at = clock_timestamp();
    return new;
end $$;
create trigger organisations_changed before update on organisations for each row execute function entry_changed();
create trigger premises_changed before update on premises for each row execute function entry_changed();
create trigger activities_changed before update on activities for each row execute function entry_changed();
create trigger content_pages_changed before update on content_pages for each row execute function entry_changed();

-- Who speaks for an organisation, in which role; more than one may. What they are called never leaves this database
-- but for the restricted topic by which notify reaches them.
create table contact_roles (
    tenant text not null,
    id uuid primary key,
    version int not null,
    organisation_id uuid not null,
    role text not null check (role in ('editor', 'chair', 'contact')),
    contact_id uuid not null,
    name text not null,
    email text not null,
    phone text,
    language text not null default 'da',
    ended_on date,
    unique (tenant, id),
    foreign key (tenant, organisation_id) references organisations (tenant, id)
);
create index contact_roles_of_organisation on contact_roles (tenant, organisation_id) where ended_on is null;

-- Places as the centre knows them: towns and districts, with the postcodes that lie in them and a point on the map.
create table localities (
    tenant text not null,
    id uuid primary key,
    version int not null,
    name text not null,
    kind text not null check (kind in ('municipality', 'town', 'district', 'village')),
    part_of uuid,
    postcodes text[] not null default '{{}}',
    latitude double precision,
    longitude double precision,
    unique (tenant, id),
    constraint localities_name unique (tenant, name)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    secure("premises", "contact_roles", "localities")
