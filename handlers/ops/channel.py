"""/ops channel: how does the bot post in this channel?"""

from __future__ import annotations

from enum import StrEnum

from core.domain.deliveries import Kind
from core.domain.workspaces import Locale, Permission
from core.messages.cards.channel import asking_card, changed_card
from core.messages.model import Form, Message
from core.services.channels import ChannelWish, digest_time, set_up
from core.services.schedules import morning_schedule
from handlers.kernel.arguments import Arguments, TimeOfDay
from handlers.kernel.command import REGISTRY, command
from handlers.kernel.context import Context
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.forms import form
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import call, routed_press
from handlers.place import here


class Switch(StrEnum):
    """Whether something comes."""

    ON = "on"
    OFF = "off"


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
    kept = set_up(context.uow, context.workspace, here(context), wanted, context.member, context.moment)
    held = morning_schedule(context.uow, context.workspace, Kind.DIGEST, kept)
    digest = (held[1].at, held[0].label) if held and held[0].on else None
    return changed_card(kept, context.workspace.locale, digest, context.locale)


def _form(context: Context) -> Form:
    channel, at = context.channel, digest_time(context.uow, context.workspace, context.channel)
    held = {
        "locale": ((channel.locale if channel else None) or context.workspace.locale).value,
        "digest": (Switch.ON if at else Switch.OFF).value,
        "at": f"{at:%H:%M}" if at else "",
    }
    scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, context.workspace.id))
    return form(call(routed_press(REGISTRY["ops channel"], held), scope), scope)
