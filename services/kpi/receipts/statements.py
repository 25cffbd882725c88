"""The SQL of recounting: what stood, what the log says, and where the two differ."""

SHADOWED = ("goals", "entries", "marks", "receipts", "packs", "packed", "tallies")
COPIED = ("evidence", "tallies")

# As in the schema (migration 0011), over whichever tables have these names.
EVIDENCE = """
create temp view evidence as
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

# One statement sees one moment: the numbers and receipts are those of exactly these offsets.
SNAPSHOT = """
with numbers as (
    insert into stood_tallies select * from public.tallies
    where tenant = :tenant and plan = :plan and goal = any(cast(:goals as text[]))
), receipts as (
    insert into stood_evidence select * from public.evidence
    where tenant = :tenant and plan = :plan and goal = any(cast(:goals as text[]))
)
select topic, partition, next from public.offsets
"""

# Nothing looks after a temporary table by itself; with no idea of their sizes PostgreSQL compares each row with each.
SIZES = "analyze stood_tallies, stood_evidence, entries, receipts, packs, packed, tallies"

STOOD = "select goal, part, dimension, value, as_of, events from stood_tallies"

# A number of nothing that no fact is behind is as good as none.
NUMBERS = """
select part, dimension, s.value as stored, s.events as stored_events, t.value as recounted, t.events as recounted_events
from (select * from stood_tallies where value <> 0 or events <> 0) s
full join (select * from tallies where value <> 0 or events <> 0) t using (tenant, plan, goal, part, dimension)
where (s.value, s.events, s.as_of) is distinct from (t.value, t.events, t.as_of)
order by part, dimension
"""

FACTS = """
select event_id, part, dimension, s.amount as stored, t.amount as recounted
from stood_evidence s full join evidence t using (tenant, plan, goal, part, dimension, event_id)
where s.amount is distinct from t.amount
order by event_id, part, dimension limit 100
"""

# Only what counted once can have been taken back: an undoing of something out of the period is no retraction.
RECEIPT = """
select
    count(distinct event_id) filter (where amount <> 0) as counted,
    count(distinct event_id) filter (where amount = 0) as superseded,
    count(distinct event_id) filter (where recorded >= :after) as late,
    count(*) filter (where recorded is null) as unknown,
    count(distinct event_id) as facts
from evidence where tenant = :tenant and plan = :plan and goal = :goal
"""

RETRACTED = """
select count(distinct (t.part, t.dimension, e.key)) from tallies t
join entries e using (number)
join evidence r on (r.tenant, r.plan, r.goal, r.part, r.dimension, r.subject)
    = (t.tenant, t.plan, t.goal, t.part, t.dimension, e.key)
where t.tenant = :tenant and t.plan = :plan and t.goal = :goal and not e.counts and t.part = any(cast(:parts as text[]))
"""
