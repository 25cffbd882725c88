"""Activities and premises, too, are merged and told apart: which two they are depends on the kind."""

from alembic import op

revision = "0008"
down_revision = "0009"

# An id of another kind refers to another table, so these can no longer be references. No entry is ever deleted.
CHANGES = """
-- What the migrations before this one changed of entries is noted now: their tables cannot be altered before that.
set constraints all immediate;
alter table merges
    add column kind text not null default 'organisation' check (kind in ('organisation', 'activity', 'premises')),
    drop constraint merges_tenant_kept_id_fkey,
    drop constraint merges_tenant_merged_id_fkey;
alter table not_the_same
    drop constraint not_the_same_tenant_one_fkey,
    drop constraint not_the_same_tenant_other_fkey;
"""


def upgrade() -> None:
    op.execute(CHANGES)
