"""What can be counted, for /metrics (Prometheus)."""

from prometheus_client import Counter, Histogram

updates = Counter("alley_updates_total", "Messages accepted from residents", ["channel"])
updates_repeated = Counter("alley_updates_repeated_total", "Messages that the vendor delivered again", ["channel"])
turns = Counter("alley_turns_total", "Turns, by the way they ended", ["outcome"])
turn_seconds = Histogram("alley_turn_seconds", "From a message's arrival to the commit of its replies", ["channel"])
dead_letters = Counter("alley_dead_letters_total", "Messages that could not be handled or delivered", ["box"])
deliveries = Counter("alley_deliveries_total", "Deliveries to a vendor, by the way they ended", ["channel", "outcome"])
perhaps_repeated = Counter(
    "alley_perhaps_repeated_total", "Replies sent again after an interrupted delivery", ["channel"]
)
nlu_seconds = Histogram("alley_nlu_seconds", "One call of the NLU service")
translations = Counter("alley_translations_total", "Calls of translation providers", ["provider", "outcome"])
