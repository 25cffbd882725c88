"""Notify: mails that ask the owners of the directory's entries whether these still hold."""

from alembic import op

revision = "0006"
down_revision = "0005"

# The check was made without a name, so it is looked up by what it says.
DROP = """
do $$
declare
    found text;
begin
    select conname into strict found from pg_constraint
    where conrelid = 'deliveries'::regclass and contype = 'c'
        and pg_get_constraintdef(oid) like '%survey_id IS NOT NULL%starts_at IS NOT NULL%';
    execute format('alter table deliveries drop constraint %I', found);
end $$;
"""
DELIVERIES = """
-- About how many entries such a mail asks. It has neither a time nor a survey.
alter table deliveries
    add column entries int check (entries > 0),
    add constraint deliveries_about
        check (survey_id is not null or entries is not null or (starts_at is not null and ends_at is not null));
"""


def upgrade() -> None:
    op.execute(DROP)
    op.execute(DELIVERIES)
