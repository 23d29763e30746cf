"""What Telegram offers when a resident types a slash. Called by webhook.py and polling.py when they begin."""

from telegram import Bot

from dialogues.names import INTENTS
from dialogues.texts import Text, _
from knowledge.texts import Texts

# dialogues/router.py knows what they do
COMMANDS: dict[str, Text] = {
    "help": INTENTS["help"],
    "cases": INTENTS["check_case"],
    "language": INTENTS["change_language"],
    "human": INTENTS["talk_to_human"],
    "cancel": _("Stop what we are doing"),
}


async def introduce(bot: Bot, texts: Texts) -> None:
    """Learns the bot's name, by which groups call it, and describes its commands in every language of the texts."""
    await bot.get_me()
    for language in texts.languages:
        commands = [(name, texts.plain(text, language)) for name, text in COMMANDS.items()]
        if language == texts.languages[0]:
            await bot.set_my_commands(commands)
        elif "-" not in language:  # Telegram knows languages by their ISO 639-1 code alone
            await bot.set_my_commands(commands, language_code=language)
