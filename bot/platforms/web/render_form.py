"""How do buttons and forms look in the playground, and what do they send? Every press posts a token; fields travel under `field.<name>`."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from markupsafe import Markup

from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Button, Field, Form

PREFIX = "field."
SEPARATOR = ","


def button(item: Button) -> Markup:
    """A button that presses by itself; with `confirm` the page asks first."""
    asks = Markup(' hx-confirm="{}"').format(item.confirm) if item.confirm else Markup("")
    pressing = Markup('hx-post="press" hx-swap="none" hx-sync="this:drop" hx-disable="this" data-keyed')
    return Markup('<button type="button" class="button {}" name="token" value="{}" {}{}>{}</button>').format(
        item.style, item.token, pressing, asks, item.label
    )


def form(block: Form, locale: Locale) -> Markup:
    """Inputs with hints and errors beside them, and the submit button."""
    asks = Markup(' hx-confirm="{}"').format(block.submit.confirm) if block.submit.confirm else Markup("")
    sending = Markup('hx-post="submit" hx-swap="none" hx-sync="this:drop" hx-disable="find .button" hx-encoding="multipart/form-data" data-keyed')
    opening = Markup('<form class="form" novalidate {}{}>').format(sending, asks)
    token = Markup('<input type="hidden" name="token" value="{}">').format(block.submit.token)
    fields = Markup("").join(_field(item, locale) for item in block.fields)
    submit = Markup('<div class="actions"><button class="button {}">{}</button></div>').format(block.submit.style, block.submit.label)
    return opening + token + Markup('<h3 class="heading">{}</h3>').format(block.title) + fields + submit + Markup("</form>")


def _field(item: Field, locale: Locale) -> Markup:
    label = Markup('<span class="label">{}{}</span>').format(item.label, _optional(item, locale))
    hint = Markup('<span class="hint">{}</span>').format(item.hint) if item.hint else Markup("")
    error = Markup('<span class="error">{}</span>').format(item.error) if item.error else Markup("")
    if item.kind == "multiselect":
        return Markup('<fieldset class="field{}"><legend>{}</legend>{}{}{}</fieldset>').format(_wrong(item), label, error, _choices(item), hint)
    # Hint and error stand inside the label, so that a screen reader says them with the field.
    return Markup('<label class="field{}">{}{}{}{}</label>').format(_wrong(item), label, _input(item), error, hint)


def _optional(item: Field, locale: Locale) -> Markup:
    return Markup("") if item.required else Markup(' <i class="optional">{}</i>').format(text(locale, "web.form.optional"))


def _wrong(item: Field) -> str:
    return " wrong" if item.error else ""


def _input(item: Field) -> Markup:
    match item.kind:
        case "text":
            return _plain_input(item, "text")
        case "number":
            # 8.5万 is a number here, which type="number" would throw away.
            return _plain_input(item, "text", Markup(' inputmode="decimal"'))
        case "date":
            return _plain_input(item, "date" if _fits_date(item.value) else "text")
        case "file":
            return Markup('<input type="file"{}>').format(_attributes(item))
        case "multiline":
            return Markup('<textarea rows="3" placeholder="{}"{}>\n{}</textarea>').format(item.placeholder, _attributes(item), item.value)
        case "select":
            return _select(item)
        case "multiselect":
            return _choices(item)
        case _:
            assert_never(item.kind)


def _fits_date(value: str) -> bool:
    """Whether a date input can show the value; what it cannot show it would lose."""
    try:
        return not value or bool(date.fromisoformat(value))
    except ValueError:
        return False


def _plain_input(item: Field, kind: str, more: Markup = Markup("")) -> Markup:  # noqa: B008  # immutable
    given = Markup('<input type="{}" value="{}" placeholder="{}" autocomplete="off"{}{}>')
    return given.format(kind, item.value, item.placeholder, _attributes(item), more)


def _select(item: Field) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    options = Markup("").join(option.format(each.value, _flag("selected", each.value == item.value), each.label) for each in item.options)
    known = item.value in {each.value for each in item.options}
    # What was typed stays, although it is none of the choices; with nothing typed nothing is chosen.
    first = Markup("") if known else option.format(item.value, _flag("selected", True), item.value or item.placeholder)
    return Markup("<select{}>{}{}</select>").format(_attributes(item), first, options)


def _choices(item: Field) -> Markup:
    chosen = set(item.value.split(SEPARATOR))
    choice = Markup('<label class="choice"><input type="checkbox" name="{}{}" value="{}"{}> {}</label>')
    return Markup("").join(choice.format(PREFIX, item.name, each.value, _flag("checked", each.value in chosen), each.label) for each in item.options)


def _attributes(item: Field) -> Markup:
    return Markup(' name="{}{}"{}{}').format(PREFIX, item.name, _flag("required", item.required), _flag('aria-invalid="true"', bool(item.error)))


def _flag(attribute: str, present: bool) -> Markup:
    return Markup(f" {attribute}") if present else Markup("")  # noqa: S704  # attributes are written above, never given
