"""What is asked when something is missing or wrong? The command's own form, with everything that was typed already in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Block, Button, Field, Form, Message, Option, Paragraph, Press
from core.messages.phrases import phrase
from handlers.kernel.command import Parameter
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Call

SELECT_LIMIT = 100


def form(call: Call, scope: Scope) -> Form:
    """The form of the call's command. Fields hold what was typed, and beside each the sentence that says what is wrong with it."""
    command = call.command
    submit = Button(text(scope.locale, "kernel.form.submit"), Press(command.name, {}), style="primary")
    return Form(command.say(scope.locale, "title"), tuple(_field(call, item, scope) for item in command.inputs), submit)


def asking(call: Call, scope: Scope) -> Message:
    """The answer to a call that cannot run as it is: what is wrong or missing, and the form to go on with."""
    wrong = (*call.stray, *call.mistakes.values()) or (_missing(call, scope.locale),)
    asks = bool(call.command.inputs) and call.command.asks
    # What is wrong with a field stands beside it.
    told = (*call.stray, UserError("kernel.form.mend")) if asks and call.mistakes else wrong
    blocks: tuple[Block, ...] = (Paragraph(tuple(phrase(scope.locale, error.key, **error.args_) for error in told)),)
    if asks:
        blocks = (*blocks, form(call, scope))
    return Message(blocks, _sentence(wrong[0], scope.locale), card="kernel.form", locale=scope.locale.value)


def opened(call: Call, scope: Scope) -> Message:
    """The form of the call's command alone, for one who asked to fill it in."""
    about = form(call, scope)
    return Message((about,), about.title, card="kernel.form", locale=scope.locale.value)


def _missing(call: Call, locale: Locale) -> UserError:
    labels = text(locale, "kernel.list").join(call.command.say(locale, f"field.{item.name}") for item in call.missing)
    return UserError("kernel.form.missing", missing=labels)


def _field(call: Call, item: Parameter, scope: Scope) -> Field:
    options = tuple(Option(option.value, option.label or option.value) for option in item.kind.offers(scope))
    kind = "select" if item.kind.form == "text" and 0 < len(options) <= SELECT_LIMIT else item.kind.form
    chosen = options if kind == "select" else ()
    error, shown = call.mistakes.get(item.name), _shown(call, item, chosen, scope)
    # What was typed and is none of the choices is told beside the field, and offered no more.
    if item.kind.free and item.name in call.values and all(option.value != shown for option in chosen):
        # Understood, though nobody is offered it: every 3 days.
        chosen = (*chosen, Option(shown, shown))
    refused = error is not None and bool(chosen) and all(option.value != shown for option in chosen)
    return Field(
        name=item.name,
        label=call.command.say(scope.locale, f"field.{item.name}"),
        kind=kind,
        value="" if refused else shown,
        hint=call.command.hint(scope.locale, item.name),
        error="" if error is None else _sentence(error, scope.locale),
        required=item.required,
        options=chosen,
    )


def _shown(call: Call, item: Parameter, options: Sequence[Option], scope: Scope) -> str:
    """What was typed, or is usual; what was understood in the writing that a date input or a select field knows it by."""
    typed, value = call.typed.get(item.name) or item.kind.usual(scope), call.values.get(item.name)
    if value is None:
        return typed
    if item.kind.form == "date" and isinstance(value, tuple) and value[0] == value[1]:
        return str(value[0].isoformat())
    if isinstance(value, date):
        return value.isoformat()
    return next((option.value for option in options if item.kind.read(option.value, scope) == value), typed)


def _sentence(error: UserError, locale: Locale) -> str:
    return text(locale, error.key, **error.args_)
