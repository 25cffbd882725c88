"""KPI: a pack of receipts is stored once for all the numbers that its facts changed alike."""

from alembic import op

from shared.migrations import secure

revision = "0011"
down_revision = "0010"

EVERY_TENANT = "select set_config('app.tenant', '*', true)"

PACKED = """
drop view evidence;
create table packed (
    tenant text not null,
    number bigint not null,
    -- Of the pack in this number: the ids of its receipts there begin like it.
    id uuid not null default uuidv7(),
    pack uuid not null
);
insert into packed select tenant, number, pack, pack from packs;
alter table packed add primary key (number, id);
-- With the column goes its primary key.
alter table packs drop column number, add primary key (pack);
-- None where each of the facts adds one.
alter table packs alter column amounts drop not null;
-- Ids and moments hardly get smaller, and to try costs more than to store them.
alter table packs
    alter column event_ids set storage external, alter column subjects set storage external,
    alter column times set storage external, alter column recorded set storage external,
    alter column amounts set storage external;
"""

EVIDENCE = """
create view evidence with (security_invoker = true) as
select t.tenant, t.plan, t.goal, t.part, t.dimension,
    r.event_id, r.id, r.type, r.subject, r.time, r.amount, r.recorded
from tallies t join receipts r using (number)
union all
select t.tenant, t.plan, t.goal, t.part, t.dimension, f.event_id,
    cast(left(cast(k.id as text), 28) || lpad(to_hex(f.n), 8, '0') as uuid),
    p.type, f.subject, f.time, coalesce(f.amount, 1), f.recorded
from tallies t join packed k using (number) join packs p using (pack),
    unnest(p.event_ids, p.subjects, p.times, p.amounts, p.recorded)
    with ordinality as f(event_id, subject, time, amount, recorded, n)
"""

# The setting is read once a statement, not once a row.
POLICY = """
alter policy tenant_sees_its_own on {table}
using ((select current_setting('app.tenant', true)) in (tenant, '*'))
with check ((select current_setting('app.tenant', true)) in (tenant, '*'))
"""


def upgrade() -> None:
    op.execute(EVERY_TENANT)
    op.execute(PACKED)
    secure("packed")
    op.execute(EVIDENCE)
    for table in ("entries", "marks", "receipts", "packs", "packed", "tallies"):
        op.execute(POLICY.format(table=table))
