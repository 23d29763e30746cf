"""The command `alley`: one module for each group of commands."""

import sys

import typer

from bot.cli import add, ask, chat, demo, knowledge, nlu, run, texts
from bot.errors import AlleyError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
for module in (run, chat, ask, demo, add, texts):
    module.register(app)
app.add_typer(nlu.app, name="nlu")
app.add_typer(knowledge.app, name="knowledge")


def main() -> None:
    """An error of ours is one sentence, not a traceback."""
    try:
        app()
    except AlleyError as error:
        sys.exit(f"alley: {error}")
