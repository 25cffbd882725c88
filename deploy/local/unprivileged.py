"""PostgreSQL refuses to run as root: in a container that has only root, it runs as `nobody`."""

import os
import stat
from pathlib import Path

PASS = stat.S_IXGRP | stat.S_IXOTH
READ = stat.S_IRGRP | stat.S_IROTH


def user() -> str | None:
    """The account to run as; None where ours will do."""
    return "nobody" if os.geteuid() == 0 else None


def open_way(data: Path, binaries: Path) -> None:
    """Let another account pass through the folders above its data, and read the programs.

    Folders get the right to be passed, not to be listed; files of ours keep their own modes.
    """
    for folder in (*data.parents, *binaries.parents):
        _allow(folder, PASS)
    installation = binaries.parent
    if (binaries / "postgres").stat().st_mode & (PASS | READ) != (PASS | READ):
        for path in installation.rglob("*"):
            _allow(path, READ | (PASS if path.is_dir() or path.parent == binaries else 0))
        _allow(installation, READ | PASS)


def _allow(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)
