"""Tells what became of the problems that a resident reported."""

from dialogues.courtesy import offers
from dialogues.effects import CaseView, Dialogue, FindCases, Say
from dialogues.names import CASE_STATUSES, CATEGORIES
from dialogues.texts import Day, Lines, Prose, Text, _
from dialogues.turn import Turn

SHOWN = 5
EXCERPT = 80  # characters of the description


def check_case(turn: Turn) -> Dialogue:
    number = turn.understanding.entity("case_number")
    cases = yield FindCases(number)
    if number is not None and not cases:
        yield Say(
            _("I find no case {number} among those that you reported in this chat.", number=number),
            offers("check_case", "talk_to_human"),
        )
    elif not cases:
        yield Say(_("You have not reported a problem in this chat."), offers("report_problem"))
    else:
        yield Say(Lines(tuple(_line(case) for case in cases[:SHOWN])), offers("report_problem", "talk_to_human"))
    return None


def _line(case: CaseView) -> Text:
    return _(
        "**{number}** · {category} · {status}\nreported on {day}: {description}",
        number=case.number,
        category=CATEGORIES[case.category],
        status=CASE_STATUSES[case.status],
        day=Day(case.opened_on),
        description=Prose(_excerpt(case.description), "und"),
    )


def _excerpt(description: str) -> str:
    return description if len(description) <= EXCERPT else f"{description[:EXCERPT]}…"
