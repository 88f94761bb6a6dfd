"""What stands in a modal? A form with what is wrong with it, the result that takes its place, or a word that the form is on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.platforms.slack.incoming import Act, Origin
from bot.platforms.slack.limits import SECTION, VIEW_BUTTON, VIEW_TITLE
from bot.platforms.slack.payload import Object
from bot.platforms.slack.render import render_view
from bot.platforms.slack.render_form import faults, render_modal
from bot.platforms.slack.render_inline import plain_text
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Form, Message

NO_REFS: Mapping[str, str] = {}


def form_of(message: Message) -> Form | None:
    """The form that the message asks with."""
    return next((block for block in message.blocks if isinstance(block, Form)), None)


def window(act: Act, message: Message) -> Object:
    """The modal for a message: its form, below what else it says; or the message itself."""
    form = form_of(message)
    if form is None:
        return render_view(message, NO_REFS)
    origin = Origin(form.submit.token, act.invocation.conversation, act.invocation.thread, act.invocation.called)
    view = render_modal(form, origin.dump(), Locale(message.locale))
    rest = replace(message, blocks=tuple(block for block in message.blocks if not isinstance(block, Form)))
    above = render_view(rest, NO_REFS)["blocks"] if rest.blocks else ()
    return {**view, "blocks": [*_listed(above), *_listed(view["blocks"])]}


def acknowledged(act: Act, message: Message) -> Object:
    """The answer to a sent form: errors beside the fields, with what was typed left standing; else the next thing in the form's place.

    Slack takes no error for a field that the form had not.
    """
    form = form_of(message)
    wrong = faults(form) if form else {}
    if wrong and wrong.keys() <= act.invocation.fields.keys():
        return {"response_action": "errors", "errors": wrong}
    return replaced(window(act, message))


def replaced(view: Object) -> Object:
    """The answer that puts another modal in the place of the one that was sent."""
    return {"response_action": "update", "view": view}


def waiting(label: str) -> Object:
    """A modal that holds the place. `label` is what the person pressed, and tells their language: nothing else of it has come yet."""
    locale = Locale.ZH if any("\u4e00" <= sign <= "\u9fff" for sign in label) else Locale.EN
    said: Object = {"type": "section", "text": plain_text(text(locale, "slack.view.waiting"), SECTION)}
    return {
        "type": "modal",
        "title": plain_text(label or text(locale, "web.bot"), VIEW_TITLE),
        "close": plain_text(text(locale, "slack.view.close"), VIEW_BUTTON),
        "blocks": [said],
    }


def _listed(blocks: object) -> list[Object]:
    return [block for block in blocks if isinstance(block, Mapping)] if isinstance(blocks, list | tuple) else []
