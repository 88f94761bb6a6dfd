"""What does a person do and read in the playground? Pages over HTTP, as a browser without scripts would have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

import httpx

from tests.house import Process, Shop
from tests.seats import Seen, apart, together

# An answer of the bot on the page, by its number, from its card on.
_ARTICLE = re.compile(r'<article class="message bot[^"]*" id="m(\d+)".*?(<div class="card".*?)</div>\s*</article>', re.DOTALL)
_SHORT = re.compile(r'aria-label="([^"]*)"')
_FORM = re.compile(r"<form.*?</form>", re.DOTALL)
_BUTTON = re.compile(r'name="token" value="([^"]*)"[^>]*>([^<]*)</button>')
_FIRST = re.compile(r"<(h3|p)\b.*?</\1>", re.DOTALL)
_QUIET = ("option", "textarea", "i")


@dataclass
class WebSeat:
    """A person in a channel of a demo shop's playground."""

    process: Process
    shop: Shop
    handle: str
    _client: httpx.Client = field(init=False)
    _last: tuple[int, str] = (0, "")
    _acts: int = 0

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.process.address, headers={"Origin": self.process.address}, follow_redirects=True, trust_env=False)
        person = self.shop.people[self.handle].id
        page = self._client.post(f"/w/{self.shop.workspace.id}/speak-as", data={"member": str(person)})
        self._channel = page.url.path
        self._last = self._newest(page.text)

    def say(self, line: str) -> Seen:
        self._act("say", {"text": line})
        card = self._last[1]
        return Seen(short(card), first(card) if _FORM.search(card) else together(Page(card).words))

    def press(self, label: str) -> Seen:
        token = next(token for token, said in _BUTTON.findall(self._last[1]) if unescape(said) == label)
        self._act("press", {"token": unescape(token)})
        return Seen(short(self._last[1]))

    def fill(self, **fields: str) -> Seen:
        held = Page(self._form()).values
        self._act("submit", {**held, **{f"field.{name}": value for name, value in fields.items()}, "message": str(self._last[0])})
        form = Page(self._form())
        return Seen(labels=apart(form.labels), errors=apart(form.errors)) if form.errors else Seen(words=first(self._last[1]))

    def leave(self) -> None:
        self._client.close()

    def _act(self, act: str, given: Mapping[str, str]) -> None:
        self._acts += 1
        answer = self._client.post(f"{self._channel}{act}", data={**given, "key": f"{self.handle}-{self._acts}"})
        assert answer.status_code == 204, answer.text
        self.process.settle()
        self._last = self._newest(self._client.get(self._channel).text)

    def _form(self) -> str:
        found = _FORM.search(self._last[1])
        return found[0] if found else ""

    def _newest(self, page: str) -> tuple[int, str]:
        found = [(int(number), card) for number, card in _ARTICLE.findall(page)]
        return max(found, default=(0, ""))


class Page(HTMLParser):
    """The words of a piece of HTML in reading order, and what its fields hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.labels: list[str] = []
        self.errors: list[str] = []
        self.values: dict[str, str] = {}
        self._within: list[str] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._within.append(given.get("class", "") if tag == "span" else tag)
        name = given.get("name", "")
        if tag == "input":
            self.values[name] = given.get("value", "")
        elif tag in ("select", "textarea"):
            self._select, self.values[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given["value"]
        elif tag == "img":
            self.words.append(given["alt"])
        if tag in ("input", "img", "br", "hr"):
            self._within.pop()

    def handle_endtag(self, tag: str) -> None:
        self._within.pop()

    def handle_data(self, data: str) -> None:
        place = self._within[-1] if self._within else ""
        if place in _QUIET:
            return
        self.words.append(data)
        if place == "label":
            self.labels.append(data.strip())
        elif place == "error":
            self.errors.append(data.strip())


def short(card: str) -> str:
    """What a screen reader says of a card."""
    (said, *_) = _SHORT.findall(card)
    return together([unescape(said)])


def first(card: str) -> str:
    """What a card says first."""
    found = _FIRST.search(card)
    assert found is not None, card
    return together(Page(found[0]).words)
