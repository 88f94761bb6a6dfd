"""How do buttons and forms look on Feishu, and what does a submitted form hold? Fields stand in the card; pressing gives the token back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import assert_never

from bot.platforms.feishu.elements import markdown, plain_text, row, words
from bot.platforms.feishu.limits import BUTTON_LETTERS, CHOICES, INPUT_LETTERS, PLACEHOLDER_LETTERS
from bot.platforms.feishu.payload import Json
from bot.platforms.feishu.render_inline import bold, colored, escape
from bot.platforms.shortening import shorten
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Button, Field, Form

SEPARATOR = ","
TYPES = {"primary": "primary", "plain": "default", "danger": "danger"}
# Names are unique in a card: `f0_title` is the field `title` of its first form, `d0_due` a date's.
_NAME = re.compile(r"([df])\d+_(.*)", re.DOTALL)
# A date comes back with the zone of the person's device: "2024-04-01 +0800".
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?: [+-]\d{4})?")


def buttons(items: Sequence[Button], subject: str, locale: Locale) -> Json:
    """Buttons beside each other. A press gives back the token, what the card shows the state of, and in which language."""
    return row([button(item, subject, locale) for item in items])


def button(item: Button, subject: str, locale: Locale) -> Json:
    """A button; with `confirm` Feishu asks first."""
    asks: Json = {} if item.confirm is None else {"confirm": {"title": plain_text(item.label), "text": plain_text(item.confirm)}}
    return {
        "tag": "button",
        "text": plain_text(shorten(item.label, BUTTON_LETTERS)),
        "type": TYPES[item.style],
        "behaviors": [{"type": "callback", "value": {"token": item.token, "subject": subject, "locale": locale.value}}],
        **asks,
    }


def form(block: Form, number: int, subject: str, locale: Locale) -> tuple[Json, ...]:
    """The form as a container with its submit button; a line for each file, which is sent in the chat. `number` tells the forms of a card apart."""
    files = [_file(item, locale) for item in block.fields if item.kind == "file"]
    inputs = [element for item in block.fields if item.kind != "file" for element in _field(item, number, locale)]
    title = (markdown(bold(block.title), "heading"),) if block.title.strip() else ()
    if files and not inputs:
        return (*title, *files)
    submit = {**button(block.submit, subject, locale), "name": f"submit{number}", "form_action_type": "submit"}
    return (*title, {"tag": "form", "name": f"form{number}", "elements": [*inputs, *files, submit]})


def typed(values: Mapping[str, object]) -> dict[str, str]:
    """What a submitted form holds, by the fields' own names: the `form_value` of Feishu's callback. Several choices are joined by commas."""
    found = {}
    for name, value in values.items():
        parts = _NAME.fullmatch(name)
        if parts is not None:
            kind, own = parts.groups()
            found[own] = _day(value) if kind == "d" else _words(value)
    return found


def _words(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return SEPARATOR.join(str(choice) for choice in value)
        case _:
            return str(value)


def _day(value: object) -> str:
    written = _words(value)
    day = _DAY.fullmatch(written)
    return written if day is None else day[1]


def _field(item: Field, number: int, locale: Locale) -> tuple[Json, ...]:
    """The label with what was wrong, the input, the hint."""
    optional = "" if item.required else " " + colored(text(locale, "card.form.optional"), "grey")
    error = f"<br>{colored(item.error, 'red')}" if item.error else ""
    label = markdown(f"{escape(item.label)}{optional}{error}")
    hints = [item.hint, text(locale, "card.form.long", limit=INPUT_LETTERS) if len(item.value) > INPUT_LETTERS else ""]
    return (label, _input(item, number), *(words(hint, "notation", "grey") for hint in hints if hint))


def _input(item: Field, number: int) -> Json:
    match item.kind:
        case "date" if _fits_date(item.value):
            return {"tag": "date_picker", **_common(item, f"d{number}"), **({"initial_date": item.value} if item.value else {})}
        case "select" | "multiselect" if 0 < sum(bool(option.value) for option in item.options) <= CHOICES:
            return _select(item, number)
        case "multiline":
            return _typed_in(item, number, {"input_type": "multiline_text", "rows": 3, "auto_resize": True})
        case "text" | "number" | "date" | "select" | "multiselect" | "file":
            return _typed_in(item, number, {"input_type": "text"})
        case _:
            assert_never(item.kind)


def _typed_in(item: Field, number: int, kind: Json) -> Json:
    value: Json = {"default_value": item.value[:INPUT_LETTERS]} if item.value else {}
    return {"tag": "input", **kind, **_common(item, f"f{number}"), "max_length": INPUT_LETTERS, **value}


def _select(item: Field, number: int) -> Json:
    """The choices; what was typed before stays, although it may be none of them."""
    several = item.kind == "multiselect"
    chosen = [value for value in (item.value.split(SEPARATOR) if several else [item.value]) if value]
    offered = {option.value: option.label or option.value for option in item.options if option.value}
    labels = offered | {value: value for value in chosen if value not in offered}
    options = [{"text": plain_text(label), "value": value} for value, label in labels.items()]
    if several:
        return {"tag": "multi_select_static", **_common(item, f"f{number}"), "options": options, "selected_values": list(dict.fromkeys(chosen))}
    first: Json = {"initial_option": chosen[0]} if chosen else {}
    return {"tag": "select_static", **_common(item, f"f{number}"), "options": options, **first}


def _common(item: Field, prefix: str) -> Json:
    asked: Json = {"placeholder": plain_text(item.placeholder[:PLACEHOLDER_LETTERS])} if item.placeholder else {}
    return {"name": f"{prefix}_{item.name}", "required": item.required, "width": "fill", **asked}


def _fits_date(value: str) -> bool:
    """Whether a date picker can show the value; what it cannot show it would lose."""
    try:
        return not value or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _file(item: Field, locale: Locale) -> Json:
    sentence = text(locale, "card.form.file", label=item.label)
    return words("\n".join(part for part in (sentence, item.error, item.hint) if part))
