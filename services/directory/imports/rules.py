"""Rules for imports: what may become of a line, and how much of a file is read. Pure."""

from enum import StrEnum

from shared.errors import Conflict, FieldError, Problem, Text

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_LINES = 10_000
MAX_COLUMNS = 100
MAX_CELL = 20_000
# A file that nobody adopted is forgotten, with whatever stood in it.
FORGOTTEN_AFTER_DAYS = 30


class FileFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    HSDS = "hsds"


class Progress(StrEnum):
    """Read and shown first, then adopted in the background, then done."""

    PREVIEWED = "previewed"
    ADOPTING = "adopting"
    ADOPTED = "adopted"


class Outcome(StrEnum):
    """What becomes of a line. `possible`: it may be somebody who is here already, and a person must say."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    POSSIBLE = "possible"
    WRONG = "wrong"
    SKIPPED = "skipped"


class Wish(StrEnum):
    """What a person decides about a line: it is somebody new, it is the one named in `same_as`, or it is left out."""

    ADD = "add"
    SAME = "same"
    SKIP = "skip"


OUTCOMES = {
    Outcome.ADDED: Text("tilføjet", "added"),
    Outcome.CHANGED: Text("ændret", "changed"),
    Outcome.UNCHANGED: Text("uændret", "unchanged"),
    Outcome.POSSIBLE: Text("måske den samme", "possibly the same"),
    Outcome.WRONG: Text("forkert", "wrong"),
    Outcome.SKIPPED: Text("sprunget over", "skipped"),
}


class FileRefused(Problem):
    status, slug = 422, "file-invalid"
    title = Text("Filen kan ikke læses; intet er gemt", "The file cannot be read; nothing is kept")


class AlreadyAdopted(Conflict):
    slug = "already-adopted"
    title = Text("Filen er allerede ved at blive overtaget", "The file is being adopted already")


def refused(da: str, en: str) -> FileRefused:
    why = Text(da, en)
    return FileRefused(why, errors=[FieldError("file", why)])
