"""How does a form look on Slack, and what comes back from it? A modal: each field an input block whose id is the field's name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import assert_never

from bot.platforms.slack.limits import (
    INPUT_HINT,
    INPUT_LABEL,
    INPUT_VALUE,
    OPTION_LABEL,
    OPTION_VALUE,
    OPTIONS,
    PLACEHOLDER,
    PRIVATE_METADATA,
    SECTION,
    VIEW_BUTTON,
    VIEW_TITLE,
    begin,
    length,
)
from bot.platforms.slack.payload import Json, Object
from bot.platforms.slack.render_inline import plain_text
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Bold, Field, Form, Option, Phrase

# The action id of every input, and the callback id of every form.
INPUT = "value"
CALLBACK = "form"
SEPARATOR = ","
# How many choices are named to somebody who has to type one.
NAMED = 10
WARNING = "⚠ "


def render_modal(form: Form, metadata: str, locale: Locale) -> Object:
    """The view that asks for the form's fields. `metadata` comes back with it. Raises ValueError for more than 3 000 characters of that."""
    if length(metadata) > PRIVATE_METADATA:
        raise ValueError(f"metadata of {length(metadata)} characters is too long for a view")
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": metadata,
        "title": plain_text(form.title, VIEW_TITLE),
        "submit": plain_text(form.submit.label, VIEW_BUTTON),
        "close": plain_text(text(locale, "slack.view.cancel"), VIEW_BUTTON),
        "blocks": [*_before(form), *(_input(field, locale) for field in form.fields), *_after(form)],
    }


def faults(form: Form) -> dict[str, str]:
    """The errors by field, as the answer to a submitted view shows them beside its inputs."""
    return {field.name: field.error for field in form.fields if field.error}


def told(form: Form, said: Collection[str]) -> Sequence[Phrase]:
    """What a message says of a form that is behind a button: what its fields hold, but for what is `said` already, and what is wrong with it."""
    lines: list[Phrase] = []
    for field in form.fields:
        value = _shown(field)
        if field.error or (value and value not in said):
            lines.append((Bold(field.label), f"  {value}"))
        if field.error:
            lines.append((f"{WARNING}{field.error}",))
    return lines


def typed(state: Mapping[str, Json]) -> dict[str, str]:
    """What a submitted view's `state` holds, by field: several choices or files parted by commas, nothing as the empty text."""
    blocks = state.get("values")
    if not isinstance(blocks, Mapping):
        return {}
    return {name: _typed(next(iter(block.values()), None)) for name, block in blocks.items() if isinstance(block, Mapping)}


def _before(form: Form) -> Iterator[Object]:
    """The title in full where a view's title has no room for it."""
    if length(form.title) > VIEW_TITLE:
        yield {"type": "section", "text": plain_text(form.title, SECTION)}


def _after(form: Form) -> Iterator[Object]:
    """What would be asked before a button acts; a view's button asks nothing."""
    if form.submit.confirm:
        yield {"type": "section", "text": plain_text(form.submit.confirm, SECTION)}


def _input(field: Field, locale: Locale) -> Object:
    chosen = bool(field.options) and field.kind in ("select", "multiselect") and not _fits(field)
    choices = text(locale, "slack.form.choices", names=_named(field, locale)) if chosen else ""
    long = text(locale, "card.form.long", limit=INPUT_VALUE) if length(field.value) > INPUT_VALUE else ""
    hints = [words for words in (f"{WARNING}{field.error}" if field.error else "", long, field.hint, choices) if words]
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, INPUT_LABEL),
        "optional": not field.required,
        "element": {"action_id": INPUT, **_element(field)},
        **({"hint": plain_text("\n".join(hints), INPUT_HINT)} if hints else {}),
    }


def _element(field: Field) -> Object:
    match field.kind:
        case "text" | "number":
            # 8.5万 is a number here, which Slack's number input would not take.
            return _written(field)
        case "multiline":
            return {**_written(field), "multiline": True}
        case "date":
            return _day(field)
        case "select":
            return _select(field) if _fits(field) else _written(field)
        case "multiselect":
            return _multiselect(field) if _fits(field) else _written(field)
        case "file":
            return {"type": "file_input", "max_files": 1}
        case _:
            assert_never(field.kind)


def _written(field: Field) -> Object:
    held: Object = {"initial_value": begin(field.value, INPUT_VALUE)} if field.value else {}
    return {"type": "plain_text_input", **held, **_placeholder(field)}


def _day(field: Field) -> Object:
    """A calendar, unless something was typed that it could not show."""
    if not field.value:
        return {"type": "datepicker", **_placeholder(field)}
    try:
        return {"type": "datepicker", "initial_date": date.fromisoformat(field.value).isoformat(), **_placeholder(field)}
    except ValueError:
        return _written(field)


def _select(field: Field) -> Object:
    chosen = next((option for option in field.options if option.value == field.value), None)
    held: Object = {"initial_option": _option(chosen)} if chosen else {}
    return {"type": "static_select", "options": [_option(option) for option in field.options], **held, **_placeholder(field)}


def _multiselect(field: Field) -> Object:
    values = set(field.value.split(SEPARATOR))
    chosen = [_option(option) for option in field.options if option.value in values]
    held: Object = {"initial_options": chosen} if chosen else {}
    return {"type": "multi_static_select", "options": [_option(option) for option in field.options], **held, **_placeholder(field)}


def _fits(field: Field) -> bool:
    """Whether Slack's menu can show the choices, and what was typed is among them, so that it is not lost."""
    values = {option.value for option in field.options}
    held = {value for value in (field.value.split(SEPARATOR) if field.kind == "multiselect" else [field.value]) if value}
    short = all(option.value and option.label and length(option.value) <= OPTION_VALUE for option in field.options)
    return 0 < len(field.options) <= OPTIONS and len(values) == len(field.options) and short and held <= values


def _option(option: Option) -> Object:
    return {"text": plain_text(option.label, OPTION_LABEL), "value": option.value}


def _named(field: Field, locale: Locale) -> str:
    names = [option.label for option in field.options[:NAMED]]
    return text(locale, "kernel.list").join([*names, *(["…"] if len(field.options) > NAMED else [])])


def _placeholder(field: Field) -> Object:
    return {"placeholder": plain_text(field.placeholder, PLACEHOLDER)} if field.placeholder else {}


def _shown(field: Field) -> str:
    """What the field holds, as people read it."""
    labels = {option.value: option.label for option in field.options}
    return labels.get(field.value, field.value)


def _typed(element: Json) -> str:
    if not isinstance(element, Mapping):
        return ""
    match element.get("type"):
        case "datepicker":
            return _string(element.get("selected_date"))
        case "static_select":
            return _chosen(element.get("selected_option"), "value")
        case "multi_static_select":
            return _all(element.get("selected_options"), "value")
        case "file_input":
            return _all(element.get("files"), "id")
        case _:
            return _string(element.get("value"))


def _all(parts: Json, key: str) -> str:
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return ""
    return SEPARATOR.join(_chosen(part, key) for part in parts)


def _chosen(part: Json, key: str) -> str:
    return _string(part.get(key)) if isinstance(part, Mapping) else ""


def _string(value: Json) -> str:
    return value if isinstance(value, str) else ""
