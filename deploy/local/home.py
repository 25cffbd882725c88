"""The folder `.kompas`: data, logs and secrets of the local platform, and how other terminals find the running one."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from deploy.local.errors import PlatformError

LOG_LIMIT_BYTES = 10_000_000


class Home:
    """Where one local platform keeps everything. Deleting the folder is a fresh start."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    @classmethod
    def of_environment(cls) -> "Home":
        return cls(Path(os.environ.get("KOMPAS_HOME", ".kompas")))

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def mailbox(self) -> Path:
        return self.root / "mailbox"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def description(self) -> Path:
        """`platform.json`: addresses and passwords of the running platform, readable by its owner only."""
        return self.root / "platform.json"

    def prepare(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)  # Mail and data of people lie here.
        for folder in (self.logs, self.mailbox):
            folder.mkdir(exist_ok=True)

    def claim(self) -> None:
        """Make this process the only one that runs this folder's platform, until it ends, however it ends."""
        self._claim = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PlatformError(
                f"Kompas already runs from {self.root}: use that one, stop it with Ctrl-C where it runs, "
                "or start a second one elsewhere with KOMPAS_HOME=…"
            ) from None

    def draft_of(self, folder: Path) -> Path:
        """Where to prepare a folder that must be whole or absent; what broken attempts left there is removed."""
        for left in folder.parent.glob(f"{folder.name}.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        # A name of our own: a tool that outlived a killed start may still be writing into its draft.
        return folder.with_name(f"{folder.name}.new-{os.getpid()}")

    def password(self, name: str, make: Callable[[], str] = secrets.token_urlsafe) -> str:
        """The password or key called `name`: made when first asked for, the same ever after."""
        path = self.root / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = make()
            write_private(path, known)
        return known[name]


def open_log(path: Path) -> BinaryIO:
    """For appending; a log that has grown long since the last start is put aside, and the one before it is dropped."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return path.open("ab")


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
