"""The web chat's JSON interface, described in docs/api.md. `ChatApi(...).routes()` is mounted by bot/app.py."""

import re
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import Text, cast, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web import headers, refusals, sessions
from bot.channels.web.accept import preferred
from bot.channels.web.channel import WebChannel
from bot.channels.web.events import Events
from bot.channels.web.posts import Post, read_post
from bot.channels.web.rates import Rates
from bot.errors import Unparsable
from bot.inbox import Inbox
from bot.messages import Incoming
from bot.ports import Signals
from bot.stores.database import Database
from bot.stores.photos import CONTENT_TYPE, Photos
from bot.transcript import Transcript
from dialogues.turn import Kind
from knowledge.models import ChatMessage, Conversation, InboxRow
from knowledge.texts import Texts

log = structlog.get_logger()

type Endpoint = Callable[[Request], Awaitable[Response]]

PHOTO = re.compile(r"[0-9a-f]{40}")
LARGEST_NUMBER = 2**31 - 1


class ChatApi:
    """`megabytes` is the largest photo."""

    def __init__(
        self,
        database: Database,
        inbox: Inbox,
        transcript: Transcript,
        signals: Signals,
        photos: Photos,
        rates: Rates,
        texts: Texts,
        megabytes: int,
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._events = Events(database, transcript, signals)
        self._photos = photos
        self._rates = rates
        self._texts = texts
        self._megabytes = megabytes

    def routes(self) -> list[BaseRoute]:
        session = "/api/chat/{session}"
        return [
            self._route("/api/chat", self.post, "POST"),
            self._route(f"{session}/messages", self.messages, "GET"),
            self._route(f"{session}/events", self.events, "GET"),
            self._route(f"{session}/photos/{{photo}}", self.photo, "GET"),
        ]

    def _route(self, path: str, endpoint: Endpoint, method: str) -> Route:
        middleware = headers.protected(headers.NOTHING)
        return Route(path, self._answering(endpoint), methods=[method], middleware=middleware)

    def _answering(self, endpoint: Endpoint) -> Endpoint:
        """Answers a refusal in the request's language."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except refusals.Refused as refused:
                return self._refusal(request, refused)
            except ClientDisconnect:
                return Response(status_code=400)
            except (SQLAlchemyError, OSError) as error:
                log.error("web chat out of reach", error=type(error).__name__)
                return self._refusal(request, refusals.unavailable())

        return answer

    def _refusal(self, request: Request, refused: refusals.Refused) -> Response:
        text = self._texts.plain(refused.text, self._language(request))
        body = {"error": refused.code, "text": text}
        return JSONResponse(body, refused.status, headers=refused.headers)

    def _language(self, request: Request) -> str:
        locale = getattr(request.state, "locale", None)
        wanted = locale if isinstance(locale, str) else request.headers.get("accept-language", "")
        return preferred(wanted, self._texts.languages)

    async def post(self, request: Request) -> Response:
        """A message of a resident; it is in the database when this answers."""
        self._refuse_for(await self._rates.count_address(request.client.host if request.client else ""))
        post = await read_post(request, self._megabytes)
        token = await self._token(post)
        self._refuse_for(await self._rates.count_session(sessions.address_of(token)))
        incoming = await self._incoming(post, token, self._language(request))
        [number] = await self._inbox.accept([incoming])
        if number is None:
            number = await self._number_of(incoming.vendor_id)
        return JSONResponse({"session": token, "message": number}, 202)

    def _refuse_for(self, seconds: int) -> None:
        if seconds:
            raise refusals.too_fast(seconds)

    async def _token(self, post: Post) -> str:
        """The conversation's token; a new one for a conversation that begins."""
        if post.session is None:
            return sessions.new_token()
        if not post.new:
            await self._conversation(post.session)
        return post.session

    async def _conversation(self, token: str) -> Conversation:
        async with self._database.read() as session:
            found = await sessions.find(session, token)
        if found is None:
            raise refusals.unknown_session()
        return found

    async def _incoming(self, post: Post, token: str, language: str) -> Incoming:
        address = sessions.address_of(token)
        kind, text, value = post.as_message()
        if kind is Kind.BUTTON and not text:
            text = await self._label(address, value)
        return Incoming(
            channel=WebChannel.name,
            vendor_id=sessions.vendor_id_of(address, post.id),
            address=address,
            kind=kind,
            text=text,
            value=value,
            photos=(await self._keep(post.photo),) if post.photo else (),
            location=post.location_sent(),
            language=language,
        )

    async def _label(self, address: str, value: str) -> str:
        """What the conversation's latest button with this value says; empty when there was none."""
        shown = (
            select(ChatMessage.buttons)
            .join(Conversation, Conversation.id == ChatMessage.conversation_id)
            .where(Conversation.channel == WebChannel.name, Conversation.address == address)
            .order_by(ChatMessage.number.desc())
        )
        async with self._database.read() as session:
            latest = await session.scalars(shown)
            return next((each["label"] for buttons in latest for each in buttons if each["value"] == value), "")

    async def _keep(self, photo: bytes) -> str:
        try:
            return await self._photos.keep(photo)
        except Unparsable as error:
            raise refusals.no_photo() from error

    async def _number_of(self, vendor_id: str) -> int:
        """The number that a message which was posted before has."""
        known = (InboxRow.channel == WebChannel.name) & (InboxRow.vendor_id == vendor_id)
        statement = select(ChatMessage.number).join(InboxRow, InboxRow.id == ChatMessage.inbox_id).where(known)
        async with self._database.read() as session:
            return (await session.scalars(statement.order_by(ChatMessage.number).limit(1))).one()

    async def messages(self, request: Request) -> Response:
        token = request.path_params["session"]
        conversation = await self._conversation(token)
        return JSONResponse(await self._events.since(conversation.id, token, _after(request)))

    async def events(self, request: Request) -> Response:
        token = request.path_params["session"]
        conversation = await self._conversation(token)
        last = request.headers.get("last-event-id", "")
        after = int(last) if re.fullmatch(r"[0-9]{1,9}", last) else _after(request)
        return self._events.stream(conversation.id, token, after)

    async def photo(self, request: Request) -> Response:
        """Only to the conversation that a message of names it."""
        photo = request.path_params["photo"]
        conversation = await self._conversation(request.path_params["session"])
        mine = (ChatMessage.conversation_id == conversation.id) & cast(ChatMessage.photos, Text).contains(photo)
        async with self._database.read() as session:
            shown = bool(PHOTO.fullmatch(photo)) and await session.scalar(select(ChatMessage.id).where(mine).limit(1))
        path = self._photos.path(photo)
        if not shown or not path.exists():
            raise refusals.unknown_photo()
        return FileResponse(path, media_type=CONTENT_TYPE)


def _after(request: Request) -> int:
    """The number in the query, 0 when there is none."""
    text = request.query_params.get("after") or "0"
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) > LARGEST_NUMBER:
        raise refusals.invalid("after")
    return int(text)
