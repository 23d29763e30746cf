"""A trained model outside the server; used by `nlu/evaluate.py` and by tests."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage


class Model:
    """Parses texts with the very graph that the server runs."""

    def __init__(self, archive: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="alley-nlu-")
        metadata, self._runner = load_predict_graph_runner(
            Path(self._folder.name), archive, LocalModelStorage, DaskGraphRunner
        )
        self._target = metadata.nlu_target

    def parse(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """What /model/parse answers for each text."""
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text) for text in texts]}
        messages = self._runner.run(inputs=inputs, targets=[self._target])[self._target]
        return [message.as_dict(only_output_properties=True) for message in messages]
