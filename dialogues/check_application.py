"""Tells where an application stands, to whoever knows its number and the applicant's birth date."""

from dialogues import answers
from dialogues.courtesy import offers
from dialogues.effects import ApplicationView, Ask, Dialogue, FindApplication, Say
from dialogues.names import APPLICATION_KINDS, DOCUMENTS, NEXT_STEPS, STAGES
from dialogues.texts import Day, Lines, _
from dialogues.turn import Turn


def check_application(turn: Turn) -> Dialogue:
    number = yield Ask(
        "number",
        _("What is the number of your application? You find it on the receipt, for example SH-RP-2026-004182."),
        accept=answers.number("application_number"),
        retry=_("I find no application number in that. It is on the receipt, for example SH-RP-2026-004182."),
    )
    born = yield Ask(
        "birth_date",
        _("To protect your data: what is the applicant's date of birth? For example 1990-05-17."),
        accept=answers.birth_date,
        retry=_("I cannot read that date. Please write it as year, month, day, for example 1990-05-17."),
    )
    application = yield FindApplication(number, born)
    if application == "blocked":
        yield Say(
            _("There were too many attempts today. Please try again tomorrow, or speak to somebody of the centre."),
            offers("talk_to_human", "faq/contact"),
        )
    elif application is None:
        # one answer for a number that does not exist and for a wrong birth date, so that neither can be guessed
        yield Say(
            _("I find no application with this number and date of birth. Please check both and try again."),
            offers("check_application", "talk_to_human"),
        )
    else:
        yield Say(_standing(application), offers("check_application", "talk_to_human"))
    return None


def _standing(application: ApplicationView) -> Lines:
    lines = [
        _("**{kind}**, number {number}", kind=APPLICATION_KINDS[application.kind], number=application.number),
        _("Stage: **{stage}**, since {day}", stage=STAGES[application.stage], day=Day(application.since)),
    ]
    if application.missing is not None:
        lines.append(_("Missing: {document}", document=DOCUMENTS[application.missing]))
    lines.append(_("What comes next: {step}", step=NEXT_STEPS[application.stage]))
    return Lines(tuple(lines))
