"""Who works in the demo shop?"""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.i18n.texts import text
from core.services.workspaces import join
from core.storage.unit_of_work import UnitOfWork

DIRECTOR = "shen"
# By handle. Whoever only looks on is a viewer, so that one can see what that is like.
TEAM: Mapping[str, Permission] = {
    "lin": Permission.LEAD,
    "zhou": Permission.MEMBER,
    "xu": Permission.MEMBER,
    "lu": Permission.MEMBER,
    "he": Permission.MEMBER,
    "tang": Permission.MEMBER,
    "gao": Permission.MEMBER,
    "ma": Permission.MEMBER,
    "cheng": Permission.MEMBER,
    "gu": Permission.VIEWER,
}


def director(locale: Locale) -> Member:
    """The owner of the workspace."""
    return _person(DIRECTOR, Permission.ADMIN, locale)


def hire(uow: UnitOfWork, workspace: Workspace, owner: Member) -> dict[str, Member]:
    """Everyone by handle, the owner among them."""
    others = {handle: join(uow, workspace, _person(handle, permission, workspace.locale)) for handle, permission in TEAM.items()}
    return {DIRECTOR: owner, **others}


def _person(handle: str, permission: Permission, locale: Locale) -> Member:
    return Member(0, text(locale, f"demo.name.{handle}"), permission, text(locale, f"demo.title.{handle}"), handle)
