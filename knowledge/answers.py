"""The centre's own answers (knowledge/faq/<language>/<topic>.yaml). Called by bot/perform.py.

python -m knowledge.answers     checks all of them; called by `make check`
"""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from bot.errors import ContentError
from dialogues.effects import Answer
from dialogues.texts import Prose, Text, _
from knowledge.answer_file import FOLDER, AnswerFile, Files, changed_source, read_answers
from knowledge.answers_review import Review
from knowledge.catalogues import PLACEHOLDER
from knowledge.centre import Centre, load_centre
from knowledge.glossary import Glossary, load_glossary
from knowledge.hours import OpeningHours
from knowledge.languages import ELSE, nearest
from knowledge.markup import escape
from knowledge.texts import Texts, isolated, language_name

OUT_OF_DATE = _("This translation is older than the answer that it was made from. The current one ({language}):").msgid


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
        self.files: Files = read_answers(folder)
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
        return Answer(
            self._told(file, written, language, section),
            tuple((part.id, self._prose(part.title, written, file.origin)) for part in file.sections),
            file.related,
            file.actions,
        )

    def _told(self, file: AnswerFile, written: str, language: str, section: str | None) -> Prose:
        """With the current answer below a translation that is out of date."""
        told = "**{}**\n\n{}".format(*file.part(section))
        source = changed_source(file, self.files[file.topic])
        if source is not None:
            assert file.made_from is not None
            spoken = self._texts.nearest(language)
            note = Text(OUT_OF_DATE, {"language": language_name(file.made_from.language, spoken)})
            told += f"\n\n⚠️ {self._texts.render(note, spoken)}\n\n" + "**{}**\n\n{}".format(*source.part(section))
        return self._prose(told, written, file.origin)

    def check(self, glossary: Glossary, today: date | None = None) -> list[str]:
        """A line for each fault that shows only when the answers are seen together, or that time brings."""
        return Review(self.files, glossary, PLACEHOLDERS, today or self._clock().date()).find_problems()

    def _prose(self, text: str, language: str, origin: str) -> Prose:
        return Prose(PLACEHOLDER.sub(lambda found: self._filled(found[1], language), text), language, origin)

    def _filled(self, name: str, language: str) -> str:
        """An unknown placeholder stays as it is; `check` tells of it."""
        if name == "hours_week":
            return self._hours.week(language, self._clock())
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


def main() -> int:
    """0 when all is well, else 1 after a line for each problem."""
    try:
        centre = load_centre()
        answers = Answers(centre, Texts(centre))
    except ContentError as error:
        print(error)
        return 1
    problems = answers.check(load_glossary(centre))
    print("\n".join(problems) or f"{len(answers.files)} topics in {', '.join(answers.languages)}: in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
