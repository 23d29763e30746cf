"""Writes to residents in Telegram. Called by bot/outbox.py and bot/engine.py through the port Channel."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, FileSizeLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, InvalidToken

from bot.channels.telegram.connection import Background, translated
from bot.channels.telegram.rates import TelegramRates
from bot.channels.telegram.split import split, to_plain
from bot.channels.telegram.updates import CHANNEL
from bot.errors import ChannelBusy, Undeliverable, Unparsable
from bot.messages import Outgoing, OutgoingButton
from dialogues.texts import _
from knowledge.markup import to_telegram
from knowledge.texts import Texts

log = structlog.get_logger()

SHORT_LABEL = 16  # columns: two such buttons fit into one row of a phone
DOWNLOAD_SECONDS = 60.0
TRANSLATED = _("Translated automatically. The original:")


class TelegramChannel:
    name = CHANNEL
    pushes = True

    def __init__(self, bot: Bot, texts: Texts, rates: TelegramRates) -> None:
        self._bot = bot
        self._texts = texts
        self._rates = rates
        self._background = Background()

    def parts(self, outgoing: Outgoing) -> list[Outgoing]:
        """The `text` of the parts is in Telegram's HTML, and has at most 4096 UTF-16 code units."""
        parts = [replace(outgoing, text=text, buttons=(), original=None) for text in split(self._html(outgoing))]
        return [*parts[:-1], replace(parts[-1], buttons=outgoing.buttons)] if parts else []

    def _html(self, outgoing: Outgoing) -> str:
        text = to_telegram(outgoing.text)
        if outgoing.origin != "machine" or not outgoing.original:
            return text
        label = to_telegram(self._texts.render(TRANSLATED, outgoing.language))
        original = to_telegram(outgoing.original)
        return f"{text}\n\n<i>{label}</i>\n<blockquote expandable>{original}</blockquote>"

    async def ready(self, address: str, *, is_group: bool) -> None:
        await self._rates.ready(address, is_group=is_group)

    async def deliver(self, address: str, part: Outgoing) -> None:
        """`part` as `parts` made it."""
        try:
            with translated(Undeliverable):
                await self._send_readable(address, part)
        except ChannelBusy as busy:
            if busy.retry_after is not None:
                await self._rates.hold_back(address, busy.retry_after)
            raise

    async def _send_readable(self, address: str, part: Outgoing) -> None:
        """Words without their markup are better than none."""
        try:
            await self._send(address, part, ParseMode.HTML)
        except BadRequest as error:
            if "parse entities" not in error.message.lower():
                raise
            log.warning("telegram refused the markup", address=address)
            await self._send(address, replace(part, text=to_plain(part.text)), None)

    async def _send(self, address: str | int, part: Outgoing, parse_mode: str | None) -> None:
        markup, no_preview = keyboard(part.buttons), LinkPreviewOptions(is_disabled=True)
        await self._rates.pace()
        try:
            await self._bot.send_message(
                address, part.text, parse_mode, reply_markup=markup, link_preview_options=no_preview
            )
        except ChatMigrated as moved:  # a group became a supergroup, and has a new id
            if isinstance(address, int):
                raise
            await self._send(moved.new_chat_id, part, parse_mode)

    async def typing(self, address: str) -> None:
        self._background.begin(self._bot.send_chat_action(address, ChatAction.TYPING))

    async def fetch(self, photo: str) -> bytes:
        """Telegram gives out files of up to 20 MB."""
        with translated(Unparsable):
            file = await self._bot.get_file(photo)
            if (file.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
                raise Unparsable("file too large")
            try:
                return bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_SECONDS))
            except InvalidToken as error:  # what PTB makes of 404: our token was good a moment ago
                raise Unparsable("file is gone") from error


def keyboard(buttons: Sequence[OutgoingButton]) -> InlineKeyboardMarkup | None:
    """One button a row, or two short ones."""
    rows: list[list[OutgoingButton]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and _is_short(rows[-1][0]) and _is_short(button):
            rows[-1].append(button)
        else:
            rows.append([button])
    if not rows:
        return None
    shown = [[InlineKeyboardButton(each.label, callback_data=each.value) for each in row] for row in rows]
    return InlineKeyboardMarkup(shown)


def _is_short(button: OutgoingButton) -> bool:
    """Chinese, Japanese and Korean signs are two columns wide."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in button.label) <= SHORT_LABEL
