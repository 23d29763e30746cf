"""Which of the bot's languages a browser asks for. Called by bot/channels/web/api.py and page.py."""

from collections.abc import Collection, Iterator

from knowledge.languages import ELSE, nearest

TRADITIONAL = frozenset({"zh-tw", "zh-hk", "zh-mo"})


def preferred(header: str, offered: Collection[str]) -> str:
    """The first offered language of an Accept-Language header or a single code; English when none is offered.

    Source: RFC 9110, 12.5.4; a regional code is served by its language (RFC 4647, 3.4).
    """
    by_name = {code.casefold(): code for code in offered}
    for wanted in _by_weight(header):
        found = nearest("zh-hant" if wanted in TRADITIONAL else wanted, by_name, "")
        if found:
            return by_name[found]
    return ELSE


def _by_weight(header: str) -> Iterator[str]:
    ranges = []
    for place, part in enumerate(header.split(",")):
        code, _semicolon, weight = part.strip().casefold().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if quality > 0:
            ranges.append((-quality, place, code.replace("_", "-")))
    return (code for _quality, _place, code in sorted(ranges))
