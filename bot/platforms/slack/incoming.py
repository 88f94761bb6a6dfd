"""What did a person do on Slack? One act for each kind of request, with the handles by which it can be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.platforms.fields import Body, part, parts, word
from bot.platforms.seams import OfferedFile
from bot.platforms.slack.payload import Json, Object
from bot.platforms.slack.render_actions import FORM, subject_of
from bot.platforms.slack.render_form import typed
from bot.platforms.spreadsheets import is_spreadsheet
from core.ports import Invocation, InvocationKind, Reply

PLATFORM = "slack"
# What Slack says in place of the names of direct conversations and private channels, and how it makes up those of direct conversations of several.
NAMELESS, GROUP_MESSAGE = ("directmessage", "privategroup"), "mpdm-"
# A message that people write carries no subtype, one with files this.
SAID = ("", "file_share", "thread_broadcast")


@dataclass(frozen=True, slots=True)
class Act:
    """An invocation, and how Slack lets it be answered. What does not apply is empty.

    `subject` is what the pressed card shows the state of, `message` its id, `private` whether it is an ephemeral one, `label` the pressed button's
    words.
    `view` is the open modal that was pressed or sent, `home` whether the press was on the home page.
    """

    invocation: Invocation
    response_url: str = field(default="", repr=False)
    trigger: str = ""
    subject: str = ""
    message: str = ""
    private: bool = False
    label: str = ""
    view: str = ""
    home: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """What a modal remembers of where it was opened: the form's token, the conversation, and how people call that."""

    token: str
    conversation: str
    thread: str | None = None
    called: str = ""

    def dump(self) -> str:
        """For the view's private metadata."""
        return json.dumps([self.token, self.conversation, self.thread, self.called])

    @classmethod
    def load(cls, written: str) -> Origin:
        """What `dump` wrote; an empty origin for anything else, whose token no house signed."""
        try:
            held = json.loads(written)
        except (ValueError, RecursionError):
            return cls("", "")
        match held:
            case [str(token), str(conversation), str() | None as thread, str(called)]:
                return cls(token, conversation, thread, called)
            case _:
                return cls("", "")


def slash(body: Body) -> Act:
    """A slash command, answered in its acknowledgement. What the manifest put before its name ends with a hyphen."""
    command = word(body, "command").removeprefix("/").rpartition("-")[2]
    invocation = Invocation(
        platform=PLATFORM,
        tenant=word(body, "team_id"),
        actor=word(body, "user_id"),
        conversation=word(body, "channel_id"),
        request_key=f"command:{word(body, 'trigger_id')}",
        kind=InvocationKind.COMMAND,
        payload=f"/{command} {word(body, 'text')}".strip(),
        fields={},
        reply=Reply.WORDS,
        called=_called(word(body, "channel_name")),
    )
    return Act(invocation, response_url=word(body, "response_url"), trigger=word(body, "trigger_id"))


def _called(name: str) -> str:
    """A channel's name as commands and presses tell it; empty for conversations that have none of their own."""
    return "" if name in NAMELESS or name.startswith(GROUP_MESSAGE) else name


def presses(body: Body) -> tuple[Act, ...]:
    """The buttons of a block_actions payload; other parts that can be touched do nothing by themselves."""
    return tuple(_pressed(body, action) for action in parts(body, "actions") if word(action, "type") == "button" and word(action, "value"))


def submitted(body: Body) -> Act:
    """A modal that was sent. Its request key is the view's with the version that the person saw."""
    view = part(body, "view")
    origin = Origin.load(word(view, "private_metadata"))
    invocation = Invocation(
        platform=PLATFORM,
        tenant=word(body, "team", "id"),
        actor=word(body, "user", "id"),
        conversation=origin.conversation,
        request_key=f"view:{word(view, 'id')}:{word(view, 'hash')}",
        kind=InvocationKind.FORM,
        payload=origin.token,
        fields=typed(_object(part(view, "state"))),
        reply=Reply.WORDS,
        thread=origin.thread,
        called=origin.called,
    )
    return Act(invocation, trigger=word(body, "trigger_id"), view=word(view, "id"), label=word(view, "title", "text"))


def said(body: Body) -> Invocation | None:
    """What was said to the bot in a direct message or by a mention; None for its own words, other bots', changes, and
    messages that bring a spreadsheet instead. Any other file without a word is told to the house as one, in direct messages."""
    event = part(body, "event")
    if not _by_person(event):
        return None
    text = _without_mention(word(event, "text"), bot(body))
    if spreadsheets(event):
        return None
    spoken = _event(body, word(event, "user"), word(event, "channel"), f"message:{word(event, 'channel')}:{word(event, 'ts')}", text)
    other = None if text else next(iter(parts(event, "files")), None)
    return spoken if other is None else _brought(spoken, event, other)


def _brought(spoken: Invocation, event: Body, file: Body) -> Invocation | None:
    """A file that can hold no table, by its name; a picture has none worth telling. In channels it is none of the bot's business."""
    if word(event, "channel_type") != "im":
        return None
    picture = word(file, "mimetype").startswith("image/")
    return replace(spoken, kind=InvocationKind.FILE, fields={} if picture else {"name": word(file, "name")})


def files(body: Body) -> tuple[tuple[Invocation, OfferedFile], ...]:
    """The spreadsheets of a message to the bot, each as an act of its own."""
    event = part(body, "event")
    if not _by_person(event):
        return ()
    return tuple((shared(body, word(event, "user"), word(event, "channel"), file.external), file) for file in spreadsheets(event))


def shared(body: Body, actor: str, channel: str, file: str) -> Invocation:
    """A file that somebody put into a conversation. The payload is filled once the house has made note of it."""
    return _event(body, actor, channel, f"file:{channel}:{actor}:{file}", "", InvocationKind.FILE)


def spreadsheets(holder: Body) -> tuple[OfferedFile, ...]:
    """The files under `files` that tables can be read from."""
    return tuple(file for file in map(offered, parts(holder, "files")) if is_spreadsheet(file.name))


def offered(file: Body) -> OfferedFile:
    """A file as Slack describes it."""
    return OfferedFile(word(file, "id"), word(file, "name"), word(file, "mimetype"))


def home_opened(body: Body) -> Invocation:
    """Somebody looks at the bot's home page."""
    event = part(body, "event")
    return _home(team(body), word(event, "user"), f"home:{word(body, 'event_id')}")


def home_of(pressed: Invocation) -> Invocation:
    """The home page of whoever pressed something on it."""
    return _home(pressed.tenant, pressed.actor, f"home:{pressed.request_key}")


def team(body: Body) -> str:
    """The team that an event is told to the app of. In a channel that is shared with others, the event's own may be theirs."""
    return next((word(item, "team_id") for item in parts(body, "authorizations")), "") or word(body, "team_id")


def bot(body: Body) -> str:
    """The bot's own account in the team, by what Slack says of the installation."""
    return next((word(item, "user_id") for item in parts(body, "authorizations")), "")


def _pressed(body: Body, action: Body) -> Act:
    container = part(body, "container")
    home, modal = word(body, "view", "type") == "home", word(body, "view", "type") == "modal"
    opens = word(action, "action_id") == FORM
    actor, place = word(body, "user", "id"), word(container, "message_ts") or word(container, "view_id")
    invocation = Invocation(
        platform=PLATFORM,
        tenant=word(body, "team", "id"),
        actor=actor,
        conversation=_conversation(body, actor),
        request_key=f"action:{actor}:{place}:{word(action, 'action_ts')}:{word(action, 'action_id')}",
        kind=InvocationKind.OPEN if opens else InvocationKind.BUTTON,
        payload=word(action, "value"),
        fields={},
        reply=Reply.POST if home and not opens else Reply.WORDS,
        thread=word(container, "thread_ts") or None,
        called=_called(word(body, "channel", "name")),
    )
    return Act(
        invocation,
        response_url=word(body, "response_url"),
        trigger=word(body, "trigger_id"),
        subject=subject_of(word(action, "block_id")),
        message=word(container, "message_ts"),
        private=container.get("is_ephemeral") is True,
        label=word(action, "text", "text"),
        view=word(container, "view_id") if modal else "",
        home=home,
    )


def _conversation(body: Body, actor: str) -> str:
    """Where the pressed card stands; for a modal where it was opened, for the home page the person alone."""
    return word(body, "channel", "id") or Origin.load(word(body, "view", "private_metadata")).conversation or actor


def _object(body: Body) -> Object:
    """What was read from JSON, said so."""
    return {name: _json(value) for name, value in body.items()}


def _json(value: object) -> Json:
    match value:
        case Mapping():
            return _object(value)
        case list():
            return [_json(item) for item in value]
        case str() | int() | float():
            return value
        case _:
            return None


def _home(tenant: str, actor: str, key: str) -> Invocation:
    return Invocation(PLATFORM, tenant, actor, actor, key, InvocationKind.COMMAND, "/ops home", {}, Reply.HERE)


def _event(body: Body, actor: str, channel: str, key: str, payload: str, kind: InvocationKind = InvocationKind.COMMAND) -> Invocation:
    return Invocation(
        platform=PLATFORM,
        tenant=team(body),
        actor=actor,
        conversation=channel,
        request_key=key,
        kind=kind,
        payload=payload,
        fields={},
        reply=Reply.POST,
        thread=word(body, "event", "thread_ts") or None,
    )


def _by_person(event: Body) -> bool:
    return bool(word(event, "user")) and not word(event, "bot_id") and word(event, "subtype") in SAID


def _without_mention(text: str, account: str) -> str:
    """What is said to the bot, without its name, which may stand anywhere."""
    return text.replace(f"<@{account}>", " ", 1).strip() if account else text.strip()
