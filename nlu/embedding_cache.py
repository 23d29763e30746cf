"""Keeps embeddings of training sentences on disk, so that retraining encodes only what is new.

Used by the sentence featurizer while training; the server never writes a resident's words or their embeddings.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.encoder import Encoder

_BATCH = 512


class EmbeddingCache:
    """An Encoder's vectors by encoder name and text, in one SQLite file."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file

    def encode(self, encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
        """What `encoder.encode(texts)` gives, taken from disk where it was computed before."""
        keys = [hashlib.sha256(f"{encoder.name}\0{text}".encode("utf-8", "replace")).digest() for text in texts]
        with closing(sqlite3.connect(self._file)) as database:
            database.execute("CREATE TABLE IF NOT EXISTS embedding (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")
            known: dict[bytes, bytes] = {
                key: vector for key, vector in database.execute("SELECT key, vector FROM embedding")
            }
            missing = [i for i, key in enumerate(keys) if key not in known]
            for start in range(0, len(missing), _BATCH):
                batch = missing[start : start + _BATCH]
                vectors = encoder.encode([texts[i] for i in batch])
                rows = [(keys[i], vector.tobytes()) for i, vector in zip(batch, vectors, strict=True)]
                database.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?)", rows)
                database.commit()
                known.update(rows)
        flat = b"".join(known[key] for key in keys)
        return np.frombuffer(flat, dtype=np.float32).reshape(len(texts), encoder.dimension)
