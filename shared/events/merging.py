"""What the directory publishes of entries that turn out to be one and the same."""

from pydantic import Field

from shared.events.envelope import Event
from shared.events.fields import OrganisationId


class _Merging(Event):
    TOPIC = "directory.events"
    SUBJECT = "id of the organisation whose entry went into the other one"

    merged_into: OrganisationId = Field(description="The entry that stands for both.")


class OrganisationMerged(_Merging):
    """Two entries were one organisation: what is known of the subject is known of `merged_into` from now on.

    True from the moment somebody at the centre merged them. An `organisation.closed` of the subject comes before it;
    its published activities are told anew as the other's, by `activity.updated`. Whoever keeps ids may go on using
    the old one: it answers with the new entry.
    Do not conclude that the two organisations have become one in the world, nor that the old id will never be told of
    again: see `organisation.unmerged`.
    """

    TYPE = "kompas.directory.organisation.merged.v1"


class OrganisationUnmerged(_Merging):
    """Two entries that had been merged stand for themselves again: the subject is not `merged_into` after all.

    True from the moment somebody took the merge back. An `organisation.registered` of the subject follows.
    Do not conclude that everything said of `merged_into` meanwhile was about the subject: what was written since
    stays where it was written.
    """

    TYPE = "kompas.directory.organisation.unmerged.v1"
