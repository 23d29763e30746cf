"""A member of staff at the console, without a browser; used by the end-to-end tests."""

import re
from types import TracebackType

import httpx

NAME_AND_PASSWORD = ("chen.mei", "sample-plum-garden")  # of knowledge/samples/staff.yaml; reads Chinese


class Staff:
    """Signed in as long as the block lasts."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=15, trust_env=False, follow_redirects=True)

    def __enter__(self) -> "Staff":
        login, password = NAME_AND_PASSWORD
        self.post("/staff/login", on="/staff/login", login=login, password=password)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def page(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def file(self, path: str) -> httpx.Response:
        return self._client.get(path)

    def post(self, path: str, on: str, **fields: str) -> str:
        """Sends a form of the page `on`, with what that page hides in its forms."""
        page = self.page(on)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = self._client.post(path, data={**hidden, **fields})
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[-500:]}"
        return answer.text

    def finds(self, name: str) -> int | None:
        """The conversation of the resident who waits under that name."""
        found = re.search(rf'/staff/conversations/(\d+)"><bdi>{re.escape(name)}</bdi>', self.page("/staff"))
        return int(found[1]) if found else None

    def claims(self, conversation: int) -> str:
        return self.post(f"/staff/conversations/{conversation}/claim", on="/staff")

    def replies(self, conversation: int, text: str) -> str:
        talk = f"/staff/conversations/{conversation}"
        return self.post(f"{talk}/reply", on=talk, text=text)

    def hands_back(self, conversation: int) -> str:
        talk = f"/staff/conversations/{conversation}"
        return self.post(f"{talk}/hand-back", on=talk)
