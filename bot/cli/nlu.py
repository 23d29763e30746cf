"""`alley nlu`: serve, train and evaluate the language understanding, which lives in an environment of its own."""

import os
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import AlleyError
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
REFUSED = 3  # nlu/train.py: the new model is worse, the old one stays in place

app = typer.Typer(invoke_without_command=True, help="Serve (default), train or evaluate the language understanding.")


@app.callback()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="on the interface named by --interface")] = 5005,
    interface: Annotated[str, typer.Option(help="loopback or a private network only")] = "127.0.0.1",
) -> None:
    """Serve the model behind the token ALLEY_NLU_TOKEN."""
    if context.invoked_subcommand is None:
        settings = load_settings()
        if settings.nlu_token is not None:
            os.environ["ALLEY_NLU_TOKEN"] = settings.nlu_token
        _become(["nlu.serve", "--port", str(port), "--interface", interface, "--model", str(model_folder(settings))])


@app.command()
def train(
    again: Annotated[bool, typer.Option(help="although nothing changed")] = False,
    force: Annotated[bool, typer.Option(help="put it in place although it is worse than the one before")] = False,
) -> None:
    """Train a model when data, configuration or components changed, and put it in place; a running Alley takes it over.

    One that is worse by more than half a point in one of the main languages is refused.
    """
    options = [name for name, given in (("--again", again), ("--force", force)) if given]
    raise typer.Exit(_call([*train_command(load_settings()), *options]))


@app.command()
def evaluate(
    directory: Annotated[
        Path, typer.Argument(help="holds <lang>/<label>.yml, or <lang>.tsv: text, label; a label may be a|b")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Print the model's accuracy by language and by label."""
    model = ["--model", str(model_folder(load_settings()))]
    options = ["--json"] if as_json else []
    raise typer.Exit(_call([*_module("nlu.evaluate"), str(directory.absolute()), *options, *model]))


def model_folder(settings: Settings) -> Path:
    return (settings.data_dir / "models").absolute()


def train_command(settings: Settings) -> list[str]:
    return [*_module("nlu.train"), "--output", str(model_folder(settings))]


def _module(name: str) -> list[str]:
    if not PYTHON.exists():
        raise AlleyError("the NLU environment is missing: run `make setup`")
    return [str(PYTHON), "-m", name]


def _call(command: list[str]) -> int:
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own interpreter


def _become(arguments: list[str]) -> None:
    command = [*_module(arguments[0]), *arguments[1:]]
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter
