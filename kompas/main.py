"""The command line: `kompas --help`."""

import typer

from kompas.cli import dead_letters, demo, events, goals, importing, plan_texts, plans, run, token
from kompas.cli.sentences import Sentences

app = typer.Typer(
    cls=Sentences,
    name="kompas",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Kompas: the shared ground of a volunteer centre and its municipality.\n\n"
    "Start with [green]kompas up[/], then [green]kompas demo[/] for a year to look at.",
)
for single in (run, demo, goals, importing, token):
    app.add_typer(single.app)
plans.app.add_typer(plan_texts.texts)
app.add_typer(plans.app, name="plan")
app.add_typer(events.app, name="events")
app.add_typer(dead_letters.app, name="dead-letters")

if __name__ == "__main__":
    app()
