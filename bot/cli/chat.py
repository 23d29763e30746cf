"""`alley chat`: a conversation with the running Alley in the terminal."""

from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from bot.cli.talk import Talk, connect
from bot.settings import load_settings

WAIT_SECONDS = 10
screen = Console(highlight=False, markup=False)


def register(app: typer.Typer) -> None:
    app.command()(chat)


def chat(
    lang: Annotated[str | None, typer.Option(help="the language to begin in, such as ja")] = None,
) -> None:
    """Talk to the running Alley; a button is pressed by its number, an empty line fetches what is new."""
    talk = connect(load_settings(), lang)
    talk.say("/start")
    try:
        while True:
            for message in talk.replies(WAIT_SECONDS if talk.session else 0):
                _show(message)
            _say(talk, input("> ").strip())
    except (EOFError, KeyboardInterrupt):
        screen.print()
    except httpx.HTTPError as error:
        screen.print(f"The connection was lost ({type(error).__name__}).")


def _say(talk: Talk, line: str) -> None:
    if not line:
        for message in talk.new_messages():
            _show(message)
    elif line.isdigit() and 0 < int(line) <= len(talk.buttons):
        button = talk.buttons[int(line) - 1]
        talk.say(button["label"], button["value"])
    else:
        talk.say(line)


def _show(message: dict[str, Any]) -> None:
    who = "Alley" if message["author"] == "bot" else "Staff"
    screen.print(f"{who}: {message['text']}")
    for number, button in enumerate(message["buttons"], start=1):
        screen.print(f"  [{number}] {button['label']}")
