"""What did a person do on Slack? One act for each kind of request, with the handles by which it can be answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from bot.platforms.seams import OfferedFile
from bot.platforms.slack.reading import Body, part, parts, whole, word
from core.ports import Invocation, InvocationKind, Reply

PLATFORM = "slack"
SPREADSHEETS = (".csv", ".xlsx", ".xls", ".xlsm", ".parquet")
# A message that people write carries no subtype, one with files this.
SAID = ("", "file_share", "thread_broadcast")


@dataclass(frozen=True, slots=True)
class Act:
    """An invocation, and how Slack lets it be answered. What does not apply is empty.

    `subject` is what the pressed card shows the state of, `private` whether it is an ephemeral one, `label` the pressed button's words.
    `view` is the open modal that was pressed or sent, `home` whether the press was on the home page.
    """

    invocation: Invocation
    response_url: str = field(default="", repr=False)
    trigger: str = ""
    subject: str = ""
    private: bool = False
    label: str = ""
    view: str = ""
    home: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """What a modal remembers of where it was opened: the form's token and the conversation."""

    token: str
    conversation: str
    thread: str | None = None

    def dump(self) -> str:
        """For the view's private metadata."""
        return json.dumps([self.token, self.conversation, self.thread])

    @classmethod
    def load(cls, written: str) -> Origin:
        """What `dump` wrote; an empty origin for anything else, whose token no house signed."""
        try:
            token, conversation, thread = json.loads(written)
        except (ValueError, TypeError, RecursionError):
            return cls("", "")
        if not isinstance(token, str) or not isinstance(conversation, str):
            return cls("", "")
        return cls(token, conversation, thread if isinstance(thread, str) else None)


def slash(body: Body, prefix: str) -> Act:
    """A slash command, answered in its acknowledgement. `prefix` is what the manifest put before every command."""
    command = word(body, "command").removeprefix("/").removeprefix(prefix)
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
    )
    return Act(invocation, response_url=word(body, "response_url"), trigger=word(body, "trigger_id"))


def said(body: Body) -> Invocation | None:
    """What was said to the bot in a direct message or by a mention; None for its own words, other bots', changes and empty messages."""
    event = part(body, "event")
    if word(event, "bot_id") or word(event, "subtype") not in SAID or not word(event, "user"):
        return None
    text = _without_mention(word(event, "text"), bot(body))
    if not text and any(parts(event, "files")):
        return None
    return _event(body, word(event, "user"), word(event, "channel"), f"message:{word(event, 'channel')}:{word(event, 'ts')}", text)


def files(body: Body) -> tuple[tuple[Invocation, OfferedFile], ...]:
    """The spreadsheets of a message to the bot, each as an act of its own."""
    event = part(body, "event")
    if word(event, "bot_id") or word(event, "subtype") not in SAID:
        return ()
    return tuple((shared(body, word(event, "user"), word(event, "channel"), file), file) for file in spreadsheets(event))


def shared(body: Body, actor: str, channel: str, file: OfferedFile) -> Invocation:
    """A file that somebody put into a conversation. The payload is filled once the house has made note of it."""
    return _event(body, actor, channel, f"file:{channel}:{file.external}", "", InvocationKind.FILE)


def spreadsheets(holder: Body) -> tuple[OfferedFile, ...]:
    """The files under `files` that tables can be read from."""
    return tuple(file for file in map(offered, parts(holder, "files")) if file.name.lower().endswith(SPREADSHEETS))


def offered(file: Body) -> OfferedFile:
    """A file as Slack describes it."""
    return OfferedFile(word(file, "id"), word(file, "name"), word(file, "mimetype"), whole(file, "size"))


def home_opened(body: Body) -> Invocation:
    """Somebody looks at the bot's home page."""
    event = part(body, "event")
    return _home(word(body, "team_id"), word(event, "user"), f"home:{word(body, 'event_id')}")


def home_of(pressed: Invocation) -> Invocation:
    """The home page of whoever pressed something on it."""
    return _home(pressed.tenant, pressed.actor, f"home:{pressed.request_key}")


def bot(body: Body) -> str:
    """The bot's own account in the team, by what Slack says of the installation."""
    return next((word(item, "user_id") for item in parts(body, "authorizations")), "")


def _home(tenant: str, actor: str, key: str) -> Invocation:
    return Invocation(PLATFORM, tenant, actor, actor, key, InvocationKind.COMMAND, "/ops home", {}, Reply.HERE)


def _event(body: Body, actor: str, channel: str, key: str, payload: str, kind: InvocationKind = InvocationKind.COMMAND) -> Invocation:
    return Invocation(
        platform=PLATFORM,
        tenant=word(body, "team_id"),
        actor=actor,
        conversation=channel,
        request_key=key,
        kind=kind,
        payload=payload,
        fields={},
        reply=Reply.POST,
        thread=word(body, "event", "thread_ts") or None,
    )


def _without_mention(text: str, account: str) -> str:
    """What is said to the bot, without its name, which may stand anywhere."""
    return text.replace(f"<@{account}>", " ", 1).strip() if account else text.strip()
