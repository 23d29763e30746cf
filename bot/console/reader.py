"""How one member of staff reads: the console's words, names, dates and waiting times in their language."""

from datetime import datetime, timedelta

from babel.dates import format_datetime, format_time, format_timedelta
from markupsafe import Markup

from dialogues.texts import Text, _
from knowledge.centre import Centre
from knowledge.markup import to_html
from knowledge.models import Conversation, now
from knowledge.texts import Texts, language_name, locale_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHANNELS = {"web": _("Web chat"), "telegram": Text("Telegram")}


class Reader:
    def __init__(self, texts: Texts, centre: Centre, language: str) -> None:
        self.wanted = language
        self.language = texts.nearest(language)
        self.direction = "rtl" if texts.is_rtl(self.language) else "ltr"
        self.gettext = texts.gettext(self.language)
        self.centre = centre.name_in(self.language)
        self._texts = texts
        self._zone = centre.zone
        self._locale = locale_of(self.language)

    def reads(self, language: str | None) -> bool:
        """Whether a text in `language` needs no translation."""
        return language is not None and language.split("-")[0] == self.wanted.split("-")[0]

    def words(self, text: Text) -> str:
        return self._texts.plain(text, self.language)

    def resident(self, conversation: Conversation) -> str:
        """Their name as the channel tells it, or one that we give them."""
        return conversation.name or self.words(_("Resident {number}", number=str(conversation.id)))

    def channel(self, name: str) -> str:
        known = CHANNELS.get(name)
        return self.words(known) if known else name

    def language_name(self, code: str | None) -> str:
        """`ja` is "日语" to somebody who reads Chinese."""
        if code is None or code == "und":
            return self.words(_("unknown language"))
        return language_name(code, self.language)

    def direction_of(self, code: str | None) -> str:
        return "auto" if code is None else "rtl" if self._texts.is_rtl(code) else "ltr"

    def moment(self, at: datetime) -> str:
        """The time of day for today, else date and time, in the centre's own time."""
        here = at.astimezone(self._zone)
        if here.date() == now().astimezone(self._zone).date():
            return format_time(here, "short", locale=self._locale, tzinfo=self._zone)
        return format_datetime(here, "medium", locale=self._locale, tzinfo=self._zone)

    def waited(self, since: datetime) -> str:
        """Rounded down: minutes, hours and minutes, or days."""
        passed = max(now() - since, timedelta())
        if passed < MINUTE:
            return self.words(_("less than a minute"))
        if passed >= DAY:
            return self._span(passed // DAY * DAY)
        hours = passed // HOUR * HOUR
        return " ".join(self._span(part) for part in (hours, (passed - hours) // MINUTE * MINUTE) if part)

    def _span(self, span: timedelta) -> str:
        return format_timedelta(span, threshold=1, locale=self._locale)

    def html(self, text: str) -> Markup:
        """For what is in light markup: the bot's and the staff's words."""
        return to_html(text)
