"""`alley texts`: collects the program's sentences into the catalogues, and checks these."""

from typing import Annotated

import typer

from knowledge import catalogues


def register(app: typer.Typer) -> None:
    app.command()(texts)


def texts(
    task: Annotated[str, typer.Argument(help="extract: new sentences into every catalogue; check: what is missing")],
) -> None:
    """Keep the catalogues of the bot's own sentences up to date."""
    raise typer.Exit(catalogues.main([task]))
