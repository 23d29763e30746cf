"""`alley ask`: what Alley understands of a text, and what it replies, as JSON."""

import json
from typing import Annotated

import httpx
import typer

from bot.cli.talk import connect, running
from bot.settings import load_settings

WAIT_SECONDS = 10


def register(app: typer.Typer) -> None:
    app.command()(ask)


def ask(
    text: Annotated[str, typer.Argument(help="a resident's message")],
    lang: Annotated[str | None, typer.Option(help="the resident's language, such as ja")] = None,
) -> None:
    """Print the understanding of TEXT and Alley's reply as JSON."""
    settings = load_settings()
    nlu = running(settings)
    parsed = httpx.post(
        f"{nlu['nlu_url']}/model/parse", params={"token": nlu["nlu_token"]}, json={"text": text}, trust_env=False
    )
    parsed.raise_for_status()
    talk = connect(settings, lang)
    talk.say(text)
    reply = [
        {name: message.get(name) for name in ("text", "lang", "buttons", "origin") if message.get(name) is not None}
        for message in talk.replies(WAIT_SECONDS)
    ]
    print(json.dumps({"understanding": parsed.json(), "reply": reply}, ensure_ascii=False, indent=2))
