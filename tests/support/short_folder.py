"""A temporary folder with a short path: PostgreSQL's sockets and Kafka's logs dislike pytest's deep ones."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def short_folder(prefix: str) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)  # PostgreSQL may have to run as another user, who must get through.
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
