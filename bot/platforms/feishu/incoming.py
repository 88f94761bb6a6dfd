"""What did a person do on Feishu? One value for each kind of event; None for what concerns nobody here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.platforms.feishu.apps import PLATFORM
from bot.platforms.feishu.reading import read
from bot.platforms.feishu.render_form import typed
from bot.platforms.fields import Body, part, parts, word
from bot.platforms.seams import OfferedFile
from bot.platforms.spreadsheets import is_spreadsheet
from core.domain.workspaces import Locale
from core.ports import Invocation, InvocationKind, Reply

DIRECT = "p2p"
PRESS = "card.action.trigger"
# Where a menu's key and a native slash command, which take no space, have one: `ops_home`, `/kpi_board 7d`.
PARTING = "_"
# How a mention stands in a text: its words are told beside it.
_MENTION = re.compile(r"@_user_\d+|@_all")
_NATIVE = re.compile(rf"[/／](\w+?){PARTING}(\w+)(?!\S)")
_SPACES = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something was said to the bot, or chosen from its menu."""

    invocation: Invocation
    direct: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """A spreadsheet was shared. The invocation's payload is filled once the house has made note of the file."""

    invocation: Invocation
    file: OfferedFile
    direct: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button or a form of a card. `subject` is what the card shows the state of, in the `locale`; an `outsider` is of another tenant."""

    invocation: Invocation
    message_id: str
    subject: str
    locale: Locale | None
    outsider: bool


@dataclass(frozen=True, slots=True)
class Met:
    """The bot is in that group now, or the group has that name now."""

    tenant: str
    chat: str
    name: str


@dataclass(frozen=True, slots=True)
class Parted:
    """The bot was put out of that group."""

    tenant: str
    chat: str


Happening = Spoken | Shared | Met | Parted


class Reader:
    """Reads events. `handle_of` gives how commands name an account of a tenant, where they know it."""

    def __init__(self, handle_of: Callable[[str, str], str | None]) -> None:
        self._handle_of = handle_of

    def read(self, event: Body, bot: str) -> Happening | None:
        """What the event tells, if it is no press. `bot` is the account of the app's bot, of use where somebody is mentioned."""
        match word(event, "header", "event_type"):
            case "im.message.receive_v1":
                return self._message(event, bot)
            case "application.bot.menu_v6":
                return _chosen(event)
            case "im.chat.member.bot.added_v1":
                return Met(_app(event), word(event, "event", "chat_id"), word(event, "event", "name"))
            case "im.chat.member.bot.deleted_v1":
                return Parted(_app(event), word(event, "event", "chat_id"))
            case "im.chat.updated_v1" if word(event, "event", "after_change", "name"):
                return Met(_app(event), word(event, "event", "chat_id"), word(event, "event", "after_change", "name"))
            case _:
                return None

    def _message(self, event: Body, bot: str) -> Spoken | Shared | None:
        """What a person of the tenant says to the bot; what people say among themselves is none of its business."""
        sender, message = part(event, "event", "sender"), part(event, "event", "message")
        if word(sender, "sender_type") != "user" or word(sender, "tenant_key") != word(event, "header", "tenant_key"):
            return None
        direct = word(message, "chat_type") == DIRECT
        match word(message, "message_type"):
            case "file":
                return _shared(event, direct) or _brought(event, direct)
            case "image":
                return _brought(event, direct)
            case "text":
                written = word(read(word(message, "content")) or {}, "text")
            case "post":
                written = _rich(read(word(message, "content")) or {})
            case _:
                return None
        line = self._addressed(event, written, bot, direct)
        return None if line is None else Spoken(_said(event, InvocationKind.COMMAND, line, direct), direct)

    def _addressed(self, event: Body, written: str, bot: str, direct: bool) -> str | None:
        """What the bot is told, its own mention left out and others named as commands name them; None for what is not said to it."""
        mentions = {word(mention, "key"): mention for mention in _mentions(event)}
        if not direct and bot not in map(_account, mentions.values()):
            return None

        def named(found: re.Match[str]) -> str:
            mention = mentions.get(found[0], {})
            account = _account(mention)
            if account == bot:
                return " "
            return f"@{(account and self._handle_of(_app(event), account)) or word(mention, 'name') or found[0].lstrip('@')}"

        return _parted(_SPACES.sub(" ", _MENTION.sub(named, written)).strip())


def mentions_anyone(event: Body) -> bool:
    """Whether it can be that the bot is meant."""
    return bool(_mentions(event))


def _mentions(event: Body) -> Sequence[Body]:
    return parts(event, "event", "message", "mentions")


def _parted(line: str) -> str:
    """The line with the words of a native slash command apart."""
    found = _NATIVE.match(line)
    return line if found is None else f"/{found[1]} {found[2]}{line[found.end() :]}"


def _rich(content: Body) -> str:
    """The words of a rich text: a title, and lines of pieces."""
    lines = content.get("content")
    pieces = [line for line in lines if isinstance(line, list)] if isinstance(lines, list) else []
    said = ["".join(_pieces(line)) for line in pieces]
    return "\n".join(line for line in (word(content, "title"), *said) if line)


def _pieces(line: list[object]) -> Iterator[str]:
    for piece in line:
        if isinstance(piece, Mapping):
            yield word(piece, "user_id") if word(piece, "tag") == "at" else word(piece, "text")


def _shared(event: Body, direct: bool) -> Shared | None:
    message = part(event, "event", "message")
    content = read(word(message, "content")) or {}
    name = word(content, "file_name")
    if not is_spreadsheet(name):
        return None
    file = OfferedFile(f"{word(message, 'message_id')}/{word(content, 'file_key')}", name, "")
    invocation = _said(event, InvocationKind.FILE, "", direct)
    # In a group nobody asked the bot: it offers its help to the one who shared, in private.
    return Shared(invocation if direct else replace(invocation, conversation=invocation.actor, thread=None), file, direct)


def _brought(event: Body, direct: bool) -> Spoken | None:
    """A file that can hold no table, by its name, which a picture has not. In groups it is none of the bot's business."""
    name = word(read(word(event, "event", "message", "content")) or {}, "file_name")
    said = replace(_said(event, InvocationKind.FILE, "", direct), fields={"name": name} if name else {})
    return Spoken(said, direct) if direct else None


def _said(event: Body, kind: InvocationKind, payload: str, direct: bool) -> Invocation:
    """Answered by a message: in a group or a thread as a reply, in a person's own conversation simply as the next one."""
    message = part(event, "event", "message")
    message_id = word(message, "message_id")
    return Invocation(
        platform=PLATFORM,
        tenant=_app(event),
        actor=word(event, "event", "sender", "sender_id", "open_id"),
        conversation=word(message, "chat_id"),
        request_key=message_id,
        kind=kind,
        payload=payload,
        fields={},
        reply=Reply.POST,
        thread=None if direct and not word(message, "thread_id") else message_id,
    )


def _chosen(event: Body) -> Spoken:
    """A choice in the bot's menu, whose key is a command's words: `ops_home`. It is answered in the person's own conversation."""
    actor = word(event, "event", "operator", "operator_id", "open_id")
    line = _parted(f"/{word(event, 'event', 'event_key').lstrip('/')}")
    key = word(event, "header", "event_id")
    return Spoken(Invocation(PLATFORM, _app(event), actor, actor, key, InvocationKind.COMMAND, line, {}, Reply.POST), direct=True)


def pressed(event: Body) -> Pressed | None:
    """The press that the event tells of; None for a part of a card that does nothing by itself."""
    action, context = part(event, "event", "action"), part(event, "event", "context")
    token, form = word(action, "value", "token"), action.get("form_value")
    if not token:
        return None
    invocation = Invocation(
        platform=PLATFORM,
        tenant=_app(event),
        actor=word(event, "event", "operator", "open_id"),
        conversation=word(context, "open_chat_id"),
        request_key=word(event, "header", "event_id"),
        kind=InvocationKind.FORM if isinstance(form, dict) else InvocationKind.BUTTON,
        payload=token,
        fields=typed(form) if isinstance(form, dict) else {},
        reply=Reply.WORDS,
    )
    tenant = word(event, "event", "operator", "tenant_key")
    outsider = tenant not in ("", word(event, "header", "tenant_key"))
    subject, locale = word(action, "value", "subject"), word(action, "value", "locale")
    return Pressed(invocation, word(context, "open_message_id"), subject, Locale(locale) if locale in list(Locale) else None, outsider)


def _app(event: Body) -> str:
    return word(event, "header", "app_id")


def _account(mention: Body) -> str:
    return word(mention, "id", "open_id")
