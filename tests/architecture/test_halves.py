"""The gate itself: all tests have passed when both halves have."""

from pathlib import Path

import pytest

from tests.support import halves

FINE, BROKEN = "--version", "--no-such-option"


@pytest.mark.parametrize(("whole", "parts", "code"), [(FINE, FINE, 0), (BROKEN, FINE, 4), (FINE, BROKEN, 4)])
def test_a_half_that_fails_is_named_and_fails_the_run(
    whole: str, parts: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(halves, "find_java", lambda say: Path("java"))
    monkeypatch.setattr(halves, "find_jars", lambda java, say: Path("jars"))
    monkeypatch.setattr(halves, "HALVES", {"whole": [whole], "parts": [parts]})

    assert halves.main() == code

    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith("parts | ") for line in told)
    for half, asked in (("whole", whole), ("parts", parts)):
        assert any(line.startswith(f"{half}: {'passed' if asked == FINE else 'FAILED'}") for line in told)
