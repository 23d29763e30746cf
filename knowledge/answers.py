"""The centre's own answers (knowledge/faq/<language>/<topic>.yaml). Called by bot/perform.py.

python -m knowledge.answers     checks all of them; called by `make check`
"""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from bot.errors import ContentError
from dialogues.effects import Answer
from dialogues.texts import Prose
from knowledge import answers_review, content
from knowledge.catalogues import PLACEHOLDER
from knowledge.centre import Centre, load_centre
from knowledge.hours import OpeningHours
from knowledge.languages import ELSE, nearest
from knowledge.markup import escape
from knowledge.texts import Texts, isolated

FOLDER = Path(__file__).parent / "faq"
ANSWER_LENGTH = 700
SECTION_LENGTH = 900

type Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
type Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
type Action = Literal["open_case", "check_application", "check_case", "talk_to_human", "book_appointment"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Section(_Frozen):
    """A part of an answer that is read when it is asked for; `id` is the same in every language."""

    id: Name
    title: Words
    text: Annotated[Words, Field(max_length=SECTION_LENGTH)]


class AnswerFile(_Frozen):
    """One topic in one language. `origin` says whether a person wrote it."""

    topic: Name
    title: Words
    answer: Annotated[Words, Field(max_length=ANSWER_LENGTH)]
    sections: Annotated[tuple[Section, ...], Field(max_length=4)] = ()
    related: tuple[Name, ...] = ()
    actions: tuple[Action, ...] = ()
    sources: Annotated[tuple[Words, ...], Field(min_length=1)]
    reviewed_on: date
    origin: Literal["human", "machine"]

    @field_validator("sections")
    @classmethod
    def _differ(cls, sections: tuple[Section, ...]) -> tuple[Section, ...]:
        if len({section.id for section in sections}) < len(sections):
            raise ValueError("two sections have the same id")
        return sections


class Answers:
    """`languages` are those that have answers, English first."""

    def __init__(
        self,
        centre: Centre,
        texts: Texts,
        folder: Path = FOLDER,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Reads all of them. Raises ContentError, naming the file and what is wrong with it."""
        self._centre = centre
        self._texts = texts
        self._clock = clock
        self._hours = OpeningHours(centre, texts)
        self.files: Mapping[str, Mapping[str, AnswerFile]] = _load(folder)
        spoken = {language for by_language in self.files.values() for language in by_language}
        self.languages: tuple[str, ...] = (ELSE, *sorted(spoken - {ELSE}))

    def find(self, topic: str, language: str, section: str | None = None) -> Answer | None:
        """None when nothing is written on the topic, in `language`, in its base or in English.

        An unknown section, such as that of a button from before an edit, finds the whole answer.
        """
        by_language = self.files.get(topic, {})
        written = nearest(language, by_language)
        if written not in by_language:
            return None
        file = by_language[written]
        part = next((part for part in file.sections if part.id == section), None)
        title, text = (part.title, part.text) if part else (file.title, file.answer)
        return Answer(
            self._prose(f"**{title}**\n\n{text}", written, file.origin),
            tuple((part.id, self._prose(part.title, written, file.origin)) for part in file.sections),
            file.related,
            file.actions,
        )

    def check(self, today: date | None = None) -> list[str]:
        """A line for each fault that shows only when the answers are seen together, or that time brings."""
        return answers_review.find_problems(self.files, PLACEHOLDERS, today or self._clock().date())

    def _prose(self, text: str, language: str, origin: str) -> Prose:
        return Prose(PLACEHOLDER.sub(lambda found: self._filled(found[1], language), text), language, origin)

    def _filled(self, name: str, language: str) -> str:
        """An unknown placeholder stays as it is; `check` tells of it."""
        if name == "hours_week":
            return self._hours.week(language)
        if name == "open_now":
            return self._hours.now(language, self._clock())
        if name not in OF_CENTRE:
            return f"{{{name}}}"
        return isolated(escape(OF_CENTRE[name](self._centre, language)), rtl=self._texts.is_rtl(language))


OF_CENTRE: Mapping[str, Callable[[Centre, str], str]] = {
    "centre_name": Centre.name_in,
    "address": Centre.address_in,
    "phone": Centre.phone_in,
    "email": Centre.email_in,
    "metro": Centre.metro_in,
}
PLACEHOLDERS = frozenset({*OF_CENTRE, "hours_week", "open_now"})


def _load(folder: Path) -> dict[str, dict[str, AnswerFile]]:
    """By topic and language."""
    answers: dict[str, dict[str, AnswerFile]] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        file = content.read(path, AnswerFile)
        if file.topic != path.stem:
            raise ContentError(f"{path}: topic: is {file.topic!r}, but the file is named {path.stem!r}")
        answers.setdefault(file.topic, {})[path.parent.name] = file
    if not answers:
        raise ContentError(f"{folder}: has no answers")
    return answers


def main() -> int:
    """0 when all is well, else 1 after a line for each problem."""
    try:
        centre = load_centre()
        answers = Answers(centre, Texts(centre))
    except ContentError as error:
        print(error)
        return 1
    problems = answers.check()
    print("\n".join(problems) or f"{len(answers.files)} topics in {', '.join(answers.languages)}: in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
