"""/ops channel: how does the bot post in this channel?"""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated, TypeAlias

from core.domain.times import parse_time
from core.domain.workspaces import Channel, Locale, Permission
from core.errors import UserError
from core.messages.cards.channel import asking_card, changed_card
from core.messages.model import Form, Message
from core.services.channels import ChannelWish, digest_time, set_up
from handlers.kernel.arguments import Arguments
from handlers.kernel.command import REGISTRY, command
from handlers.kernel.context import Context
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.forms import form
from handlers.kernel.kinds import Kind, Scope
from handlers.kernel.parse import call, routed_press


class Switch(StrEnum):
    """Whether something comes."""

    ON = "on"
    OFF = "off"


def _read_time(typed: str, _scope: Scope) -> time:
    found = parse_time(typed)
    if found is None:
        raise UserError("ops.channel.not_a_time", typed=typed)
    return found


TimeOfDay: TypeAlias = Annotated[time, Kind("time", _read_time, longest=2)]


class ChannelArguments(Arguments):
    """What to change; nothing shows how it stands."""

    locale: Locale | None = None
    digest: Switch | None = None
    at: TimeOfDay | None = None


@command("ops channel", zh="运营 频道", permission=Permission.LEAD, changes=True)
def channel(context: Context, arguments: ChannelArguments) -> Message:
    """Shows or changes how the bot posts where this is said."""
    if arguments == ChannelArguments():
        return asking_card(context.channel, _form(context), context.locale)
    wanted = ChannelWish(arguments.locale, None if arguments.digest is None else arguments.digest is Switch.ON, arguments.at)
    here = set_up(context.uow, context.workspace, context.channel or _met(context), wanted, context.member, context.moment)
    return changed_card(here, context.workspace.locale, digest_time(context.uow, context.workspace, here), context.locale)


def _met(context: Context) -> Channel:
    """The conversation, from now on known as a channel."""
    name = context.called or context.conversation
    return context.uow.places.ensure_channel(context.workspace.id, Channel(0, context.binding, context.conversation, name))


def _form(context: Context) -> Form:
    here, at = context.channel, digest_time(context.uow, context.workspace, context.channel)
    held = {
        "locale": ((here.locale if here else None) or context.workspace.locale).value,
        "digest": (Switch.ON if at else Switch.OFF).value,
        "at": f"{at:%H:%M}" if at else "",
    }
    scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, context.workspace.id))
    return form(call(routed_press(REGISTRY["ops channel"], held), scope), scope)
