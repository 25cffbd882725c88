"""The SQL of counting. `{rows}` stands for the batch's rows (`repository.run`)."""

LOCK_GOALS = """
select from goals join {rows} using (tenant, plan, goal) order by tenant, plan, goal for no key update of goals
"""

ENTRIES = """
select tenant, plan, goal, part, dimension, key, event_id, sequence, time, recorded, day, counts, amount
from entries join (select r.tenant, r.plan, r.goal, r.part, r.dimension, unnest(r.keys) as key from {rows}) asked
using (tenant, plan, goal, part, dimension, key)
"""

SERIES = """
select tenant, plan, goal, part, dimension, key, event_id, sequence, time, recorded, day, counts, amount
from entries join {rows} using (tenant, plan, goal, part, dimension)
"""

PUT_ENTRIES = """
insert into entries
    (tenant, plan, goal, part, dimension, key, event_id, sequence, time, recorded, day, counts, amount)
select r.tenant, r.plan, r.goal, r.part, r.dimension, e.*
from {rows}, unnest(r.keys, r.event_ids, r.sequences, r.times, r.recorded, r.days, r.counts, r.amounts) e
on conflict (tenant, plan, goal, part, dimension, key) do update set
    event_id = excluded.event_id, sequence = excluded.sequence, time = excluded.time, recorded = excluded.recorded,
    day = excluded.day, counts = excluded.counts, amount = excluded.amount
"""

ADD_MARKS = """
with new as (
    insert into marks (tenant, plan, goal, part, dimension, hash)
    select r.tenant, r.plan, r.goal, r.part, r.dimension, unnest(r.hashes) from {rows}
    on conflict do nothing
    returning tenant, plan, goal, part, dimension, hash
)
select tenant, plan, goal, part, dimension, array_agg(hash) from new group by tenant, plan, goal, part, dimension
"""

# Many receipts are one row: written in a tenth of the time, and read through the view `evidence` like the others.
PACK_RECEIPTS = """
insert into packs (tenant, plan, goal, part, dimension, type, event_ids, subjects, times, recorded, amounts)
select * from {rows}
"""

# An event that arrives again has its receipt already; only new ones are counted as events behind a number.
ADD_RECEIPTS = """
with new as (
    insert into receipts (tenant, plan, goal, part, dimension, event_id, type, subject, time, amount, recorded)
    select * from {rows}
    on conflict do nothing
    returning tenant, plan, goal, part, dimension
)
select tenant, plan, goal, part, dimension, count(*) from new group by tenant, plan, goal, part, dimension
"""

REWEIGH_RECEIPTS = """
update receipts e set amount = r.amount from {rows}
where (e.tenant, e.plan, e.goal, e.part, e.dimension, e.event_id)
    = (r.tenant, r.plan, r.goal, r.part, r.dimension, r.event_id)
"""

CHANGE_TALLIES = """
insert into tallies as t (tenant, plan, goal, part, dimension, value, as_of, events)
select * from {rows}
on conflict (tenant, plan, goal, part, dimension) do update set
    value = t.value + excluded.value, events = t.events + excluded.events,
    as_of = greatest(t.as_of, excluded.as_of)
"""

DATE_TALLIES = """
update tallies t set as_of = r.as_of from {rows}
where (t.tenant, t.plan, t.goal, t.part, t.dimension) = (r.tenant, r.plan, r.goal, r.part, r.dimension)
"""

FORGET = (
    "delete from entries t using {rows} where (t.tenant, t.plan, t.goal) = (r.tenant, r.plan, r.goal)",
    "delete from marks t using {rows} where (t.tenant, t.plan, t.goal) = (r.tenant, r.plan, r.goal)",
    "delete from packs t using {rows} where (t.tenant, t.plan, t.goal) = (r.tenant, r.plan, r.goal)",
    "delete from receipts t using {rows} where (t.tenant, t.plan, t.goal) = (r.tenant, r.plan, r.goal)",
    "delete from tallies t using {rows} where (t.tenant, t.plan, t.goal) = (r.tenant, r.plan, r.goal)",
)
