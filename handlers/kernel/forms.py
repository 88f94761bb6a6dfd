"""What is asked when something is missing or wrong? The command's own form, with everything that was typed already in it."""

from __future__ import annotations

from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import text
from core.messages.model import Block, Button, Field, Form, Message, Option, Paragraph, Press
from core.messages.phrases import phrase
from handlers.kernel.command import Command, Parameter
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import Call

SELECT_LIMIT = 100


def form(call: Call, scope: Scope) -> Form:
    """The form of the call's command. Fields hold what was typed, and beside each the sentence that says what is wrong with it."""
    command = call.command
    submit = Button(text(scope.locale, "kernel.form.submit"), Press(command.name, {}), style="primary")
    return Form(command.say(scope.locale, "about"), tuple(_field(call, item, scope) for item in command.parameters), submit)


def asking(call: Call, scope: Scope) -> Message:
    """The answer to a call that cannot run as it is: what is wrong or missing, and the form to go on with."""
    stray = [error for name, error in call.mistakes.items() if name not in {item.name for item in call.command.parameters}]
    wrong = [*stray, *(error for name, error in call.mistakes.items() if error not in stray)]
    lines = tuple(phrase(scope.locale, error.key, **error.args_) for error in wrong)
    if not lines:
        names = "、" if scope.locale is Locale.ZH else ", "
        missing = names.join(call.command.say(scope.locale, f"field.{item.name}") for item in call.missing)
        lines = (phrase(scope.locale, "kernel.form.missing", missing=missing),)
    blocks: tuple[Block, ...] = (Paragraph(lines),)
    if call.command.parameters:
        blocks = (*blocks, form(call, scope))
    fallback = text(scope.locale, wrong[0].key, **wrong[0].args_) if wrong else call.command.say(scope.locale, "about")
    return Message(blocks, fallback, card="kernel.form", locale=scope.locale.value)


def _field(call: Call, item: Parameter, scope: Scope) -> Field:
    command: Command = call.command
    error = call.mistakes.get(item.name)
    options = tuple(Option(option.value, option.label or option.value) for option in item.kind.offers(scope))
    kind = "select" if item.kind.form == "text" and 0 < len(options) <= SELECT_LIMIT else item.kind.form
    return Field(
        name=item.name,
        label=command.say(scope.locale, f"field.{item.name}"),
        kind=kind,
        value=_shown(call, item),
        hint=command.hint(scope.locale, item.name),
        error=_sentence(error, scope.locale),
        required=item.required,
        options=options if kind == "select" else (),
    )


def _shown(call: Call, item: Parameter) -> str:
    value = call.values.get(item.name)
    # A date input wants its own writing; everything else comes back as it was typed.
    return value.isoformat() if item.kind.form == "date" and hasattr(value, "isoformat") else call.typed.get(item.name, "")


def _sentence(error: UserError | None, locale: Locale) -> str:
    return "" if error is None else text(locale, error.key, **error.args_)
