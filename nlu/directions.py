"""Which directions of an embedding tell the language and not the meaning; used where classifiers are trained.

Sentences of one language lie together, whatever they say. A classifier that cannot see where they lie knows a language
that it never learnt as well as it can. The directions are those in which the languages' mean embeddings differ most.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

_DIRECTIONS = 16
# Fewer languages do not show what all of them differ in.
_LANGUAGES = 2 * _DIRECTIONS


def find_directions(embeddings: Rows, languages: Sequence[str]) -> Rows:
    """Orthonormal rows, shape (16, d), from embeddings of shape (n, d); (0, d) when there are too few languages."""
    names, numbers = np.unique(languages, return_inverse=True)
    if len(names) < _LANGUAGES:
        return np.zeros((0, embeddings.shape[1]), np.float32)
    means = np.stack([embeddings[numbers == number].mean(axis=0) for number in range(len(names))])
    directions: Rows = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)[2][:_DIRECTIONS]
    return directions.astype(np.float32)


def remove_directions(rows: Rows, directions: Rows) -> Rows:
    """Each row without its part in these directions."""
    rest: Rows = rows - (rows @ directions.T) @ directions
    return rest
