"""Matching as issue 2 needs it."""

from alembic import op

from shared.migrations import create_kit_tables, secure

revision = "0001"
down_revision = None

# References carry the tenant, so that no row can point at another centre's.
TABLES = """
create table contacts (
    tenant text not null,
    id uuid primary key,
    name text not null,
    email text not null,
    phone text,
    language text not null,
    unique (tenant, id)
);

-- A person's details live in `contacts` only, and a volunteer who has withdrawn has none.
create table volunteers (
    tenant text not null,
    id uuid primary key,
    version int not null,
    state text not null,
    interests text[] not null,
    locality text,
    languages text[] not null,
    contact_id uuid unique,
    token_digest bytea not null,
    registered_at timestamptz not null,
    withdrawn_at timestamptz,
    foreign key (tenant, contact_id) references contacts (tenant, id),
    check ((state = 'withdrawn') = (contact_id is null)),
    check ((state = 'withdrawn') = (withdrawn_at is not null))
);
create index volunteers_of_tenant on volunteers (tenant, id);

create table opportunities (
    tenant text not null,
    id uuid primary key,
    version int not null,
    state text not null,
    organisation_id uuid not null,
    kind text not null,
    title text not null,
    description text not null,
    skills text[] not null,
    locality text,
    posted_at timestamptz not null,
    closed_at timestamptz,
    check ((state = 'closed') = (closed_at is not null))
);
create index opportunities_open on opportunities (tenant, id) where state = 'open';
create index opportunities_of_organisation on opportunities (tenant, organisation_id, id);

create table engagements (
    tenant text not null,
    id uuid primary key,
    version int not null,
    state text not null,
    company_id uuid not null,
    organisation_id uuid,
    kind text not null,
    agreed_at timestamptz not null,
    held_on date,
    hours double precision check (hours > 0),
    check ((state = 'held') = (held_on is not null))
);
create index engagements_of_company on engagements (tenant, company_id, id);
"""


def upgrade() -> None:
    create_kit_tables()
    op.execute(TABLES)
    secure("contacts", "volunteers", "opportunities", "engagements")
