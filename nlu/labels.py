"""The one place where a label is respelt for Rasa; used by the importer and the intent classifier.

Rasa splits an intent at "/" into a retrieval intent and a response key. Inside Rasa the topic is therefore joined to
its group by another sign; everyone outside (data paths, registry, evaluation, parse results) sees `faq/topic`.
"""

_INSIDE = "+"
_OUTSIDE = "/"


def to_rasa(label: str) -> str:
    """`faq/visa` as Rasa may see it."""
    return label.replace(_OUTSIDE, _INSIDE)


def from_rasa(name: str) -> str:
    """The label that was given to `to_rasa`."""
    return name.replace(_INSIDE, _OUTSIDE)
