"""Words by their letters: which ones another word may be a slip of, without looking at all of them."""

from array import array
from collections.abc import Iterable, Iterator

import numpy as np
from rapidfuzz.distance import OSA

from services.directory.search.danish import bare


class Alike:
    """Words that differ from another one by few letters: left out, put in, another one, or two that changed places."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._kept: dict[tuple[str, int], tuple[array[int], list[str]]] = {}
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        plain = bare(word)
        for key in _near(plain, len(plain)):
            letters, words = self._kept.setdefault(key, (array("I"), []))
            letters.append(_letters(plain))
            words.append(word)

    def like(self, typed: str, allowed: int) -> Iterator[tuple[str, int]]:
        """Words at most so many letters away, and how many; some come twice."""
        letters = np.uint32(_letters(typed))
        for length in range(len(typed) - allowed, len(typed) + allowed + 1):
            for key in _near(typed, length):
                if key not in self._kept:
                    continue
                held, words = self._kept[key]
                # Each letter that is wrong takes at most one away and brings one.
                others = np.bitwise_count(np.frombuffer(held, np.uint32) ^ letters)
                for at in np.flatnonzero(others <= 2 * allowed).tolist():
                    wrong = OSA.distance(typed, bare(words[at]), score_cutoff=allowed)
                    if wrong <= allowed:
                        yield words[at], wrong


def _near(plain: str, length: int) -> tuple[tuple[str, int], ...]:
    """Where to look for words like this one: hardly anybody gets both the first letter and the last two wrong, and a
    large vocabulary is not looked through as a whole."""
    return (plain[:1], length), ("…" + plain[-2:], length)


def _letters(plain: str) -> int:
    """One bit for each letter that occurs."""
    found = 0
    for letter in plain:
        found |= 1 << (ord(letter) & 31)
    return found
