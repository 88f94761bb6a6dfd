"""Who looks at the playground, as whom, in which language, and at what may they look?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.platforms.web.platform import PLATFORM
from core.domain.moments import Moment, business_time
from core.domain.workspaces import Channel, Locale, Member, Workspace
from core.ports import Clock
from core.storage.unit_of_work import Database, UnitOfWork

LANGUAGE_COOKIE = "morningbell_language"
THEME_COOKIE = "morningbell_theme"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The member as whom the browser acts, in one workspace.

    `members` are those as whom it may act instead, who may do more first: none outside demo workspaces.
    """

    workspace: Workspace
    member: Member
    members: tuple[Member, ...]
    locale: Locale
    moment: Moment
    channels: tuple[Channel, ...]

    def channel(self, channel: int) -> Channel:
        """One of the channels that the viewer may see. Raises LookupError."""
        for item in self.channels:
            if item.id == channel:
                return item
        raise LookupError(f"channel {channel}")


def speaker_cookie(workspace: int) -> str:
    """The cookie that holds as whom one speaks in a demo workspace."""
    return f"morningbell_as_{workspace}"


def chosen_locale(value: str | None) -> Locale | None:
    """A language as a cookie or a form names it."""
    return Locale(value) if value in set(Locale) else None


def find_viewer(database: Database, clock: Clock, workspace: int, cookies: Mapping[str, str]) -> Viewer:
    """The viewer that a request's cookies name, checked. Raises LookupError for an unknown workspace."""
    with database.read() as uow:
        viewer = _look(uow, clock, workspace, cookies)
    if viewer is not None:
        return viewer
    with database.write() as uow:
        _make_room(uow, workspace, _acting(uow, uow.workspaces.get(workspace), cookies)[0])
        uow.commit()
        found = _look(uow, clock, workspace, cookies)
    assert found is not None, "the direct conversation was just made"
    return found


def remember_language(database: Database, viewer: Viewer, locale: Locale) -> None:
    """Keeps the language as the member's own, so that answers come in it too."""
    if viewer.member.locale is locale:
        return
    with database.write() as uow:
        uow.members.save(viewer.workspace.id, replace(viewer.member, locale=locale))
        uow.commit()


def _look(uow: UnitOfWork, clock: Clock, workspace: int, cookies: Mapping[str, str]) -> Viewer | None:
    """None while the member has no direct conversation with the bot yet."""
    found = uow.workspaces.get(workspace)
    member, members = _acting(uow, found, cookies)
    binding = uow.places.binding(PLATFORM, str(workspace))
    channels = tuple(
        channel
        for channel in uow.places.channels(workspace)
        if binding is not None and channel.binding == binding[0] and channel.direct_to in {None, member.id}
    )
    if not any(channel.direct_to for channel in channels):
        return None
    locale = chosen_locale(cookies.get(LANGUAGE_COOKIE)) or member.locale or found.locale
    return Viewer(found, member, members, locale, business_time(found, clock.now()), channels)


def _acting(uow: UnitOfWork, workspace: Workspace, cookies: Mapping[str, str]) -> tuple[Member, tuple[Member, ...]]:
    owner = uow.workspaces.owner(workspace.id)
    if owner is None:
        raise LookupError(f"workspace {workspace.id} has no owner")
    if not workspace.demo:
        return uow.members.get(workspace.id, owner), ()
    active = (member for member in uow.members.all(workspace.id) if member.active)
    members = tuple(sorted(active, key=lambda member: -member.permission))
    wanted = cookies.get(speaker_cookie(workspace.id), "")
    chosen = next((member for member in members if str(member.id) == wanted), None)
    return chosen or uow.members.get(workspace.id, owner), members


def _make_room(uow: UnitOfWork, workspace: int, member: Member) -> None:
    """The member's account and direct conversation with the bot, made at the first visit."""
    bound = uow.places.binding(PLATFORM, str(workspace))
    binding = bound[0] if bound else uow.places.bind(workspace, PLATFORM, str(workspace))
    if uow.members.by_account(binding, str(member.id)) is None:
        uow.members.link(workspace, member.id, binding, str(member.id))
    external = f"direct-{member.handle or member.id}"
    if uow.places.channel(binding, external) is None:
        uow.places.add_channel(workspace, Channel(0, binding, external, member.handle, direct_to=member.id))
