"""Keeps what Rasa imports and our processes never use out of memory; called by `nlu/quiet.py` before Rasa is imported.

Rasa's server imports every channel and store it knows, and its base classes import TensorFlow, scikit-learn and
matplotlib for components that we do not run: seconds and some hundred megabytes in all. A stand-in takes the place
of each such module: any name can be imported from it, and using what was imported raises. TensorFlow is therefore
not even installed; `uv sync --group tensorflow` installs it for Rasa's own command line, which knows no stand-ins.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_STOOD_IN = frozenset(
    {
        # TensorFlow and scikit-learn, for Rasa's own neural components
        "rasa.utils.train_utils",
        "rasa.utils.tensorflow.model_data",
        # matplotlib, for `rasa test`
        "rasa.utils.plotting",
        # the channels and stores of Rasa Core
        "aiogram",
        "boto3",
        "botocore",
        "prompt_toolkit",
        "pymongo",
        "questionary",
        "slack_sdk",
        "socketio",
        "twilio",
        "webexteamssdk",
    }
)


class _StandIn(ModuleType):
    """A module from which any name can be imported."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_: Any, **__: Any) -> None:
            raise ImportError(f"{self.__name__}.{name} is stood in for; see nlu/standins.py")

        value = type(name, (), {"__init__": refuse})
        setattr(self, name, value)
        return value


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        stood_in = fullname in _STOOD_IN or fullname.partition(".")[0] in _STOOD_IN
        return ModuleSpec(fullname, self, is_package=True) if stood_in else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A stand-in has nothing to execute."""


def stand_in() -> None:
    """From now on, import stand-ins. What is imported already stays."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
