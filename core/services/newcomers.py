"""How does a person of a bound team become a member, when they speak to the bot for the first time?"""

from __future__ import annotations

from core.domain.people import handle_for
from core.domain.workspaces import Member, Workspace
from core.ports import Profile
from core.services.people import MYSELF
from core.storage.unit_of_work import UnitOfWork


def take_in(uow: UnitOfWork, workspace: Workspace, binding: int, actor: str, profile: Profile) -> Member:
    """The member behind the account; a new one, with what the workspace lets newcomers do, where nobody was. Twice is once."""
    uow.workspaces.queue_up(workspace.id)
    known = uow.members.by_account(binding, actor)
    if known is not None:
        return known
    kept = uow.members.add(workspace.id, _member(uow, workspace, actor, profile))
    uow.members.link(workspace.id, kept.id, binding, actor)
    return kept


def _member(uow: UnitOfWork, workspace: Workspace, actor: str, profile: Profile) -> Member:
    taken = MYSELF | {member.handle for member in uow.members.all(workspace.id)}
    handle = handle_for(profile.handle, profile.name, actor, taken)
    name = profile.name.strip() or handle
    return Member(0, name, workspace.newcomers, handle=handle, locale=profile.locale, timezone=profile.timezone)
