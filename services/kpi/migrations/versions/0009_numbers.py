"""KPI: what is counted is kept under eight bytes that stand for its number, not under five words."""

from alembic import op

from shared.migrations import secure

revision = "0009"
down_revision = "0008"

EVERY_TENANT = "select set_config('app.tenant', '*', true)"

# `TallyKey.number` reckons the same. Made by PostgreSQL itself, so that name and number never disagree.
NUMBERS = """
alter table tallies add column number bigint not null generated always as (
    cast(cast('x' || left(md5(
        tenant || chr(31) || plan || chr(31) || goal || chr(31) || part || chr(31) || dimension
    ), 16) as bit(64)) as bigint)
) stored;
-- A thing that was undone before it was done is remembered, and had no number yet.
insert into tallies (tenant, plan, goal, part, dimension, value, events)
select distinct tenant, plan, goal, part, dimension, 0, 0 from entries
on conflict do nothing;
-- One unique key only: of two, a batch that meets another one could be told of the wrong one.
alter table tallies drop constraint tallies_pkey, add primary key (number);
create index tallies_of_goal on tallies (tenant, plan, goal);
"""

ENTRIES = """
alter table entries rename to wide_entries;
create table entries (
    tenant text not null,
    number bigint not null,
    key text not null,
    event_id uuid not null,
    sequence int not null,
    time timestamptz not null,
    recorded timestamptz not null,
    day date,
    counts boolean not null,
    amount numeric not null
);
insert into entries
select tenant, number, key, event_id, sequence, time, recorded, day, counts, amount
from wide_entries join tallies using (tenant, plan, goal, part, dimension);
alter table entries add primary key (number, key);
drop table wide_entries;
"""

MARKS = """
alter table marks rename to wide_marks;
create table marks (tenant text not null, number bigint not null, hash bigint not null);
insert into marks
select tenant, number, hash from wide_marks join tallies using (tenant, plan, goal, part, dimension);
alter table marks add primary key (number, hash);
drop table wide_marks;
"""

RECEIPTS = """
drop view evidence;
alter table receipts rename to wide_receipts;
create table receipts (
    tenant text not null,
    number bigint not null,
    event_id uuid not null,
    id uuid not null default uuidv7(),
    type text not null,
    subject text,
    time timestamptz not null,
    amount numeric not null,
    recorded timestamptz
);
insert into receipts
select tenant, number, event_id, id, type, subject, time, amount, recorded
from wide_receipts join tallies using (tenant, plan, goal, part, dimension);
alter table receipts add primary key (number, event_id);
drop table wide_receipts;
"""

PACKS = """
alter table packs rename to wide_packs;
create table packs (
    tenant text not null,
    number bigint not null,
    type text not null,
    pack uuid not null default uuidv7(),
    event_ids uuid[] not null,
    subjects text[],
    times timestamptz[] not null,
    recorded timestamptz[] not null,
    amounts numeric[] not null
);
insert into packs
select tenant, number, type, pack, event_ids, subjects, times, recorded, amounts
from wide_packs join tallies using (tenant, plan, goal, part, dimension);
alter table packs add primary key (number, pack);
drop table wide_packs;
"""

EVIDENCE = """
create view evidence with (security_invoker = true) as
select t.tenant, t.plan, t.goal, t.part, t.dimension,
    r.event_id, r.id, r.type, r.subject, r.time, r.amount, r.recorded
from tallies t join receipts r using (number)
union all
select t.tenant, t.plan, t.goal, t.part, t.dimension, f.event_id,
    cast(left(cast(p.pack as text), 28) || lpad(to_hex(f.n), 8, '0') as uuid),
    p.type, f.subject, f.time, f.amount, f.recorded
from tallies t join packs p using (number), unnest(p.event_ids, p.subjects, p.times, p.amounts, p.recorded)
    with ordinality as f(event_id, subject, time, amount, recorded, n)
"""


def upgrade() -> None:
    op.execute(EVERY_TENANT)
    op.execute(NUMBERS)
    for statements, table in ((ENTRIES, "entries"), (MARKS, "marks"), (RECEIPTS, "receipts"), (PACKS, "packs")):
        op.execute(statements)
        secure(table)
    op.execute(EVIDENCE)
