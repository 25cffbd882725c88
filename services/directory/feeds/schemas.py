"""A page of a feed, in the shape of OpenActive's Realtime Paged Data Exchange 1.0."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict


class Item(TypedDict):
    """`modified` is the change's number, by which items are in order. `data` is an HSDS document; a deleted item has
    none, but `replaced_by` if it was merged into another one."""

    state: Literal["updated", "deleted"]
    kind: str
    id: str
    modified: int
    data: NotRequired[dict[str, Any]]
    replaced_by: NotRequired[str]


class FeedPage(TypedDict):
    next: str
    items: list[Item]
    license: str
