"""What does a page show of messages, channels and the clock? Values with every word already said, for the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.platforms.web.viewer import Viewer
from core.domain.workspaces import Channel
from core.i18n.dates import say_date, say_time, say_weekday
from core.i18n.texts import text
from core.storage.repositories.chat import ChatMessage
from core.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as the viewer sees it. `day` is its local date as ISO, `day_words` the same for people."""

    id: int
    author: str
    initial: str
    by_bot: bool
    mine: bool
    private: bool
    edited: bool
    time: str
    instant: str
    day: str
    day_words: str
    content: Markup


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One line of the channel list."""

    id: int
    label: str
    direct: bool
    current: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """The business clock; `today` bounds the date that one may go to."""

    words: str
    time: str
    today: str


def message_views(uow: UnitOfWork, viewer: Viewer, messages: Sequence[ChatMessage]) -> list[MessageView]:
    """Messages with their authors' names."""
    names = {member.id: member.name for member in uow.members.all(viewer.workspace.id)} if any(message.author for message in messages) else {}
    return [_message_view(viewer, message, names) for message in messages]


def channel_views(viewer: Viewer, current: int) -> list[ChannelView]:
    """Shared channels first, then the direct conversation."""
    ordered = sorted(viewer.channels, key=lambda channel: channel.direct_to is not None)
    return [ChannelView(item.id, channel_label(viewer, item), item.direct_to is not None, item.id == current) for item in ordered]


def channel_label(viewer: Viewer, channel: Channel) -> str:
    """#ops, or the bot's name for a direct conversation."""
    return text(viewer.locale, "web.bot") if channel.direct_to else f"#{channel.name.removeprefix('#')}"


def clock_view(viewer: Viewer) -> ClockView:
    """The moment as the workspace lives it."""
    local = viewer.moment.local
    return ClockView(_day_words(local.date(), viewer), say_time(local, viewer.workspace.zone), local.date().isoformat())


def quiet_step(viewer: Viewer) -> str:
    """What a step of the clock says that brought the viewer nothing: when it is now, and that nothing was due."""
    now = clock_view(viewer)
    return text(viewer.locale, "web.clock.quiet", day=now.words, time=now.time)


def _day_words(day: date, viewer: Viewer) -> str:
    # Never "today": the page stays open while days pass.
    return f"{say_weekday(day, viewer.locale)} {say_date(day, viewer.moment.today, viewer.locale)}"


def _message_view(viewer: Viewer, message: ChatMessage, names: dict[int, str]) -> MessageView:
    local = message.said_at.astimezone(viewer.workspace.zone)
    author = text(viewer.locale, "web.bot") if message.author is None else names.get(message.author, "")
    return MessageView(
        id=message.id,
        author=author,
        initial=author[:1].upper(),
        by_bot=message.author is None,
        mine=message.author == viewer.member.id,
        private=message.visible_to is not None,
        edited=message.edited > 0,
        time=say_time(local, viewer.workspace.zone),
        instant=local.isoformat(),
        day=local.date().isoformat(),
        day_words=_day_words(local.date(), viewer),
        # Rendered by this platform, sealed since: nobody else can have written it.
        content=Markup(message.content),  # noqa: S704
    )
