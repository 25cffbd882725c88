"""What a newcomer reads when everything is up: where things are, and three lines to try."""

import os
from pathlib import Path

from deploy.local.home import Home
from shared.clock import today


def welcome(home: Home, url: str, services: tuple[str, ...]) -> str:
    lines = ["", f"Kompas runs at {url}  (Ctrl-C stops everything)", ""]
    lines += [f"  {service:<10} {url}/{service}/docs    {url}/{service}/metrics" for service in services]
    lines += ["", f"  mailbox    {_short(home.mailbox)}/    logs {_short(home.logs)}/", "", "Try first:", ""]
    lines += [f"  {command}" for command in first_steps(url)]
    return "\n".join([*lines, ""])


def first_steps(url: str) -> list[str]:
    """Each works as printed on a system that has just been made, and again."""
    elsewhere = os.environ.get("KOMPAS_HOME")
    kompas = f"KOMPAS_HOME={elsewhere} .venv/bin/kompas" if elsewhere else ".venv/bin/kompas"
    bearer = f"Authorization: Bearer $({kompas} token --tenant odense --role staff)"
    json = "-H 'Content-Type: application/json'"
    organisation = '{"name": "Æblets Venner", "kind": "association", "sector": "voluntary", "locality": "Vollsmose"}'
    return [
        f"curl -s {url}/kpi/odense/plans/odense-{today().year}/goals",
        f"""curl -si {url}/directory/odense/pageviews {json} -d '{{"site": "frivilligcenter", "page": "/om-os"}}'""",
        f"""curl -s {url}/directory/odense/organisations -H "{bearer}" {json} -d '{organisation}'""",
    ]


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
