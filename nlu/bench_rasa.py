"""First half of `make bench-nlu`: Rasa's recommended pipeline on MASSIVE; `nlu/bench_massive.py` makes the tables.

Runs in an environment of its own with TensorFlow (`uv sync --group tensorflow`), where nothing is stood in for. Each
training takes minutes, so its result is kept in `var/cache/massive-rasa` and used again while data and pipeline stay.
"""

import hashlib
import json
import os
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nlu.bench_massive import (
    RASA_RESULTS,
    TRAINED_ON,
    Result,
    Samples,
    Stopwatch,
    describe,
    measure,
    read_tests,
    read_training,
    today,
)

# What `rasa init` writes, without the parts that do not choose an intent. Its FallbackClassifier would only count
# against it: every row here has an intent.
_CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "massive",
    # Rasa refuses its WhitespaceTokenizer for `zh`. None of these components uses the language for anything else.
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {
            "name": "DIETClassifier",
            "epochs": 100,
            "constrain_similarities": True,
            "entity_recognition": False,
            "random_seed": 0,
        },
    ],
}


def main() -> int:
    """0 when every training has its result."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    warnings.simplefilter("ignore")  # the packages that Rasa pins warn by the dozen
    tests = read_tests()
    RASA_RESULTS.mkdir(parents=True, exist_ok=True)
    for locale in TRAINED_ON:
        samples = read_training(locale)
        key = _hash([version("rasa"), _CONFIG, samples, tests])
        file = RASA_RESULTS / f"{locale}.json"
        if not file.exists() or json.loads(file.read_text(encoding="utf-8"))["key"] != key:
            _say(f"Rasa, {len(samples[0])} rows of {locale}: training")
            result = _run(locale, samples, tests)
            file.write_text(json.dumps({"key": key, **vars(result)}, indent=1), encoding="utf-8")
            _say(f"Rasa, {len(samples[0])} rows of {locale}: {describe(result)}")
        else:
            _say(f"Rasa, {len(samples[0])} rows of {locale}: measured before, {file}")
    return 0


def _hash(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def _run(locale: str, samples: Samples, tests: dict[str, Samples]) -> Result:
    with tempfile.TemporaryDirectory(prefix="alley-bench-rasa-") as name:
        folder = Path(name)
        # Rasa keeps what it trained and would take it from there next time.
        os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
        archive, seconds = _train(folder, samples)
        from nlu.model import Model

        model = Model(archive)

        def predict(asked: str, texts: list[str]) -> list[str]:
            _say(f"  asking in {asked}")
            return [str(parsed["intent"]["name"]) for parsed in model.parse(texts)]

        return Result(locale, today(), *seconds, measure(tests, predict))


def _train(folder: Path, samples: Samples) -> tuple[Path, tuple[float, float]]:
    from rasa.model_training import train_nlu

    # Rasa's JSON format, because in its YAML a bracket in a text would begin an entity.
    examples = [{"text": text, "intent": intent} for text, intent in zip(*samples, strict=True)]
    data = folder / "nlu.json"
    data.write_text(json.dumps({"rasa_nlu_data": {"common_examples": examples}}), encoding="utf-8")
    settings = folder / "config.yml"
    settings.write_text(json.dumps(_CONFIG), encoding="utf-8")  # JSON is YAML
    stopwatch = Stopwatch()
    archive = train_nlu(str(settings), str(data), str(folder / "models"), fixed_model_name="rasa")
    seconds = stopwatch.read()
    if archive is None:
        raise RuntimeError("Rasa did not train")
    return Path(archive), seconds


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
