"""Opens a case: what happened, of which kind, where, photos if there are any, a look over it, and its number."""

from dataclasses import replace

from dialogues import answers
from dialogues.courtesy import stopped
from dialogues.effects import Ask, Button, Dialogue, Forget, Keep, OpenCase, Say
from dialogues.names import CATEGORIES
from dialogues.texts import Prose, _
from dialogues.turn import Slot, Turn


def open_case(turn: Turn) -> Dialogue:
    description = yield Ask(
        "description",
        _("What happened? Please describe it in your own words."),
        accept=_description,
        retry=_("Please describe the problem in words, so that somebody can act on it."),
    )
    yield Keep({**told_along(turn), **turn.state.slots})
    while True:
        category = yield CATEGORY
        place = yield PLACE
        photos = yield PHOTOS
        photos = [] if photos == "none" else photos
        decision = yield _summary(turn.language, description, category, place, len(photos))
        if decision == "photo":
            yield Keep({"photos": photos + list(turn.message.photos)})
        elif decision in ("open", "cancel"):
            break
        yield Forget((decision, "decision"))
        if decision == "description":
            description = yield Ask("description", _("What happened? Please describe it again."), accept=_description)
    if decision == "cancel":
        return (yield from stopped(turn))
    urgent = yield Ask("urgent", _("Is anybody in danger?"))
    number = yield OpenCase(category, description, place, tuple(photos), urgent)
    yield Say(
        _(
            "Thank you. Your case number is {number}. The centre's staff have it now; "
            "you will be told here when something changes.",
            number=number,
        ),
        (Button(_("My reported problems"), "go:check_case"),),
    )
    return None


def told_along(turn: Turn) -> dict[str, Slot]:
    """What a message tells of a problem besides its description."""
    found: dict[str, Slot] = {"urgent": turn.understanding.urgent}
    if turn.understanding.category in CATEGORIES:
        found["category"] = turn.understanding.category
    if turn.message.photos:
        found["photos"] = list(turn.message.photos)
    if turn.message.location is not None:
        found["place"] = answers.place(turn)
    return found


def picked_up(turn: Turn) -> Turn:
    """The same turn with what a message in the middle of the form tells besides its answer."""
    slots = dict(turn.state.slots)
    if turn.understanding.urgent:
        slots["urgent"] = True
    if turn.message.photos and turn.state.awaiting not in ("photos", "decision"):
        kept = slots.get("photos")
        slots["photos"] = [*(kept if isinstance(kept, list) else []), *turn.message.photos]
    if turn.message.location is not None and turn.state.awaiting != "place":
        told = slots.get("place")
        slots["place"] = f"{told}\n{answers.place(turn)}" if told else answers.place(turn)
    return replace(turn, state=replace(turn.state, slots=slots))


def _description(turn: Turn) -> str | None:
    """Typed words, or the words under a photo."""
    return turn.message.text.strip() or None if turn.message.photos else answers.words(turn)


def _category(turn: Turn) -> str | None:
    guess = turn.understanding.category
    return guess if turn.understanding.intent == "report_problem" and guess in CATEGORIES else None


CATEGORY = Ask(
    "category",
    _("What kind of problem is it?"),
    tuple(Button(name, category) for category, name in CATEGORIES.items()),
    accept=_category,
    retry=_("Please choose one of these kinds."),
)
PLACE = Ask(
    "place",
    _("Where is it? Building, floor, room or street; you can also send a location."),
    accept=answers.place,
    retry=_("Please tell me the place, so that somebody finds it."),
)
PHOTOS = Ask(
    "photos",
    _("If you have a photo, please send it now."),
    (Button(_("Without a photo"), "none"),),
    accept=answers.photos,
    retry=_("Please send a photo, or go on without one."),
)


def _summary(language: str, description: str, category: str, place: str, photos: int) -> Ask:
    return Ask(
        "decision",
        _(
            "Please check:\n\n{description}\n\nKind: {category}\nPlace: {place}\nPhotos: {photos}\n\n"
            "Shall I hand this in?",
            description=Prose(description, language),
            category=CATEGORIES[category],
            place=Prose(place, language),
            photos=photos,
        ),
        (
            Button(_("Yes, hand it in"), "open"),
            Button(_("Change the description"), "description"),
            Button(_("Change the kind"), "category"),
            Button(_("Change the place"), "place"),
            Button(_("Cancel"), "cancel"),
        ),
        accept=_decision,
    )


def _decision(turn: Turn) -> Slot:
    return "photo" if turn.message.photos else answers.yes_or_no("open", "cancel")(turn)
