"""Any sequence of messages whatever: never an error, always a state that survives JSON, and nothing done unasked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogues.effects import ApplicationView
from dialogues.turn import Entity, Kind, Location, Message, Person, Understanding
from tests.dialogues.conversation import Conversation
from tests.dialogues.walks import STARTS, centre

values = st.sampled_from(
    [f"go:{intent}" for intent in STARTS]
    + ["category=noise", "category=dragons", "photos=none", "decision=open", "decision=place", "decision=photo"]
    + ["go:change_language#ja", "go:change_language#xx", "go:faq/visa#times", "go:faq/", "go:#", "go:", "="]
    + ["start", "help", "language", "human", "cancel", "cases"]
)
telling = st.sampled_from(["SH-RP-2026-004182", "1990-05-17", "日本語", "{centre}", "{", "%s", "", "Building 5"])
words = telling | st.text(max_size=40)
understandings = st.builds(
    Understanding,
    intent=st.none() | st.sampled_from([*STARTS, "no_such_intent", "faq/no_such_topic"]),
    confidence=st.sampled_from([0.0, 0.3, 0.7, 0.95]),
    ranking=st.lists(st.tuples(st.sampled_from([*STARTS, "nonsense"]), st.just(0.1)), max_size=5).map(tuple),
    entities=st.lists(
        st.builds(Entity, st.sampled_from(["case_number", "application_number", "date"]), words), max_size=2
    ).map(tuple),
    language=st.sampled_from([None, "en", "zh", "fr", "xx"]),
    category=st.sampled_from([None, "noise", "dragons"]),
    urgent=st.sampled_from([False, False, False, True]),
)
photos = st.lists(st.sampled_from(["photo-1", "photo-2"]), min_size=1, max_size=2).map(tuple)
messages = st.one_of(
    st.builds(Message, st.just(Kind.TEXT), words),
    st.builds(Message, st.sampled_from([Kind.BUTTON, Kind.COMMAND]), words, values),
    st.builds(Message, st.just(Kind.PHOTO), words, photos=photos),
    st.just(Message(Kind.LOCATION, location=Location(31.2, 121.4))),
    st.builds(Message, st.sampled_from([Kind.EDITED, Kind.UNSUPPORTED]), words),
)
taps = st.integers(0, 12)  # a button of the last message, by its place
persons = st.sampled_from(list(Person))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.tuples(messages, understandings), taps, taps, persons), min_size=3, max_size=20))
def test_any_sequence_of_messages(steps):
    talk = Conversation(centre())
    talk.centre.applications = {
        ("SH-RP-2026-004182", "1990-05-17"): ApplicationView("SH-RP-2026-004182", "visa", "received", "2026-01-01")
    }
    for step in steps:
        opened, person = len(talk.centre.opened), talk.person
        if isinstance(step, Person):
            talk.person = step
            continue
        if isinstance(step, int):
            message, understood = Message(Kind.BUTTON, "x", dict(enumerate(talk.values)).get(step, "old")), None
        else:
            message, understood = step
        awaited = talk.state.awaiting
        replies = talk.sends(message, understood)  # the conversation checks replies and state
        assert replies or person is not Person.NONE, "left without an answer"
        assert len(talk.centre.opened) == opened or awaited == "decision", "handed in without being asked"
