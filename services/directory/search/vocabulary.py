"""All words that one centre's entries use, and the ways from what somebody types to them."""

import sys
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from sys import intern

import numpy as np
from numpy.typing import NDArray

from services.directory.search.danish import ELEMENTS, bare, elements, spellings, stem
from services.directory.search.slips import Alike

# How much of a whole match another one is worth.
INFLECTED, UNFINISHED, PART, GUESSED_PART = 1.0, 0.7, 0.6, 0.35
CORRECTED = (0.8, 0.7, 0.5)
SHORTEST_PART = 3
# From here on a part is so telling that the rest of the compound need not be a word we know.
TELLING_PART = 5
# Shorter words have too many neighbours one letter away; in longer ones two letters may be wrong.
SHORTEST_CORRECTED, TWICE_WRONG = 4, 7
MOST_FORMS = 400
CORRECTIONS = 4
REMEMBERED = 4_096
LAST_LETTER = chr(sys.maxunicode)


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Stems by number, and what a match of each is worth."""

    numbers: NDArray[np.int32]
    worths: NDArray[np.float32]

    @classmethod
    def of(cls, found: Mapping[int, float]) -> "Matches":
        size = len(found)
        return cls(np.fromiter(found, np.int32, size), np.fromiter(found.values(), np.float32, size))

    def __len__(self) -> int:
        return len(self.numbers)


class Vocabulary:
    """It only grows. A word that no entry uses any more stays known and is passed over, since `used` says so."""

    def __init__(self) -> None:
        self.used: list[int] = []
        self._numbers: dict[str, int] = {}
        self._stems: list[str] = []
        self._tails: list[str] = []
        self._stem_of: dict[str, int] = {}
        self._forms: list[str] = []
        self._meant: dict[str, tuple[int, ...]] = {}
        self._alike = Alike()
        self._many = False
        self._other_words = False
        self._ways = lru_cache(maxsize=REMEMBERED)(self._find_ways)
        self._compounds = lru_cache(maxsize=REMEMBERED)(self._find_compounds)
        self._parts = lru_cache(maxsize=REMEMBERED)(self._find_parts)
        self._is_element = lru_cache(maxsize=REMEMBERED)(self._may_be_part)
        self._corrections = lru_cache(maxsize=REMEMBERED)(self._find_corrections)

    def number(self, term: str) -> int:
        """The number of a stem, or of anything else that is counted like one (a facet's value)."""
        found = self._numbers.get(term)
        if found is None:
            found = self._numbers[term] = len(self.used)
            self.used.append(0)
        return found

    def find(self, term: str) -> int | None:
        return self._numbers.get(term)

    def learn(self, word: str) -> int:
        """The number of the word's stem; the word can be found from now on, or from `settle` while many are learnt."""
        known = self._stem_of.get(word)
        if known is not None:
            return known
        word, stemmed = intern(word), intern(stem(word))
        new_stem = stemmed not in self._numbers
        number = self._stem_of[word] = self.number(stemmed)
        self._alike.add(word)
        self._other_words = True
        add = list.append if self._many else insort
        add(self._forms, word)
        if new_stem:
            add(self._stems, stemmed)
            add(self._tails, intern(stemmed[::-1]))
        return number

    def numbers(self, word: str) -> tuple[int, ...]:
        """Learn a word of an entry: as it stands and, where it may be a transcription, as it may be meant."""
        found = self._meant.get(word)
        if found is None:
            known = self._stem_of.get(word)
            if known is not None:
                return (known,)
            found = tuple({self.learn(spelling) for spelling in spellings(word)})
            if len(found) > 1:
                self._meant[word] = found
        return found

    def begin(self) -> None:
        """Many words come: they are put in order once, by `settle`."""
        self._many = True

    def settle(self) -> None:
        for each in (self._forms, self._stems, self._tails):
            each.sort()
        self._many = False

    def use(self, numbers: Iterable[int], by: int) -> None:
        """So many more entries have these, or fewer."""
        for number in numbers:
            before = self.used[number]
            self.used[number] = before + by
            self._other_words |= not before or not before + by

    def changed(self) -> None:
        """What words mean depends on which are used, not on how often: most changes leave it as it is."""
        if self._other_words:
            for each in (self._ways, self._compounds, self._parts, self._is_element, self._corrections):
                each.cache_clear()
        self._other_words = False

    def knows(self, word: str) -> bool:
        """Whether some entry uses this word, in whatever form."""
        number = self._numbers.get(stem(word))
        return number is not None and self.used[number] > 0

    def ways(self, word: str, *, unfinished: bool) -> Matches:
        """What the word means without being corrected: its own stem, compounds with it, and, if it is unfinished, what
        begins with it."""
        return self._ways(word, unfinished)

    def _find_ways(self, word: str, unfinished: bool) -> Matches:
        found: dict[int, float] = {}
        for spelling in spellings(word):
            stemmed = stem(spelling)
            for part in {stemmed, spelling}:
                _raise(found, self._compounds(part))
            number = self._numbers.get(stemmed)
            if number is not None and self.used[number]:
                _raise(found, {number: INFLECTED})
            if unfinished:
                forms = map(self._stem_of.__getitem__, beginning(self._forms, spelling))
                _raise(found, {number: UNFINISHED for number in forms if self.used[number]})
        return Matches.of(found)

    def _find_compounds(self, part: str) -> Mapping[int, float]:
        """Stems of compounds that end or begin with `part`: "spisning" is in "fællesspisning", not "and" in "vand"."""
        found: dict[int, float] = {}
        size, numbers, used, is_element = len(part), self._numbers, self.used, self._is_element
        if size < SHORTEST_PART:
            return found
        otherwise = GUESSED_PART if size >= TELLING_PART else 0.0
        for reversed_stem in beginning(self._tails, part[::-1]):
            if len(reversed_stem) >= size + SHORTEST_PART - 1 and used[number := numbers[reversed_stem[::-1]]]:
                found[number] = PART if is_element(reversed_stem[: size - 1 : -1]) else otherwise
        for whole in beginning(self._stems, part):
            tail = whole[size:]
            if len(tail) >= SHORTEST_PART and used[number := numbers[whole]] and found.get(number, 0.0) < PART:
                element = is_element(tail) or (tail[0] in "se" and is_element(tail[1:]))
                found[number] = PART if element else otherwise
        return found if otherwise else {number: worth for number, worth in found.items() if worth}

    def _may_be_part(self, word: str) -> bool:
        return len(word) >= SHORTEST_PART and any(map(self._is_word, elements(word)))

    def parts(self, word: str) -> tuple[str, ...]:
        """An unknown compound as words that entries use: "korskole" is about "kor" and "skole", and about "kor" where
        "skole" is a word that we know and no entry uses."""
        return self._parts(word)

    def _find_parts(self, word: str) -> tuple[str, ...]:
        splits = [
            (head, spelling[end:])
            for spelling in reversed(spellings(word))
            for end in range(len(spelling) - SHORTEST_PART, SHORTEST_PART - 1, -1)
            for head in elements(spelling[:end])
            if self.means(head)
        ]
        whole = [split for split in splits if self.means(split[1])]
        best = next((split for split in whole if all(map(self._is_word, split))), whole[0] if whole else None)
        return best or next(((head,) for head, tail in splits if self._is_element(tail)), ())

    def _is_word(self, word: str) -> bool:
        return word in ELEMENTS or self.knows(word)

    def means(self, word: str) -> bool:
        """Whether some entry has this word, alone or at the beginning or end of a compound."""
        if self.knows(word):
            return True
        if not self._is_word(word):
            return False
        stemmed = stem(word)
        begins = beginning(self._stems, stemmed)
        ends = (each[::-1] for each in beginning(self._tails, stemmed[::-1]))
        return any(self.used[self._numbers[each]] for each in chain(begins, ends))

    def corrections(self, word: str, also: frozenset[str] = frozenset()) -> list[tuple[str, float]]:
        """Used words that `word` may be a slip of, best first; `also` are words known otherwise (synonyms)."""
        if len(word) < SHORTEST_CORRECTED or any(letter.isdigit() for letter in word):
            return []
        least, likely = self._corrections(word, also)
        return [(form, CORRECTED[least]) for form in sorted(likely, key=self._likelihood(word))[:CORRECTIONS]]

    def _find_corrections(self, word: str, also: frozenset[str]) -> tuple[int, list[str]]:
        """How wrong the word is at least, and the words from which it is that far."""
        for allowed in (1, 2) if len(word) >= TWICE_WRONG else (1,):
            found: dict[str, int] = {}
            for spelling in spellings(word):
                typed = bare(spelling)
                for form, wrong in chain(self._alike.like(typed, allowed), _others(also).like(typed, allowed)):
                    if form in also or self.means(form):
                        found[form] = min(found.get(form, wrong), wrong)
            if found:
                least = min(found.values())
                return least, [form for form, wrong in found.items() if wrong == least]
        return 0, []

    def _likelihood(self, word: str) -> Callable[[str], tuple[bool, int, str]]:
        def order(form: str) -> tuple[bool, int, str]:
            number = self._stem_of.get(form)
            # People seldom mistake the first letter.
            return bare(form[0]) != bare(word[0]), -(self.used[number] if number is not None else 0), form

        return order

    def beginning(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Used words that begin so, each with how many entries use it."""
        for form in beginning(self._forms, prefix):
            if used := self.used[self._stem_of[form]]:
                yield form, used


def beginning(ordered: Sequence[str], prefix: str) -> Sequence[str]:
    """The first of those that begin so."""
    at = bisect_left(ordered, prefix)
    return ordered[at : bisect_left(ordered, prefix + LAST_LETTER, at, min(at + MOST_FORMS, len(ordered)))]


@lru_cache(maxsize=256)
def _others(also: frozenset[str]) -> Alike:
    return Alike(also | ELEMENTS)


def _raise(found: dict[int, float], more: Mapping[int, float]) -> None:
    if not found:
        found.update(more)
        return
    for number, worth in more.items():
        if found.get(number, 0.0) < worth:
            found[number] = worth
