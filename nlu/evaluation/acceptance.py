"""Whether a new model may take the place of the old one; asked by `nlu/train.py`.

Both answer the held-out sentences. What one model said is kept beside its archive, so that it is asked once.
"""

import hashlib
import json
from pathlib import Path

from nlu.evaluation.examples import Example, read_examples

HELD_OUT = Path("tests/sentences")
GUARDED = tuple("en zh zh-Hant ja ko fr de es pt it ru ar vi th tr hi id uk pl nl".split())  # noqa: SIM905
"""The languages in which no new model may be worse: those that most residents write."""
ALLOWED_LOSS = 0.005


def find_losses(old: Path, new: Path, folder: Path = HELD_OUT) -> list[str]:
    """A phrase for each guarded language in which the new model is worse by more than half a point.

    Raises ValueError when a sentence is malformed, FileNotFoundError when there are none.
    """
    examples = read_examples(folder)
    before, after = (_measure(archive, examples) for archive in (old, new))
    return [
        f"{language} {before[language]:.1%} → {after[language]:.1%}"
        for language in GUARDED
        if language in after and after[language] < before.get(language, 0.0) - ALLOWED_LOSS
    ]


def _measure(archive: Path, examples: list[Example]) -> dict[str, float]:
    """Accuracy by language. Nothing for an old model that cannot be loaded any more: anything is better than that."""
    digest = hashlib.sha256(f"{archive.stat().st_mtime_ns}{examples}".encode("utf-8", "replace")).hexdigest()[:16]
    kept = archive.with_name(f"{archive.name}.{digest}.json")
    if kept.exists():
        accuracy: dict[str, float] = json.loads(kept.read_text())
        return accuracy
    from nlu.evaluate import evaluate

    try:
        accuracy = evaluate(archive, examples).languages
    except Exception:
        return {}
    kept.write_text(json.dumps(accuracy))
    return accuracy
