"""KPI: receipts that can never change, many in one row; `evidence` shows them beside those that can."""

from alembic import op

from shared.migrations import secure

revision = "0007"
down_revision = "0006"

PACKS = """
alter table evidence rename to receipts;

-- The facts that one batch added to a number, side by side. Nothing is looked up in here by a fact: what has been told
-- already is recognised by the entry or the mark that it would change.
create table packs (
    tenant text not null,
    plan text not null,
    goal text not null,
    part text not null,
    dimension text not null,
    type text not null,
    pack uuid not null default uuidv7(),
    event_ids uuid[] not null,
    -- None where the fact's subject is nobody's business: a visitor.
    subjects text[],
    times timestamptz[] not null,
    recorded timestamptz[] not null,
    amounts numeric[] not null,
    primary key (tenant, plan, goal, pack)
);
"""

EVIDENCE = """
-- An id of its own for each, in the order in which they were stored: the pack's, with the place in it at its end.
create view evidence with (security_invoker = true) as
select tenant, plan, goal, part, dimension, event_id, id, type, subject, time, amount, recorded from receipts
union all
select tenant, plan, goal, part, dimension, f.event_id,
    cast(left(cast(pack as text), 28) || lpad(to_hex(f.n), 8, '0') as uuid),
    type, f.subject, f.time, f.amount, f.recorded
from packs, unnest(event_ids, subjects, times, amounts, recorded) with ordinality
    as f(event_id, subject, time, amount, recorded, n)
"""


def upgrade() -> None:
    op.execute(PACKS)
    secure("packs")
    op.execute(EVIDENCE)
