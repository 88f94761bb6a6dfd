"""What does a person do and read on Feishu? In their own conversation with the bot, or by a mention in a group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.contract.feishu_words import unmarked
from tests.feishu_server import Answer, App, Chat, Event, FeishuServer, User, Webhook
from tests.feishu_server.cards import buttons, elements
from tests.house import Process
from tests.seats import Seen, apart, together

_CALLED = re.compile(r"<at id=([^>]*)></at>")
_ERROR = re.compile(r"<font color='red'>(.*?)</font>")
_QUIET = re.compile(r"<font color='grey'>.*?</font>")
_HELD = ("default_value", "initial_date", "initial_option")


@dataclass
class FeishuSeat:
    """A person with a group in which the bot is; without one, alone with the bot."""

    feishu: FeishuServer
    process: Process
    hook: Webhook
    user: User
    app: App
    group: Chat | None = None
    _last: str = ""

    def say(self, line: str) -> Seen:
        events = self.feishu.events_of(self.app)
        self._deliver(events.tells_bot(self.user, self.group, line) if self.group else events.says(self.user, None, line))
        card = self._card()
        asks = any(element.get("tag") == "form" for element in elements(card))
        return Seen(together([_short(card)]), self._first(card) if asks else self._read([card.get("header"), card["body"]]))

    def press(self, label: str) -> Seen:
        return Seen(_told(self._deliver(self.feishu.events_of(self.app).presses(self.user, self._last, label))))

    def fill(self, **fields: str) -> Seen:
        card = self._card()
        (submit,) = (button for button in buttons(card) if button.submits)
        answer = self._deliver(self.feishu.events_of(self.app).presses(self.user, self._last, submit.label, form=_filled(card, fields)))
        assert answer.shown_error is None
        if answer.card is None:
            # The form stays, and the toast says it all.
            return Seen(words=_told(answer))
        labels, errors = _form(self._card())
        return Seen(labels=labels, errors=errors) if errors else Seen(words=self._first(self._card()))

    def leave(self) -> None:
        """A client holds nothing open."""

    def _deliver(self, event: Event) -> Answer:
        """The answer to an event. A card that comes with it is then the last one."""
        before = len(self.feishu.world.cards())
        answer = self.hook.deliver(event)
        self.process.settle()
        if len(self.feishu.world.cards()) > before:
            self._last = self.feishu.world.cards()[-1].message_id
        return answer

    def _card(self) -> Mapping[str, object]:
        return self.feishu.world.message(self._last).body

    def _first(self, card: Mapping[str, object]) -> str:
        return self._read([card.get("header") or _listed(_part(card, "body")["elements"])[0]])

    def _read(self, parts: Sequence[object]) -> str:
        return together(list(_words(self.feishu, parts)))


def _told(answer: Answer) -> str:
    assert answer.toast is not None
    return together([str(answer.toast["content"])])


def _short(card: Mapping[str, object]) -> str:
    return str(_part(_part(card, "config"), "summary")["content"])


def _form(card: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of a card's form, and the errors beside them; nothing where it has none."""
    forms = [element for element in elements(card) if element.get("tag") == "form"]
    asked = _listed(forms[0]["elements"]) if forms else []
    labels = [str(element["content"]) for element in asked if element.get("tag") == "markdown"]
    errors = ["".join(map(unmarked, _ERROR.findall(label))) for label in labels]
    return apart([unmarked(_QUIET.sub("", _ERROR.sub("", label))) for label in labels]), apart(errors)


def _filled(card: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    """What a client sends: what stands in the fields, and what was typed over it."""
    held: dict[str, object] = {}
    for element in elements(card):
        name = str(element.get("name", ""))
        if re.match(r"[df]\d+_", name):
            own = name.partition("_")[2]
            held[name] = fields.get(own, next((element[key] for key in _HELD if key in element), ""))
    return held


def _words(feishu: FeishuServer, value: object) -> Iterator[str]:
    """All words of elements, in reading order."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from _words(feishu, part)
    elif isinstance(value, Mapping):
        yield from _element(feishu, value)


def _element(feishu: FeishuServer, element: Mapping[str, object]) -> Iterator[str]:
    match element.get("tag"):
        case "markdown":
            yield _marked(feishu, str(element["content"]))
        case "plain_text":
            yield str(element["content"])
        case "img":
            yield from _words(feishu, element["alt"])
        case "table":
            yield from _table(feishu, element)
        case _:
            for name in ("title", "text", "elements", "columns"):
                yield from _words(feishu, element.get(name))


def _table(feishu: FeishuServer, table: Mapping[str, object]) -> Iterator[str]:
    columns = _listed(table["columns"])
    yield from (str(column["display_name"]) for column in columns)
    for row in _listed(table["rows"]):
        for column in columns:
            cell = str(row[str(column["name"])])
            yield _marked(feishu, cell) if column["data_type"] == "markdown" else cell


def _marked(feishu: FeishuServer, content: str) -> str:
    return unmarked(_CALLED.sub(lambda found: f"@{_name(feishu, found[1])}", content))


def _name(feishu: FeishuServer, account: str) -> str:
    user = feishu.world.user(account)
    assert user is not None, account
    return user.name


def _part(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = value.get(name, {})
    assert isinstance(found, Mapping)
    return found


def _listed(value: object) -> list[Mapping[str, object]]:
    assert isinstance(value, list)
    return value
