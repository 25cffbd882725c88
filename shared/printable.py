"""Text as it may leave in a file that others' programs read."""

import re

# XML 1.0 has no way at all to write these, and RFC 5545 forbids them: control characters and what is no character.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Without the signs that nobody sees and that would make the file unreadable."""
    return _UNPRINTABLE.sub("", text)
