"""Lets a running server take over the model that training puts in place; used by `nlu/serve.py`.

The new model is loaded and warmed up beside the old one, which answers meanwhile; then they are exchanged between two
messages.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from nlu.archive import find_model

logger = logging.getLogger(__name__)

SECONDS = 2.0
"""Between two looks."""


async def follow(folder: Path, served: Path, app: Any, warm_up: Callable[[Any], Awaitable[None]]) -> None:
    """Until it is cancelled: exchange `app.ctx.agent` whenever another model than `served` is in place."""
    while True:
        await asyncio.sleep(SECONDS)
        try:
            newest = find_model(folder)
        except FileNotFoundError:
            continue
        if newest == served:
            continue
        served = newest  # one that cannot be loaded is not tried again and again
        try:
            agent = await asyncio.to_thread(_load, newest)
            await warm_up(agent)
        except Exception as error:
            logger.error("model %s cannot be served: %s; the old one goes on", newest.name, type(error).__name__)
            continue
        app.ctx.agent = agent
        logger.warning("model %s serves", newest.name)


def _load(archive: Path) -> Any:
    from rasa.core.agent import Agent

    agent = Agent.load(str(archive))
    if not agent.is_ready():
        raise RuntimeError("the model could not be loaded")
    return agent
