"""Identifiers: version 7 UUIDs, so that a list in order of id is a list in order of creation."""

from uuid import UUID

from uuid_utils import compat


def uuid7() -> UUID:
    return compat.uuid7()
