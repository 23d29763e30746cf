"""Commands set up the log for their own process; the next test must not write into theirs."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    yield
    structlog.reset_defaults()
