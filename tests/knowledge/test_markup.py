import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge import markup

ALLOWED = {"p", "br", "ul", "li", "strong", "a"}
MEANINGFUL = [
    "*",
    "**",
    "\\",
    "- ",
    "-",
    "\n",
    "\n\n",
    "<b>",
    "<script>",
    "&amp;",
    '"',
    "'",
    "http://a.cn/?q=1&r=*",
    "x ",
]
texts = st.text() | st.lists(st.sampled_from(MEANINGFUL) | st.text(max_size=3), max_size=12).map("".join)


class Page(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@given(texts)
@example("**<img src=x onerror=alert(1)>**")
@example('http://a.cn/"onmouseover="alert(1)')
@example("**http://a.cn/**")
def test_html_has_no_tag_that_is_not_allowed(text: str) -> None:
    page = Page(str(markup.to_html(text)))
    assert set(page.tags) <= ALLOWED
    assert page.open == []
    assert {name for name, _value in page.attributes} <= {"href", "target", "rel"}
    assert all(re.match("https?://", value or "") for name, value in page.attributes if name == "href")


@given(texts)
@example("\\**a**")
@example("- a\n- b\n-")
@example("http://a.cn/*b*.")
def test_escaped_text_shows_as_typed(text: str) -> None:
    escaped = markup.escape(text)
    assert markup.to_plain(escaped) == text
    assert html.unescape(markup.to_telegram(escaped)) == html.unescape(html.escape(text))
    assert "<b>" not in markup.to_telegram(escaped)
    page = Page(str(markup.to_html(escaped)))
    assert not {"strong", "ul"} & set(page.tags)


@given(texts)
def test_telegram_gets_balanced_bold_and_nothing_else(text: str) -> None:
    tags = re.findall("<[^>]*>", markup.to_telegram(text))
    assert tags == ["<b>", "</b>"] * (len(tags) // 2)


@given(texts, texts)
def test_escaped_words_do_not_change_the_markup_around_them(before: str, value: str) -> None:
    value = value.replace("\n", " ")
    assert str(markup.to_html(f"**a** {markup.escape(value)} **b**")).count("<strong>") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("**T**\n\n- a **b**\n- c", "<p><strong>T</strong></p><ul><li>a <strong>b</strong></li><li>c</li></ul>"),
        ("- a\nb\n- c", "<ul><li>a</li></ul><p>b</p><ul><li>c</li></ul>"),
        ("2 ** 3 and **", "<p>2 ** 3 and **</p>"),
        ("a\\*\\*b\\*\\*", "<p>a**b**</p>"),
        ("", ""),
    ],
)
def test_html(text: str, expected: str) -> None:
    assert str(markup.to_html(text)) == expected


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://gaj.sh.gov.cn.", "https://gaj.sh.gov.cn"),
        ("请看http://a.cn/b?c=1。谢谢", "http://a.cn/b?c=1"),
        ("**https://a.cn/x**", "https://a.cn/x"),
        (markup.escape("http://a.cn/*x"), "http://a.cn/*x"),
    ],
)
def test_links(text: str, link: str) -> None:
    assert ("href", link) in Page(str(markup.to_html(text))).attributes


def test_no_link_to_a_script() -> None:
    assert Page(str(markup.to_html("javascript:alert(1) ftp://a.cn http://"))).tags == ["p"]


def test_telegram() -> None:
    assert markup.to_telegram("**A&B**\n- one <1>") == "<b>A&amp;B</b>\n• one &lt;1&gt;"
