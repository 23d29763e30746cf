"""Turns the pipeline of `config.yml` into Rasa's training and prediction graph; called by `nlu/train.py`.

Rasa's own default recipe reads the same file (`rasa train nlu`, with the dependency group `tensorflow`), but it
imports every component Rasa has, and ends each pipeline with a handler that takes a resident's "/greet" for a command.
"""

from typing import Any

from rasa.engine.constants import PLACEHOLDER_IMPORTER, PLACEHOLDER_MESSAGE
from rasa.engine.graph import GraphModelConfiguration, GraphSchema, SchemaNode
from rasa.engine.recipes.default_recipe import DEFAULT_PREDICT_KWARGS, DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.graph_components.converters.nlu_message_converter import NLUMessageConverter
from rasa.graph_components.providers.nlu_training_data_provider import NLUTrainingDataProvider
from rasa.shared.data import TrainingType
from rasa.shared.utils.common import class_from_module_path

_PREPARING = {DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER}


def build_graph(config: dict[str, Any]) -> GraphModelConfiguration:
    """One chain of nodes for training and one for prediction, each component after the one before it.

    Raises ValueError when the pipeline names a class that is not registered as a component.
    """
    training = {"training_data": _provide_training_data()}
    prediction = {"message": _convert_message()}
    data, message = "training_data", "message"
    for settings in config["pipeline"]:
        component = _find_component(settings["name"])
        name = component.clazz.__name__
        options = {key: value for key, value in settings.items() if key != "name"}
        if component.is_trainable:
            training[f"train_{name}"] = _train(component.clazz, data, options)
        if component.types & _PREPARING:
            training[f"run_{name}"] = _prepare(component.clazz, data, options)
            data = f"run_{name}"
        resource = Resource(f"train_{name}") if component.is_trainable else None
        prediction[f"run_{name}"] = _predict(component.clazz, message, options, resource)
        message = f"run_{name}"
    return GraphModelConfiguration(
        train_schema=GraphSchema(training),
        predict_schema=GraphSchema(prediction),
        training_type=TrainingType.NLU,
        assistant_id=config["assistant_id"],
        language=None,
        spaces=None,
        core_target=None,
        nlu_target=message,
    )


def _find_component(path: str) -> DefaultV1Recipe.RegisteredComponent:
    name = class_from_module_path(path).__name__
    registered = DefaultV1Recipe._registered_components.get(name)
    if registered is None:
        raise ValueError(f"{path} is not registered as a component")
    return registered


def _provide_training_data() -> SchemaNode:
    return SchemaNode(
        needs={"importer": PLACEHOLDER_IMPORTER},
        uses=NLUTrainingDataProvider,
        constructor_name="create",
        fn="provide",
        config={"language": None, "persist": False},
        is_input=True,
    )


def _convert_message() -> SchemaNode:
    return SchemaNode(
        **DEFAULT_PREDICT_KWARGS,
        needs={"messages": PLACEHOLDER_MESSAGE},
        uses=NLUMessageConverter,
        fn="convert_user_message",
        config={},
    )


def _train(component: Any, data: str, options: dict[str, Any]) -> SchemaNode:
    return SchemaNode(
        needs={"training_data": data},
        uses=component,
        constructor_name="create",
        fn="train",
        config=options,
        is_target=True,
    )


def _prepare(component: Any, data: str, options: dict[str, Any]) -> SchemaNode:
    return SchemaNode(
        needs={"training_data": data},
        uses=component,
        constructor_name="create",
        fn="process_training_data",
        config=options,
    )


def _predict(component: Any, message: str, options: dict[str, Any], resource: Resource | None) -> SchemaNode:
    return SchemaNode(
        **DEFAULT_PREDICT_KWARGS,
        needs={"messages": message},
        uses=component,
        fn="process",
        config=options,
        resource=resource,
    )
