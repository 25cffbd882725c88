"""`kompas plan show|diff|put`: a plan as a text file, read from and sent to the running system over HTTP."""

from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kompas.cli.output import danish
from kompas.errors import Stop
from kompas.whereabouts import Whereabouts

texts = typer.Typer()
Json = dict[str, Any]
SIGNS = {"added": "[green]+[/]", "changed": "[blue]≠[/]", "retired": "[red]–[/]"}
# A dry run reads the log, which takes as long as the log is.
PATIENCE = 120
TheFile = Annotated[Path, typer.Argument(help="A plan file (YAML).", exists=True, dir_okay=False, readable=True)]
Tenant = Annotated[str, typer.Option(help="The centre that goes by it.")]
Why = Annotated[str | None, typer.Option(help="Why goals are changed or retired.")]
Name = Annotated[str, typer.Argument(help="The plan and its year, such as odense-2023.")]
Version = Annotated[int | None, typer.Option(help="A former version. Without it: the newest.", min=1)]


@texts.command()
def show(plan: Name, tenant: Tenant = "odense", version: Version = None) -> None:
    """Print a plan as the file that was put in; change it, look at it with `diff`, send it back with `put`.

    Example: [green]kompas plan show odense-2023 > plan.yaml[/]
    """
    with _client(tenant) as client:
        number = version or _read(client.get(f"{plan}"), plan)["version"]
        typer.echo(_read(client.get(f"{plan}/versions/{number}"), plan)["yaml"], nl=False)


@texts.command()
def diff(file: TheFile, tenant: Tenant = "odense") -> None:
    """Show what a plan file would change and what each value would become. Nothing is adopted.

    Example: [green]kompas plan diff plan.yaml[/]
    """
    with _client(tenant) as client:
        _print(_sent(client, file, {"dry_run": "true"}))


@texts.command()
def put(file: TheFile, tenant: Tenant = "odense", reason: Why = None) -> None:
    """Go by this plan file from now on. Its new goals have their whole history the same day.

    Example: [green]kompas plan put plan.yaml --reason "Ny aftale med kommunen"[/]
    """
    with _client(tenant) as client:
        found = _sent(client, file, {"reason": reason} if reason else {})
    _print(found)
    if found["adopted"]:
        typer.echo(f"{tenant} goes by version {found['version']} of {found['plan']} now.")
    else:
        typer.echo(f"{tenant} goes by exactly this {found['plan']} already.")


def _client(tenant: str) -> httpx2.Client:
    where = Whereabouts.find()
    headers = {"authorization": f"Bearer {where.token(tenant, 'staff')}", "accept-language": "en"}
    return httpx2.Client(base_url=f"{where.public_url}/kpi/{tenant}/plans/", headers=headers, timeout=PATIENCE)


def _sent(client: httpx2.Client, file: Path, query: dict[str, str]) -> Json:
    text = file.read_text(encoding="utf-8")
    name = _name(text)
    if name is None:
        raise Stop(f"{file} does not say which plan it is.", "It begins with `plan: NAME` and `year: YYYY`.", code=2)
    answer = client.put(name, content=text.encode(), headers={"content-type": "text/yaml"}, params=query)
    return _read(answer, name, file)


def _name(text: str) -> str | None:
    """As the file says at its beginning; whether the rest of it is right is for the service to tell."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        word, colon, value = line.partition(":")
        if colon and word in ("plan", "year"):
            found.setdefault(word, value.partition("#")[0].strip().strip("\"'"))
    return f"{found['plan']}-{found['year']}" if found.keys() == {"plan", "year"} else None


def _read(answer: httpx2.Response, plan: str, file: Path | None = None) -> Json:
    if answer.is_success:
        return dict(answer.json())
    if answer.status_code == 404:
        raise Stop(f"There is no plan called {plan} here.", "See what there is: kompas goals")
    try:
        problem = answer.json()
        told = [f"{_place(each['field'], file)}: {each['message']}" for each in problem["errors"]]
        title = str(problem["title"])
    except (ValueError, KeyError):
        told, title = [], f"HTTP {answer.status_code}"
    raise Stop("\n".join([f"{title}.", *told]))


def _place(field: str, file: Path | None) -> str:
    """`line 12` → `plan.yaml:12`, which editors open."""
    word, _, number = field.partition(" ")
    return f"{file}:{number}" if file and word == "line" else field


def _print(found: Json) -> None:
    console = Console()
    table = Table(title=found["plan"], title_justify="left", header_style="bold", box=None, pad_edge=False)
    for heading in ("", "Mål", "Nu", "Ville være", "Hvad"):
        table.add_column(heading, justify="right" if heading in ("Nu", "Ville være") else "left")
    for change in found["changes"]:
        table.add_row(
            SIGNS[change["kind"]],
            change["goal"],
            danish(change["value"]),
            danish(change["would_be"]) if found["values_known"] else "?",
            escape(", ".join(_told(each) for each in change["fields"])),
        )
    console.print(table)
    console.print(f"{found['unchanged']} uændrede mål")
    if found["wants_reason"]:
        console.print('Mål ændres eller udgår: sig hvorfor med --reason "…"')


def _told(change: Json) -> str:
    simple = all(value is None or isinstance(value, int | float | str) for value in (change["before"], change["after"]))
    return f"{change['field']}: {change['before']} → {change['after']}" if simple else str(change["field"])
