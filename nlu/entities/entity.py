"""What is found; called by every module of this package and by the entity extractor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """`value` is the normal form; text[start:end] is what the resident wrote."""

    name: str
    value: str
    start: int
    end: int
