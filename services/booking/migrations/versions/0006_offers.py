"""One table for what is offered to those who wait, for a time or for a seat."""

from alembic import op

from shared.migrations import secure

revision = "0006"
down_revision = "0005"

TABLE = """
create table offers (
    id uuid primary key,
    tenant text not null,
    line text not null check (line in ('time', 'seat')),
    place_id uuid not null,
    state text not null check (state in ('standing', 'taken', 'lapsed', 'withdrawn')),
    made_at timestamptz not null,
    answer_by timestamptz not null check (answer_by > made_at),
    ended_at timestamptz,
    hold_id uuid,
    starts_at timestamptz,
    ends_at timestamptz,
    locality text,
    check ((state = 'standing') = (ended_at is null)),
    check ((line = 'time') = (hold_id is not null)),
    check ((line = 'time') = (starts_at is not null and ends_at is not null))
);
-- Nobody is offered two things for one place in the line.
create unique index offers_standing on offers (place_id) where state = 'standing';
create index offers_over on offers (answer_by) where state = 'standing';
create index offers_of_place on offers (tenant, place_id);
"""

# When the offers of before were made is not known; what they say of it is that they were made before now.
FILL = """
insert into offers (id, tenant, line, place_id, state, made_at, answer_by, hold_id, starts_at, ends_at, locality)
    select gen_random_uuid(), tenant, 'time', id, 'standing', least(now(), answer_by - interval '1 second'),
        answer_by, hold_id, offer_starts_at, offer_ends_at, offer_locality
    from waiting where state = 'offered';
insert into offers (id, tenant, line, place_id, state, made_at, answer_by)
    select gen_random_uuid(), tenant, 'seat', id, 'standing', least(now(), offer_until - interval '1 second'),
        offer_until
    from signups where state = 'offered';
alter table waiting
    drop column hold_id,
    drop column offer_starts_at,
    drop column offer_ends_at,
    drop column offer_locality,
    drop column answer_by;
alter table signups drop column offer_until;
"""


def upgrade() -> None:
    # Row-level security is in force for the owner too: the statements below would see nothing.
    op.execute("select set_config('app.tenant', '*', true)")
    op.execute(TABLE)
    op.execute(FILL)
    secure("offers")
