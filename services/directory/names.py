"""Names of organisations as they are compared: how they are written counts for nothing, what they say for all. Pure."""

import re
import unicodedata
from collections.abc import Collection

# Å is aa and Ø is oe where a keyboard or an old system had no Danish letters; German and Swedish ones come along.
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss", "&": " og ", "+": " og "}
)
# Who is behind it ("v/ Inger Holm", "c/o Huset") is no part of what it is called.
_BEHIND = re.compile(r"(?:\bv/|\bc/o\b|\bved/).*$")
_WORDS = re.compile(r"[^\W_]+")
# The form of an organisation: "Foreningen Åben Dør" and "Åben Dør" differ in nothing else.
_FORM = frozenset(
    [
        *("den", "det", "de", "af", "og", "for", "i", "foreningen", "forening", "frivilligforening"),
        *("selvejende", "institution", "institutionen", "fmba", "amba", "smba", "aps", "as", "ivs", "is"),
    ]
)
_COMPANY = re.compile(r"\b(?:a/s|i/s|k/s|p/s|a\.m\.b\.a\.?|f\.m\.b\.a\.?|s\.m\.b\.a\.?)(?=\W|$)")


def plain(name: str) -> str:
    """The name without case, signs and transcription: two with the same one, at one place, are one organisation."""
    return " ".join(_WORDS.findall(_spelled(name)))


def core(name: str, places: Collection[str] = ()) -> str:
    """What is left without its form, its place ("i Odense") and who is behind it: for telling what looks alike.

    `places` are as `plain` writes them. A name of nothing else stays as it is.
    """
    bare = _COMPANY.sub(" ", _BEHIND.sub("", _spelled(name)))
    words = _WORDS.findall(bare)
    left = " ".join(word for word in words if word not in _FORM)
    for place in places:
        left = re.sub(rf"\b{re.escape(place)}s?\b", " ", left)
    # In alphabetical order, so that "Lokalforeningen, Kræftens Bekæmpelse" begins like its own other name.
    return " ".join(sorted(left.split() or words))


def numbers(core_name: str) -> frozenset[str]:
    """ "Lokalforening 1" and "Lokalforening 2" are two, however alike they look."""
    return frozenset(word for word in core_name.split() if word.isdigit())


def _spelled(name: str) -> str:
    lowered = unicodedata.normalize("NFC", name).lower().translate(_LETTERS)
    return "".join(each for each in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(each))
