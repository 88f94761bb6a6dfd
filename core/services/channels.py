"""How is a channel set up: in which language does the bot post there, and does the morning digest come to it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from core.domain.deliveries import Kind, Why
from core.domain.moments import Moment
from core.domain.workspaces import Channel, Locale, Member, Workspace
from core.errors import UserError
from core.services.schedules import MORNING, morning_schedule, pause, resume, set_schedule
from core.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """What to change in a channel; None leaves as it is. A time alone lets the digest come."""

    locale: Locale | None = None
    digest: bool | None = None
    at: time | None = None


def digest_time(uow: UnitOfWork, workspace: Workspace, channel: Channel | None) -> time | None:
    """The local time at which the morning digest comes to the channel on working days; None where it does not."""
    held = morning_schedule(uow, workspace, Kind.DIGEST, channel) if channel else None
    if held is None:
        return None
    schedule, cadence = held
    return cadence.at if schedule.on else None


def set_up(uow: UnitOfWork, workspace: Workspace, channel: Channel, wanted: ChannelWish, actor: Member, moment: Moment) -> Channel:
    """The channel as wanted, kept. Its digests belong to whoever last set them. Raises UserError for a time of what is to be off."""
    if wanted.digest is False and wanted.at is not None:
        raise UserError("ops.channel.at_off", field="at")
    if wanted.locale is not None:
        channel = replace(channel, locale=wanted.locale)
        uow.places.save_channel(channel)
    if wanted.digest is False:
        _end(uow, workspace, channel, moment)
    elif wanted.digest or wanted.at is not None:
        _begin(uow, workspace, channel, wanted.at, actor, moment)
    return channel


def welcomed(uow: UnitOfWork, workspace: Workspace, channel: Channel, moment: Moment) -> None:
    """The bot is in the channel, and keeps it as given. What the house stopped because it was put out of it comes again from now on."""
    uow.places.save_channel(replace(channel, gone=False))
    if channel.gone:
        for schedule in uow.schedules.of(workspace.id):
            if schedule.channel == channel.id and schedule.off == Why.PUT_OUT:
                resume(uow, schedule, moment)


def _begin(uow: UnitOfWork, workspace: Workspace, channel: Channel, at: time | None, actor: Member, moment: Moment) -> None:
    held = morning_schedule(uow, workspace, Kind.DIGEST, channel)
    cadence = held[1] if held else MORNING
    set_schedule(uow, workspace, Kind.DIGEST, channel, replace(cadence, at=at or cadence.at), actor.id, moment)


def _end(uow: UnitOfWork, workspace: Workspace, channel: Channel, moment: Moment) -> None:
    held = morning_schedule(uow, workspace, Kind.DIGEST, channel)
    if held is not None:
        pause(uow, held[0], None, moment)
