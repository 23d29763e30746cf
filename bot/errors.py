"""The errors of the program, one tree.

    AlleyError
    ├── SettingError        a setting is wrong: the start stops with one sentence
    ├── ContentError        a file of the centre's knowledge is wrong: names the file and what is wrong
    ├── Temporary           it may work later: tried again, `retry_after` seconds from now when that is known
    │   ├── NluUnavailable
    │   ├── StateUnavailable    Redis is out of reach
    │   ├── ChannelBusy         the vendor asks to wait, or is out of reach
    │   └── TranslationFailed
    └── Permanent           it never will: the message or the reply becomes a dead letter that staff can see
        ├── Unparsable          a vendor's update that is none
        └── Undeliverable       the resident blocked the bot, the chat is gone

Adapters translate their vendors' errors into these; bot/engine.py catches what is left.
"""


class AlleyError(Exception):
    """The root; its text is fit for a log: ids and names, never residents' words."""


class SettingError(AlleyError):
    pass


class ContentError(AlleyError):
    pass


class Temporary(AlleyError):
    def __init__(self, text: str = "", retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class NluUnavailable(Temporary):
    pass


class StateUnavailable(Temporary):
    pass


class ChannelBusy(Temporary):
    """`perhaps_sent`: the connection broke after the message was on its way."""

    def __init__(self, text: str = "", retry_after: float | None = None, *, perhaps_sent: bool = False) -> None:
        super().__init__(text, retry_after)
        self.perhaps_sent = perhaps_sent


class TranslationFailed(Temporary):
    pass


class Permanent(AlleyError):
    pass


class Unparsable(Permanent):
    pass


class Undeliverable(Permanent):
    pass
