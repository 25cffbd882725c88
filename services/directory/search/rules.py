"""What finding counts, and of whom: never words in a fact, and no words that few have looked for. Pure."""

import re
from datetime import date
from hashlib import blake2b

# So many different visitors must have looked for the same before staff see it: one person's trouble stays theirs.
LEAST_VISITORS = 5
LONGEST_WORDS = 60
# A telephone number, a civil registration number, an address for mail: somebody looks for a person.
PERSONAL = re.compile(r"@|\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")


def kept_words(typed: str | None, words: list[str]) -> str | None:
    """What was looked for, as it may be counted; None is not to be kept."""
    said = " ".join(words)
    if len(said) > LONGEST_WORDS or PERSONAL.search(typed or ""):
        return None
    return said


def mark(key: bytes, *, tenant: str, words: str, address: str, user_agent: str) -> bytes:
    """Of whom it was this month, for these words only: the same visitor's other searches have other marks."""
    said = "\0".join((tenant, words, address, user_agent))
    return blake2b(said.encode("utf-8", "surrogateescape"), key=key, digest_size=12).digest()


def first_of_month(day: date) -> date:
    return day.replace(day=1)
