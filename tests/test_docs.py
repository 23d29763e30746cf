"""That what README, CONTRIBUTING and docs/ tell to run is there, and that their links lead somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TARGETS = set(re.findall(r"^([a-z][a-z-]*):.*?## ", (ROOT / "Makefile").read_text(), re.MULTILINE))

FENCED = re.compile(r"^\s*```(\w*)\n(.*?)^\s*```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`]+)`")
COMMENT = re.compile(r"(?:^|\s)#.*")
MAKE = re.compile(r"(?<![\w./-])make((?: [a-z][a-z-]*)+)")
ALLEY = re.compile(r"(?<![\w./-])(?:\.venv/bin/)?alley((?: [a-z][a-z-]*)+)")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def code(document: Path) -> list[str]:
    """What is told to be typed: lines of shell blocks without their comments, and code within the sentences."""
    text = document.read_text(encoding="utf-8")
    blocks = [block for language, block in FENCED.findall(text) if language in ("", "sh")]
    lines = [COMMENT.sub("", line) for block in blocks for line in block.splitlines()]
    return lines + SPAN.findall(FENCED.sub("", text))


def targets(document: Path) -> set[str]:
    return {target for line in code(document) for found in MAKE.findall(line) for target in found.split()}


def commands(document: Path) -> list[list[str]]:
    return [found.split() for line in code(document) for found in ALLEY.findall(line)]


def is_there(words: list[str], command: Any) -> bool:
    """Whether the words begin with a command, and with one of its own where it has some."""
    within = getattr(command, "commands", {})
    return not within or not words or (words[0] in within and is_there(words[1:], within[words[0]]))


def links(document: Path) -> set[str]:
    found = set(LINK.findall(FENCED.sub("", document.read_text(encoding="utf-8"))))
    return {link for link in found if not re.match(r"[a-z]+:", link)}


def test_there_is_something_to_check() -> None:
    readme = ROOT / "README.md"
    assert {"run", "test", "check", "chat", "demo"} <= targets(readme) & TARGETS
    assert {"ask", "migrate", "web", "worker", "nlu"} <= {words[0] for words in commands(readme)}
    assert "docs/architecture.md" in links(readme)
    assert not is_there(["sing"], typer.main.get_command(app))
    assert not is_there(["nlu", "sing"], typer.main.get_command(app))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_exists(document: Path) -> None:
    assert targets(document) <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists(document: Path) -> None:
    command = typer.main.get_command(app)
    assert [words for words in commands(document) if not is_there(words, command)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    assert [link for link in links(document) if not (document.parent / link).exists()] == []
