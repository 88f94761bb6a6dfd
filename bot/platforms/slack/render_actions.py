"""How do buttons look on Slack, and what do they carry? The signed token as value, and beside it the subject of the card that they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.platforms.slack.limits import (
    BLOCK_ID,
    BUTTON_LABEL,
    BUTTONS,
    CONFIRM_LABEL,
    CONFIRM_TEXT,
    CONFIRM_TITLE,
    length,
)
from bot.platforms.slack.payload import Object
from bot.platforms.slack.render_inline import plain_text
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Actions, Button, Form

# The action ids: `press:3` presses a button, `form` opens a form.
PRESS = "press:"
FORM = "form"
SEPARATOR = "|"


def actions(block: Actions, subject: str, numbers: Iterator[int], locale: Locale) -> Iterator[Object]:
    """The buttons, five a block. `numbers` counts through the whole message."""
    for start in range(0, len(block.buttons), BUTTONS):
        some = [(next(numbers), button) for button in block.buttons[start : start + BUTTONS]]
        yield _block(subject, some[0][0], *(_button(button, f"{PRESS}{number}", locale) for number, button in some))


def form_buttons(form: Form, subject: str, numbers: Iterator[int], locale: Locale) -> Object:
    """The button that opens the form, which cannot stand in a message; before it, where nothing is left to fill in, one that sends it."""
    number = next(numbers)
    opening = _button(replace(form.submit, label=form.title, token=form.opening, confirm=None), FORM, locale)
    if not _complete(form):
        return _block(subject, number, opening)
    sending = _button(replace(form.submit, token=form.opening), f"{PRESS}{number}", locale)
    return _block(subject, number, sending, {name: part for name, part in opening.items() if name != "style"})


def subject_of(block_id: str) -> str:
    """The subject of the card on which the block with that id stands; empty where it had none."""
    return block_id.rpartition(SEPARATOR)[0]


def _complete(form: Form) -> bool:
    """Whether the form could be sent as it stands. One that requires nothing is there to be changed."""
    required = [field for field in form.fields if field.required]
    return bool(required) and all(field.value for field in required) and not any(field.error for field in form.fields)


def _block(subject: str, number: int, *buttons: Object) -> Object:
    mark = f"{subject}{SEPARATOR}{number}"
    return {"type": "actions", "block_id": mark if length(mark) <= BLOCK_ID else f"{SEPARATOR}{number}", "elements": buttons}


def _button(button: Button, action: str, locale: Locale) -> Object:
    asked: Object = {"confirm": _confirm(button, button.confirm, locale)} if button.confirm else {}
    return {
        "type": "button",
        "action_id": action,
        "text": plain_text(button.label, BUTTON_LABEL),
        **_value(button.token),
        **_style(button.style),
        **asked,
    }


def _value(token: str) -> Object:
    """Slack takes no empty value."""
    return {"value": token} if token else {}


def _style(style: str) -> Object:
    """Slack knows no name for the plain style."""
    return {} if style == "plain" else {"style": style}


def _confirm(button: Button, question: str, locale: Locale) -> Object:
    return {
        "title": plain_text(button.label, CONFIRM_TITLE),
        "text": plain_text(question, CONFIRM_TEXT),
        "confirm": plain_text(text(locale, "slack.confirm.yes"), CONFIRM_LABEL),
        "deny": plain_text(text(locale, "slack.confirm.no"), CONFIRM_LABEL),
        **_style(button.style),
    }
