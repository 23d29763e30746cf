"""Gives Rasa our sentences as its training data; named in `nlu/config.yml`, created by `nlu/train.py` and by Rasa."""

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from nlu.labels import to_rasa
from nlu.sentences import ANSWERS, DATA, Sentence, read_questions, read_sentences


class SentenceImporter(TrainingDataImporter):
    """Reads `nlu/data/` and the answers' questions; each Message also carries language, category and urgent."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        data: str | Path = DATA,
        answers: str | Path = ANSWERS,
        **kwargs: Any,
    ) -> None:
        self._config_file = config_file
        self._data, self._answers = Path(data), Path(answers)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All sentences of every language. Raises SentenceError when a file is malformed."""
        sentences = (*read_sentences(self._data), *read_questions(self._answers))
        data = TrainingData()
        # Set, not given: Rasa would look for messages that are there twice, for seconds; tests/content does that.
        data.training_examples = [_to_message(sentence) for sentence in sentences]
        return data

    def get_config(self) -> dict[str, Any]:
        """The content of `config.yml`."""
        return read_model_configuration(self._config_file) if self._config_file else {}

    def get_config_file_for_auto_config(self) -> str | None:
        """None, because our configuration is complete and Rasa must not rewrite it."""
        return None

    def get_domain(self) -> Domain:
        """Empty, because Rasa holds no conversation for us."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Empty, because Rasa holds no conversation for us."""
        return StoryGraph([])


def _to_message(sentence: Sentence) -> Message:
    # Not Message.build, which would split the label.
    return Message(
        data={
            TEXT: sentence.text,
            INTENT: to_rasa(sentence.label),
            "language": sentence.language,
            "category": sentence.category,
            "urgent": sentence.urgent,
        }
    )
