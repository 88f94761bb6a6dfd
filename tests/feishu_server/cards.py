"""Would Feishu take this card, what can be pressed in it, and what is left of it in a chat's history?"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from tests.contract.feishu_rules import TABLES, problems
from tests.feishu_server.errors import bad_card, refused
from tests.feishu_server.values import Json

MOST_BYTES = 30 * 1024
# The engine's code for a card that it cannot read: an unknown property, a component where it may not stand.
NOT_READ = 200621


@dataclass(frozen=True, slots=True)
class CardFault:
    """What is wrong with a card, in the card engine's code and words."""

    code: int
    reason: str


CardRules = Callable[[Json], CardFault | None]


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card. `value` is what its callback carries; `submits` is True for the button that sends a form."""

    label: str
    name: str | None
    value: object
    submits: bool


def documented_rules(card: Json) -> CardFault | None:
    """Feishu's documented rules for cards: too many tables by the code that its engine gives, all else as a card that cannot be read."""
    if sum(1 for element in elements(card) if element.get("tag") == "table") > TABLES:
        return CardFault(11310, "card table number over limit; ErrorValue: table")
    found = problems(card)
    return CardFault(NOT_READ, f"parse card json err, {found[0]}") if found else None


def check_card(content: str, images: Collection[str], rules: CardRules) -> None:
    """Raises 230025 for a card of more than 30 KB and 230099 for one that breaks a rule or shows a picture that was never uploaded."""
    if len(content.encode()) > MOST_BYTES:
        raise refused(230025)
    card = _parsed(content)
    fault = rules(card)
    if fault is not None:
        raise bad_card(fault.code, fault.reason)
    for element in elements(card):
        key = element.get("img_key")
        if isinstance(key, str) and key not in images:
            raise bad_card(200570, f"card contains invalid image keys; ErrorValue: image key {key}")


def elements(card: object) -> Iterator[Json]:
    """Every object in the card, outermost first."""
    if isinstance(card, Mapping):
        yield card
        for part in card.values():
            yield from elements(part)
    elif isinstance(card, list):
        for part in card:
            yield from elements(part)


def buttons(card: Json) -> list[Button]:
    """The buttons of a card from top to bottom."""
    return [_button(element) for element in elements(card) if element.get("tag") == "button"]


def in_history(card: Json, content_type: str | None) -> str:
    """The card's content as a chat's history gives it: the card itself only when asked for, else a note to old clients with the title."""
    text = json.dumps(card, ensure_ascii=False)
    if content_type == "user_card_content":
        return json.dumps({"user_dsl": text}, ensure_ascii=False)
    if content_type == "raw_card_content":
        return json.dumps({"json_card": text}, ensure_ascii=False)
    titles = [str(element["content"]) for element in elements(card.get("header")) if isinstance(element.get("content"), str)]
    note = {"tag": "text", "text": "请升级至最新版本客户端，以查看内容"}
    return json.dumps({"title": titles[0] if titles else None, "elements": [[note]]}, ensure_ascii=False)


def _parsed(content: str) -> Json:
    try:
        card: object = json.loads(content)
    except ValueError:
        card = None
    if not isinstance(card, dict):
        raise bad_card(NOT_READ, "parse card json err, please check whether the card json is correct")
    return card


def _button(element: Json) -> Button:
    text = element.get("text")
    label = str(text.get("content", "")) if isinstance(text, Mapping) else ""
    behaviors = element.get("behaviors")
    callbacks = [each for each in behaviors if isinstance(each, Mapping) and each.get("type") == "callback"] if isinstance(behaviors, list) else []
    name = element.get("name")
    value = callbacks[0].get("value") if callbacks else None
    return Button(label, name if isinstance(name, str) else None, value, element.get("form_action_type") == "submit")
