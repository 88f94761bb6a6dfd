"""Whose shop is it, who works there, and what may each of them do?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

# How platforms call a conversation among machines.
_ID = re.compile(r"[A-Z][A-Z0-9]+|oc_\w+")


class Locale(StrEnum):
    """A language that every text exists in."""

    ZH = "zh-CN"
    EN = "en"


class Permission(IntEnum):
    """What a person may do, each step including the ones before: look, work, lead, run the workspace."""

    VIEWER = 10
    MEMBER = 20
    LEAD = 30
    ADMIN = 40


@dataclass(frozen=True, slots=True)
class Workspace:
    """One team with one set of data.

    `frozen_at` is the instant at which a demo workspace's clock stands; None elsewhere. `newcomers` is what people may do who are of the bound
    team and speak to the bot for the first time.
    """

    id: int
    name: str
    locale: Locale
    timezone: str
    currency: str
    calendar: str
    demo: bool = False
    frozen_at: datetime | None = None
    opened_on: date | None = None
    newcomers: Permission = Permission.VIEWER

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the team's days begin and end."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local times of day from `since` up to but without `until`; over midnight where `until` is the earlier. The two differ."""

    since: time
    until: time

    def holds(self, at: time) -> bool:
        """Whether the time of day lies in them."""
        if self.since < self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a workspace. Without own `locale` or `timezone` the workspace's hold.

    In their `quiet` hours nothing that comes by itself to them alone is to reach them.
    `merged_into` is who they turned out to be the same person as: what they were called means that one from then on.
    """

    id: int
    name: str
    permission: Permission
    title: str = ""
    handle: str = ""
    locale: Locale | None = None
    timezone: str | None = None
    active: bool = True
    merged_into: int | None = None
    quiet: Quiet | None = None

    def zone_in(self, workspace: Workspace) -> ZoneInfo:
        """The zone by whose clocks they live."""
        return ZoneInfo(self.timezone or workspace.timezone)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place of conversation on one binding. `direct_to` is the member of a direct message with the bot; `gone` says that the bot was put out."""

    id: int
    binding: int
    external_id: str
    name: str
    locale: Locale | None = None
    direct_to: int | None = None
    gone: bool = False

    @property
    def named(self) -> bool:
        """Whether people know it by its name. Where nobody told one, the platform's own id stands there: C0123, oc_12; the playground's are names."""
        return self.name != self.external_id or not _ID.fullmatch(self.external_id)

    @property
    def called(self) -> str:
        """The name with its sign, as people write it; empty for a conversation with one person."""
        return f"#{self.name}" if self.direct_to is None else ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A workspace's presence on one platform. `tenant` is the platform's name for the team; not `on` means uninstalled or revoked there."""

    id: int
    workspace: int
    platform: str
    tenant: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Credential:
    """What the house needs to speak for a binding, by name. `version` counts its renewals; without `expires_at` it lasts."""

    binding: int
    secrets: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Who acts where: `member` is None for an account of a bound team that nobody knows yet, `channel` for a conversation that nobody knows yet."""

    binding: Binding
    workspace: Workspace
    member: Member | None
    channel: Channel | None
