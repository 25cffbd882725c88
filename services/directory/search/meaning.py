"""What somebody means by what they type: each word with its inflections, compounds, slips and synonyms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.directory.search.danish import SILENT, bare, spellings, stem, words_of
from services.directory.search.vocabulary import CORRECTED, Matches, Vocabulary

# More words than this narrow nothing down; they only cost.
MOST_WORDS = 10
JOINED, APART, ALONE, SYNONYM = 0.9, 0.4, 0.2, 0.45
ONE_LETTER = CORRECTED[1]
LONGEST_KEY = 4
SHORTEST_COMPOUND = 7
# Words that say what an entry's fields say.
AS_FACET = {
    **dict.fromkeys(("gratis", "free"), "price:free"),
    **dict.fromkeys(("online", "digital", "digitalt"), "form:digital"),
    **{
        word: f"weekday:{day}"
        for day, words in enumerate(
            (
                ("mandag", "monday"),
                ("tirsdag", "tuesday"),
                ("onsdag", "wednesday"),
                ("torsdag", "thursday"),
                ("fredag", "friday"),
                ("lørdag", "saturday"),
                ("søndag", "sunday"),
            )
        )
        for word in words
    },
}


@dataclass(frozen=True)
class Way:
    """One way to mean something: every part of it must be said. `worth` is what it counts beside the words as typed."""

    worth: float
    parts: tuple[Matches, ...]


@dataclass(frozen=True)
class Meaning:
    """Each group must be found in one of its ways. `corrected` is the question as it was understood, if it differs."""

    groups: tuple[tuple[Way, ...], ...] = ()
    corrected: str | None = None


@dataclass(frozen=True)
class Synonyms:
    """What else is looked for when somebody asks for this: "ensom" also finds "fællesspisning"."""

    finds: Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
    words: frozenset[str]

    @classmethod
    def of(cls, *written: Mapping[str, Sequence[str]]) -> "Synonyms":
        """What is written later takes the place of what was said before of the same word in whatever form."""
        finds: dict[tuple[str, ...], Sequence[tuple[str, ...]]] = {}
        spelled: dict[tuple[str, ...], list[str]] = {}
        for each in written:
            for word, phrases in each.items():
                words = words_of(word)[:LONGEST_KEY]
                key = tuple(map(stem, words))
                spelled[key] = words
                finds[key] = [tuple(words_of(phrase)) for phrase in phrases]
        return cls(finds, frozenset(word for key, words in spelled.items() if finds[key] for word in words))

    @cached_property
    def in_order(self) -> Sequence[str]:
        return sorted(self.words)


NO_SYNONYMS = Synonyms({}, frozenset())


def understand(words: Sequence[str], vocabulary: Vocabulary, synonyms: Synonyms) -> Meaning:
    """`words` as they were typed. More than `MOST_WORDS` are passed over."""
    words = words[:MOST_WORDS]
    silent = SILENT if any(word not in SILENT for word in words) else frozenset()
    ways: list[list[Way]] = []
    meant: list[str] = []
    for position, word in enumerate(words):
        found, understood = (
            ([], word) if word in silent else _word(word, vocabulary, synonyms, last=position == len(words) - 1)
        )
        ways.append(found)
        meant.append(understood)
    corrected = " ".join(meant) if any(bare(a) != bare(b) for a, b in zip(words, meant, strict=True)) else None
    return Meaning(tuple(_groups(meant, ways, vocabulary, synonyms, silent)), corrected)


def _word(word: str, vocabulary: Vocabulary, synonyms: Synonyms, *, last: bool) -> tuple[list[Way], str]:
    """How one word is meant, and which word it was understood as."""
    found: list[Way] = []
    if matches := vocabulary.ways(word, unfinished=last and not vocabulary.knows(word)):
        found.append(Way(1.0, (matches,)))
    if (term := AS_FACET.get(word)) and (number := vocabulary.find(term)) is not None and vocabulary.used[number]:
        found.append(Way(1.0, (Matches.of({number: 1.0}),)))
    parts = vocabulary.parts(word) if len(word) >= SHORTEST_COMPOUND and not vocabulary.knows(word) else ()
    found += _apart(parts, vocabulary)
    if (found and not parts) or any((stem(spelling),) in synonyms.finds for spelling in spellings(word)):
        return found, word
    if vocabulary.ways(word, unfinished=last):
        return found, word
    # A compound that nobody has used yet is hardly a slip of two letters.
    corrections = [each for each in vocabulary.corrections(word, synonyms.words) if not parts or each[1] >= ONE_LETTER]
    for form, worth in corrections:
        if matches := vocabulary.ways(form, unfinished=False):
            found.append(Way(worth, (matches,)))
    return found, corrections[0][0] if corrections else word


def _apart(parts: Sequence[str], vocabulary: Vocabulary) -> list[Way]:
    """Both halves of a compound, and the rarer one alone: a "strikkeklub" is looked for among what has "strik"."""
    halves = [vocabulary.ways(part, unfinished=False) for part in parts]
    if not halves:
        return []
    rarer = min(halves, key=lambda half: sum(vocabulary.used[number] for number in half.numbers.tolist()))
    return [Way(APART, tuple(halves)), Way(ALONE, (rarer,))]


def _groups(
    meant: Sequence[str],
    ways: Sequence[list[Way]],
    vocabulary: Vocabulary,
    synonyms: Synonyms,
    silent: Collection[str],
) -> list[tuple[Way, ...]]:
    groups: list[tuple[Way, ...]] = []
    at = 0
    while at < len(meant):
        length, phrases = _synonyms(meant[at:], synonyms)
        spoken = [ways[place] for place in range(at, at + length) if meant[place] not in silent]
        if not spoken and not phrases:
            at += 1
            continue
        together = list(spoken[0]) if len(spoken) == 1 else _all_of(spoken)
        if length == 1 and at + 1 < len(meant) and (joined := _joined(meant[at], meant[at + 1], vocabulary)):
            # "fælles spisning" is how many write "fællesspisning".
            length, together = 2, [*_all_of(ways[at : at + 2]), Way(JOINED, (joined,))]
        for phrase in phrases:
            parts = tuple(vocabulary.ways(word, unfinished=False) for word in phrase)
            if all(parts):
                together.append(Way(SYNONYM, parts))
        groups.append(tuple(together))
        at += length
    return groups


def _all_of(ways: Sequence[list[Way]]) -> list[Way]:
    """The words side by side, each in its first way; none where one of them means nothing."""
    if not ways or not all(ways):
        return []
    return [Way(min(each[0].worth for each in ways), tuple(part for each in ways for part in each[0].parts))]


def _synonyms(words: Sequence[str], synonyms: Synonyms) -> tuple[int, Sequence[tuple[str, ...]]]:
    for length in range(min(LONGEST_KEY, len(words)), 0, -1):
        for key in {tuple(map(stem, words[:length])), tuple(stem(spellings(word)[-1]) for word in words[:length])}:
            if found := synonyms.finds.get(key):
                return length, found
    return 1, ()


def _joined(first: str, second: str, vocabulary: Vocabulary) -> Matches | None:
    for joint in ("", "s", "e"):
        if vocabulary.knows(first + joint + second):
            return vocabulary.ways(first + joint + second, unfinished=False)
    return None
