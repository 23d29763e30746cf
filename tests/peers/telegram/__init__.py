"""A stand-in for Telegram's Bot API server that keeps its rules; used by the channel and end-to-end tests.

The rules are those of github.com/tdlib/telegram-bot-api (WebhookActor.cpp, Client.cpp) run with `--local`,
which takes plain HTTP webhooks on any port; what is known of the service behind it comes from
core.telegram.org/bots/api and /bots/faq. Nothing here imports the bot.

    with TelegramServer(timing=Timing(time_scale=0.01)) as telegram:
        ...  # start the bot with telegram.token and telegram.base_url
        telegram.say(7, "hello")
        telegram.messages(7)

Not spoken: Markdown parse modes (refused), media other than photos, groups' administration, inline mode.
"""

from ._chats import Button, Sent
from ._control import Call
from ._rules import Breach, Limits, Timing
from ._server import TOKEN, TelegramServer
from ._webhook import Attempt

__all__ = ["TOKEN", "Attempt", "Breach", "Button", "Call", "Limits", "Sent", "TelegramServer", "Timing"]
