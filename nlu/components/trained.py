"""What every component does that learns: it is made, trained, kept in the model's archive and loaded again."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

Component = TypeVar("Component", bound="TrainedComponent")


class TrainedComponent(GraphComponent):
    """A subclass's `train` ends with `return self.keep()`."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls: type[Component],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Component:
        """Called by Rasa before training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: type[Component],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Component:
        """Called by Rasa before serving. Raises when there is no trained model."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.restore(folder)
        return component

    def keep(self) -> Resource:
        """Put what was learnt into the archive."""
        with self._storage.write_to(self._resource) as folder:
            self.save(folder)
        return self._resource

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what was learnt into an existing folder."""

    @abstractmethod
    def restore(self, folder: Path) -> None:
        """Read what `save` wrote. Raises OSError when something is missing."""
