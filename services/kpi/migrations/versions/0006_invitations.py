"""KPI: surveys that ask: who is a member, who was invited, by when a survey is answered, and who is reminded."""

from alembic import op

from shared.migrations import secure

revision = "0006"
down_revision = "0005"

SURVEYS = """
alter table surveys
    add column closes_on date,
    add column remind_days_before jsonb not null default '[7, 2]';
"""

MEMBERSHIPS = """
-- The directory's memberships as its events tell them, by the membership's id.
create table memberships (
    tenant text not null,
    id uuid primary key,
    sequence int not null,
    organisation_id uuid not null,
    stands boolean not null
);
create index memberships_standing on memberships (tenant, organisation_id) where stands;
"""

INVITATIONS = """
-- Without an address there is no contact and no link: somebody is asked whom staff must reach otherwise.
create table invitations (
    tenant text not null,
    id uuid primary key,
    version int not null,
    survey_id uuid not null,
    organisation_id uuid not null,
    name text,
    email text,
    language text not null,
    contact_id uuid,
    token_hash bytea,
    invited_at timestamptz not null,
    reminders int not null,
    reminded_at timestamptz,
    unique (tenant, survey_id, organisation_id),
    foreign key (tenant, survey_id) references surveys (tenant, id),
    check ((email is null) = (contact_id is null))
);
create index invitations_pages on invitations (tenant, survey_id, id);
create index invitations_addressed on invitations (survey_id) where contact_id is not null;
"""


def upgrade() -> None:
    for statements in (SURVEYS, MEMBERSHIPS, INVITATIONS):
        op.execute(statements)
    secure("memberships", "invitations")
