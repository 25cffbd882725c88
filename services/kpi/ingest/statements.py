"""The SQL of counting. `{rows}` stands for the batch's rows (`repository.send`).

A thing stands alike in most of the numbers that count it. It is sent once then, and those are `{numbers}`, which have
its place (`repository.send_things`).
"""

LOCK_GOALS = """
select from goals join {rows} using (tenant, plan, goal) order by tenant, plan, goal for no key update of goals
"""

# Each by its key, as the limit says, and below of the things in their numbers first: PostgreSQL, which cannot tell how
# many numbers a thing has, would join the numbers with all that was ever counted in them.
ENTRIES = """
select e.* from {rows} join {numbers} using (place), lateral (
    select number, key, event_id, sequence, time, recorded, day, counts, amount
    from entries where (number, key) = (n.number, r.key) limit 1
) as e
"""

SERIES = """
select number, key, event_id, sequence, time, recorded, day, counts, amount
from entries join {rows} using (number)
"""

ADD_ENTRIES = """
insert into entries (number, key, tenant, event_id, sequence, time, recorded, day, counts, amount)
select number, key, tenant, event_id, sequence, time, recorded, day, counts, amount
from {rows} join {numbers} using (place)
"""

CHANGE_ENTRIES = """
with moved as materialized (select * from {rows} join {numbers} using (place))
update entries e set event_id = m.event_id, sequence = m.sequence, time = m.time, recorded = m.recorded,
    day = m.day, counts = m.counts, amount = m.amount
from moved m where (e.number, e.key) = (m.number, m.key)
"""

ADD_MARKS = """
insert into marks (tenant, number, hash) select * from {rows} on conflict do nothing returning number, hash
"""

# Many receipts are one row: written in a tenth of the time, and read through the view `evidence` like the others.
PACK_RECEIPTS = """
insert into packs (tenant, pack, type, event_ids, subjects, times, recorded, amounts) select * from {rows}
"""

NUMBER_PACKS = """
insert into packed (tenant, number, pack) select * from {rows}
"""

# An event that arrives again has its receipt already; only new ones are counted as events behind a number.
ADD_RECEIPTS = """
with new as (
    insert into receipts (number, event_id, tenant, type, subject, time, amount, recorded) select * from {rows}
    on conflict do nothing
    returning number
)
select number, count(*) from new group by number
"""

REWEIGH_RECEIPTS = """
update receipts e set amount = r.amount from {rows} where (e.number, e.event_id) = (r.number, r.event_id)
"""

CHANGE_TALLIES = """
insert into tallies as t (tenant, plan, goal, part, dimension, value, as_of, events)
select * from {rows}
on conflict (number) do update set
    value = t.value + excluded.value, events = t.events + excluded.events,
    as_of = greatest(t.as_of, excluded.as_of)
"""

DATE_TALLIES = """
update tallies t set as_of = r.as_of from {rows} where t.number = r.number
"""

THESE = "with these as (select number from tallies t join {rows} using (tenant, plan, goal))"
# A pack may be of several goals, and goes with the last one. The tallies last: they say whose number is whose.
FORGET = [
    *(
        f"{THESE} delete from {table} where number in (select number from these)"  # noqa: S608 - all of them ours
        for table in ("entries", "marks", "receipts")
    ),
    f"""
    {THESE}, gone as (delete from packed where number in (select number from these) returning pack)
    delete from packs p where pack in (select pack from gone) and not exists (
        select from packed k where k.pack = p.pack and k.number not in (select number from these)
    )
    """,  # noqa: S608 - all of them ours
    f"{THESE} delete from tallies where number in (select number from these)",  # noqa: S608 - all of them ours
]
