"""`kompas token`: an access token of the local issuer."""

from typing import Annotated
from uuid import UUID

import typer

from kompas.errors import Stop
from kompas.whereabouts import Whereabouts
from shared.auth import Role

app = typer.Typer()


@app.command()
def token(
    tenant: Annotated[str, typer.Option(help="The centre it is for, e.g. odense.")] = "odense",
    role: Annotated[Role, typer.Option(help="What its bearer may do.")] = Role.STAFF,
    organisation_id: Annotated[UUID | None, typer.Option(help="An association's own id, for role association.")] = None,
) -> None:
    """Print a token for the local system, good for eight hours.

    Example: [green]curl -H "Authorization: Bearer $(kompas token --role staff)" …[/]
    """
    if role is Role.ASSOCIATION and organisation_id is None:
        raise Stop("A token of an association needs to say which one.", "Add --organisation-id ID.", code=2)
    typer.echo(Whereabouts.find().sign(tenant, role, organisation_id))
