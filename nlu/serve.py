"""`python -m nlu.serve [--interface A] [--port N] [--model PATH] [--token-env NAME]`: Rasa's HTTP server.

Called by `alley nlu` and `alley run`; talked to by `bot/nlu_client.py`. Serves Rasa's API (`rasa run --enable-api`)
behind a token, answers only when the model is warm, takes over a newer model while it runs, and writes no resident's
words into any log.
"""

import argparse
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from nlu.archive import MODELS, find_model
from nlu.quiet import prepare_process

# One sentence in each way the pipeline can go, so that nothing is loaded at a resident's expense.
_WARM_UP = ("Where is my application SH-RP-2026-004182?", "我楼上的邻居晚上很吵", "เปิดกี่โมงครับ", "¿Dónde está?")


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped. 1 with a line that says why when it cannot start."""
    options = _read_arguments(arguments)
    token = os.environ.get(options.token_env, "")
    if not token:
        print(f"set {options.token_env}: the server never runs without a token", file=sys.stderr)
        return 1
    try:
        archive = find_model(options.model)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    prepare_process()
    app = _build_app(options.model, archive, token)
    print(f"serving {archive.name} on http://{options.interface}:{options.port}", flush=True)
    app.run(host=options.interface, port=options.port, workers=1, access_log=False)
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.serve", description="Serve Alley's language understanding.")
    parser.add_argument("--interface", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=5005, help="(%(default)s)")
    parser.add_argument("--model", type=Path, default=MODELS, metavar="PATH", help="archive or folder (%(default)s)")
    parser.add_argument("--token-env", default="ALLEY_NLU_TOKEN", metavar="NAME", help="variable with the token")
    return parser.parse_args(arguments)


def _build_app(models: Path, archive: Path, token: str) -> Any:
    from rasa.core.run import close_resources, configure_app, load_agent_on_start

    from nlu.api import check_parse_request, parse_in_thread
    from nlu.following import follow

    app = configure_app(auth_token=token, cors=None, enable_api=True)
    _silence_sanic()
    app.on_request(check_parse_request)
    app.register_listener(partial(load_agent_on_start, str(archive), None, None), "before_server_start")
    app.register_listener(_warm_up_first, "before_server_start")
    if models.is_dir():
        app.add_task(follow(models, archive, app, _warm_up))
    app.register_listener(close_resources, "after_server_stop")
    parse_in_thread()
    return app


def _silence_sanic() -> None:
    # Sanic prints a banner, and each line twice because the root logger prints it too.
    for name in ("sanic.root", "sanic.error", "sanic.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger(name).propagate = False


async def _warm_up_first(app: Any, _loop: Any) -> None:
    if app.ctx.agent is None or not app.ctx.agent.is_ready():
        # Rasa would start without a model and refuse every message.
        raise RuntimeError("the model could not be loaded")
    await _warm_up(app.ctx.agent)


async def _warm_up(agent: Any) -> None:
    for text in _WARM_UP:
        await agent.parse_message(text)


if __name__ == "__main__":
    sys.exit(main())
