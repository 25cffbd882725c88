"""Freezes today's contracts as published, when a release is made: `python -m tests.contracts.freeze`."""

import json
import shutil
import sys

from shared.events import CATALOGUE, INBOUND
from shared.events.export import HERE, ROOT, published_schema
from tests.contracts.compatibility import breaks
from tests.contracts.test_compatibility import GOLDEN, SCHEMAS


def main() -> None:
    promises = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS}
    known = CATALOGUE | INBOUND
    reasons = [
        f"{name} {reason}"
        for name, promise in promises.items()
        for reason in (breaks(promise, published_schema(known[name])) if name in known else ["is gone"])
    ]
    if reasons:
        sys.exit("not frozen, because it would break what was published:\n" + "\n".join(reasons))
    for folder in ("schemas", "samples"):
        shutil.copytree(ROOT / HERE / folder, GOLDEN / folder, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
