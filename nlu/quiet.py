"""Prepares a process before Rasa is imported: no telemetry, no noise, no resident's words in a log, no ballast.

Called by every entry point.
"""

import logging
import os
import sys
from typing import Any

from nlu.standins import stand_in


def prepare_process() -> None:
    """Set environment and logging. A variable that is set already stays."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("OMP_NUM_THREADS", str(min(os.cpu_count() or 1, 4)))
    # Waiting encoder threads must sleep: spinning, they slow themselves twentyfold beside any other busy process.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    # numpy's products here are small; more threads would only take the processors from the encoder.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Which encoder serves is worth a line.
    logging.getLogger("nlu.encoder").setLevel(logging.INFO)
    # The packages that Rasa pins warn of deprecations by the dozen.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    stand_in()
    _silence_structlog()


def _silence_structlog() -> None:
    """Let Rasa's structured events through from warnings up, by name alone: their fields hold whole messages."""
    import structlog

    def keep_name(_: Any, __: str, event: dict[str, Any]) -> str:
        return str(event["event"])

    structlog.configure(
        processors=[keep_name],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
