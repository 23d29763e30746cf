"""That everything is connected: imports, the registry of intents, names, buttons."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest
import yaml

from dialogues import courtesy, faq, names, router, unable
from tests.dialogues.conversation import TELEGRAM_BUTTON, english
from tests.dialogues.walks import TOPICS

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "dialogues").glob("**/*.py"))
REGISTRY = yaml.safe_load((ROOT / "nlu" / "intents.yaml").read_text(encoding="utf-8"))
TABLES = (
    names.INTENTS, names.CATEGORIES, names.CASE_STATUSES, names.APPLICATION_KINDS, names.STAGES, names.NEXT_STEPS,
    names.DOCUMENTS,
)  # fmt: skip
FAQ_FILES = sorted((ROOT / "knowledge" / "faq").glob("*/*.yaml"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_dialogues_import_the_standard_library_and_themselves(module):
    imported = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module)
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names | {"dialogues"}
    assert not imported & {"asyncio", "socket", "subprocess", "os", "random", "time", "pathlib"}, "no I/O, no chance"


@pytest.mark.parametrize("label", REGISTRY)
def test_every_label_goes_to_the_dialogue_that_the_registry_names(label):
    dialogue = REGISTRY[label]["dialogue"]
    if label.startswith("faq/"):
        assert dialogue == faq.__name__.rpartition(".")[2]
        return
    started = router.INTENTS[label]
    is_written = importlib.util.find_spec(f"dialogues.{dialogue}") or hasattr(courtesy, dialogue)
    assert started.__name__.rstrip("_") == dialogue or (started is unable.not_in_chat and not is_written)


def test_the_router_and_the_names_know_no_label_that_the_registry_does_not():
    assert router.INTENTS.keys() <= REGISTRY.keys()
    assert names.INTENTS.keys() <= REGISTRY.keys()
    assert set(TOPICS) == {label for label in REGISTRY if label.startswith("faq/")}


def test_what_is_offered_as_a_button_has_a_name():
    offered = {*courtesy.SERVICES, *courtesy.TOPICS, *faq.ACTIONS.values()}
    assert offered <= names.INTENTS.keys()
    assert router.INTENTS.keys() >= router.ASIDES | router.LEAVES
    assert set(router.COMMANDS.values()) <= router.INTENTS.keys()


def test_every_name_is_a_text_without_placeholders():
    named = [text for table in TABLES for text in table.values()]
    assert all(english(text) == text.msgid and not text.params for text in named)


@pytest.mark.parametrize("intent", names.INTENTS)
def test_buttons_that_start_something_fit_into_telegram(intent):
    assert len(f"go:{intent}".encode()) <= TELEGRAM_BUTTON


@pytest.mark.parametrize("file", FAQ_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_buttons_of_sections_fit_into_telegram(file):
    for section in yaml.safe_load(file.read_text(encoding="utf-8")).get("sections") or []:
        assert len(f"go:faq/{file.stem}#{section['id']}".encode()) <= TELEGRAM_BUTTON


def test_there_are_faq_files_to_check():
    assert FAQ_FILES
