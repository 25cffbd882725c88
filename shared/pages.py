"""Small pages that know nothing: the browser asks the API with the link's token, and shows what it answers."""

from functools import cache
from pathlib import Path

from fastapi import Response

# Nothing inline, nothing from elsewhere: a script that somebody smuggles into what is shown does not run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


def page_file(file: Path) -> Response:
    """The page, or what belongs to it."""
    return Response(
        _read(file),
        media_type=f"{MEDIA_TYPES[file.suffix]}; charset=utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


@cache
def _read(file: Path) -> bytes:
    return file.read_bytes()
