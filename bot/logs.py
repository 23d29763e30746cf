"""The log: one line an event on standard error, with ids and names, never residents' words. Set up by bot/cli."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def set_up(level: str) -> None:
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _frames_only,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # libraries: warnings only; httpx and python-telegram-bot log addresses that hold the bot's token
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")


def _frames_only(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where an error happened, without its text: that may quote what a resident wrote."""
    if event.pop("exc_info", None):
        trace = traceback.extract_tb(sys.exc_info()[2])
        event["trace"] = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(trace))
    return event
