"""`alley demo`: what a newcomer needs to try the sample centre."""

from collections.abc import Sequence

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from bot.settings import load_settings
from knowledge.sample import sample_applications, sample_staff

screen = Console()


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo() -> None:
    """List the sample applications (number and birth date show one's status) and the sample staff."""
    samples = load_settings().knowledge_dir / "samples"
    screen.print(_table("Sample applications", ("number", "birth_date", "kind", "stage"), sample_applications(samples)))
    screen.print(_table("Sample staff", ("login", "password", "language", "role"), sample_staff(samples)))


def _table(title: str, columns: tuple[str, ...], rows: Sequence[BaseModel]) -> Table:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*(str(getattr(row, column)) for column in columns))
    return table
