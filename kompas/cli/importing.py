"""`kompas import`: a file of associations, shown line by line first, then adopted with a progress bar."""

import time
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx2
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kompas.cli.output import danish
from kompas.errors import Stop
from kompas.whereabouts import Whereabouts

app = typer.Typer()
Json = dict[str, Any]
# A full spreadsheet is read and compared while one waits.
PATIENCE = 120
ASK_EVERY = 0.5
SHOWN = 10
OUTCOMES = {
    "added": ("green", "tilføjes"),
    "changed": ("blue", "ændres"),
    "unchanged": ("bright_black", "står der allerede"),
    "possible": ("yellow", "måske den samme som en, der er der"),
    "wrong": ("red", "forkerte"),
    "skipped": ("bright_black", "springes over"),
}


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or HSDS JSON.", exists=True, dir_okay=False, readable=True)],
    tenant: Annotated[str, typer.Option(help="The centre.")] = "odense",
    source: Annotated[str, typer.Option(help="What the file is from; its lines are known again by it.")] = "file",
    possible: Annotated[
        Literal["skip", "add"], typer.Option(help="Lines that may be somebody who is there: leave out, or add.")
    ] = "skip",
    draft: Annotated[bool, typer.Option("--draft", help="Leave new activities unpublished.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    report: Annotated[Path | None, typer.Option(help="Keep what became of each line: a .csv or .xlsx file.")] = None,
) -> None:
    """Bring a file of associations, activities and premises into the directory. The same file twice adds nothing.

    Example: [green]kompas import foreninger.xlsx --source gammel-side[/]
    """
    if report and report.suffix not in (".csv", ".xlsx"):
        raise Stop("A report is a .csv or an .xlsx file.", "Example: --report rapport.xlsx", code=2)
    console = Console()
    with _client(tenant) as client:
        made = _read(client.post("imports", content=file.read_bytes(), params={"source": source}))
        if draft:
            made = _read(client.patch(f"imports/{made['id']}", json={"publish": False}))
        _show(console, client, made)
        if not made["counts"]["added"] + made["counts"]["changed"] + made["counts"]["possible"]:
            console.print("Nothing to do.")
        elif yes or typer.confirm("Adopt it?"):
            _read(client.post(f"imports/{made['id']}/adopt", json={"possible": possible}))
            made = _watch(console, client, made["id"])
            _count(console, made)
        if report:
            kept = client.get(f"imports/{made['id']}/report{report.suffix}")
            report.write_bytes(kept.raise_for_status().content)
            console.print(f"What became of each line: {report}")


def _client(tenant: str) -> httpx2.Client:
    where = Whereabouts.find()
    headers = {"authorization": f"Bearer {where.token(tenant, 'staff')}", "accept-language": "da"}
    return httpx2.Client(base_url=f"{where.public_url}/directory/{tenant}/", headers=headers, timeout=PATIENCE)


def _show(console: Console, client: httpx2.Client, made: Json) -> None:
    mapped = [f"{each['heading']} → {each['field']}" for each in made["columns"] if each["field"]]
    unused = [each["heading"] for each in made["columns"] if not each["field"]]
    console.print(Text(f"{danish(made['lines'])} linjer. " + ", ".join(mapped)))
    if unused:
        console.print(Text("Ikke brugt: " + ", ".join(unused), "yellow"))
    _count(console, made)
    for outcome in ("wrong", "possible"):
        for line in _read(client.get(f"imports/{made['id']}/lines?outcome={outcome}&limit={SHOWN}"))["items"]:
            told = "; ".join(f"{each['column'] or each['field']} {each['message']}" for each in line["findings"])
            alike = f"ligner {line['same_as']} ({line['score']} %)" if line["same_as"] else ""
            console.print(Text(f"  linje {line['number']} {line['label']}: {told or alike}", OUTCOMES[outcome][0]))


def _count(console: Console, made: Json) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    for outcome, (colour, name) in OUTCOMES.items():
        if count := made["counts"][outcome]:
            table.add_row(Text(danish(count), colour, justify="right"), Text(name, colour))
    console.print(table)


def _watch(console: Console, client: httpx2.Client, id: str) -> Json:
    """Whoever stops watching stops nothing: the worker goes on."""
    parts = (TextColumn("Overtager"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*parts, console=console) as progress:
        task = progress.add_task("", total=None)
        while True:
            made = _read(client.get(f"imports/{id}"))
            progress.update(task, completed=made["done"], total=made["lines"])
            if made["state"] == "adopted":
                return made
            time.sleep(ASK_EVERY)


def _read(answer: httpx2.Response) -> Json:
    if answer.is_success:
        return dict(answer.json())
    try:
        problem = answer.json()
        told = [f"{each['field']}: {each['message']}" for each in problem.get("errors", [])]
        sentence = "\n".join([f"{problem['title']}.", *([problem["detail"]] if "detail" in problem else []), *told])
    except (ValueError, KeyError):
        sentence = f"HTTP {answer.status_code}."
    raise Stop(sentence)
