"""What was found lately stays found: people ask for the same again and again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """As many answers as there is room for; what nobody has asked for longest makes room."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._known: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, asked: Hashable, find: Callable[[], T]) -> T:
        if asked in self._known:
            self._known.move_to_end(asked)
            return self._known[asked]
        if len(self._known) >= self._room:
            self._known.popitem(last=False)
        found = self._known[asked] = find()
        return found

    def forget(self) -> None:
        self._known.clear()
