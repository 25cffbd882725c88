"""Directory: whoever sent a change in by an editor link is told what staff decided about it."""

from alembic import op

revision = "0010"
# 0008 came after 0009.
down_revision = "0008"

COLUMNS = """
alter table changes
    -- Who sent it in by a link. Of what was sent in before this is known of nobody, and nobody is written to.
    add column sent_by uuid,
    add column untold_since timestamptz check (untold_since is null or sent_by is not null),
    -- The link that the letter about it brings, for as long as the letter may wait to be sent.
    add column letter_id uuid,
    add foreign key (tenant, sent_by) references contact_roles (tenant, id),
    add foreign key (tenant, letter_id) references editor_links (tenant, id);
create index changes_to_tell on changes (tenant, id) where untold_since is not null;
create index changes_told on changes (tenant, id) where letter_id is not null;
"""


def upgrade() -> None:
    op.execute(COLUMNS)
