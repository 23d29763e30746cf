"""When the NLU is in doubt."""

from dialogues.turn import State
from tests.dialogues.conversation import Conversation

RANKING = ("greet", "check_case", "faq/visa", "report_problem", "faq/tax")


def doubted(words="the thing with the paper", **known):
    talk = Conversation()
    talk.says(words, "greet", 0.4, ranking=RANKING, **known)
    return talk


def test_the_best_three_that_can_be_offered_and_a_person():
    talk = doubted()
    assert talk.last == "I am not sure that I understood. Did you mean:"
    assert talk.values == ["go:check_case", "go:faq/visa", "go:report_problem", "go:talk_to_human"]


def test_a_person_among_the_best_is_offered_once():
    talk = Conversation()
    talk.says("hm", "greet", 0.4, ranking=("talk_to_human", "help"))
    assert talk.values == ["go:talk_to_human", "go:help"]


def test_at_the_second_miss_a_person_is_offered_first():
    talk = doubted()
    talk.says("the paper!", "faq/tax", 0.3, ranking=RANKING)
    assert talk.last.endswith("Did you mean one of these, or shall I call a person?")
    assert talk.values == ["go:talk_to_human", "go:check_case", "go:faq/visa", "go:report_problem"]


def test_when_nothing_is_likely():
    talk = Conversation()
    assert talk.says("👍") == ["I did not understand that. Could you say it in other words?"]
    assert talk.says("👍👍") == ["I am sorry, I still do not understand. Shall I call a person?"]
    assert talk.values == ["go:talk_to_human"]


def test_once_understood_the_misses_are_forgotten():
    talk = doubted()
    talk.says("thanks", "thank")
    assert talk.state == State()


def test_the_words_are_the_report_of_the_button_pressed_next():
    talk = doubted("water is coming through the ceiling")
    talk.presses("Report a problem")
    assert talk.state.slots["description"] == "water is coming through the ceiling"
    assert talk.state.awaiting == "category"


def test_the_words_are_not_the_report_of_a_button_pressed_later():
    talk = doubted("the thing with the paper")
    talk.says("thanks anyway", "thank")
    talk.presses_old("go:report_problem")
    assert talk.state.awaiting == "description"


def test_a_topic_of_the_best_three():
    talk = doubted()
    talk.presses("Visa")
    assert talk.last.startswith("The centre has not written down a checked answer")
