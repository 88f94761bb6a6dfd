"""Who works in the demo shop, in which jobs, and who reports to whom? (template table 7)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.i18n.texts import text
from core.services.roles import RoleWords, add_role, assign_role
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
TOP = "ceo"
# Who holds each job of operations, and who holds the job above it. The CEO's is held by nobody here.
REPORTS_TO: Mapping[str, str] = {DIRECTOR: TOP, "lin": DIRECTOR, "zhou": "lin", "xu": "lin", "lu": "lin", "he": "lin"}


def director(locale: Locale) -> Member:
    """The owner of the workspace."""
    return _person(DIRECTOR, Permission.ADMIN, locale)


def hire(uow: UnitOfWork, workspace: Workspace, owner: Member) -> dict[str, Member]:
    """Everyone by handle, the owner among them."""
    others = {handle: join(uow, workspace, _person(handle, permission, workspace.locale)) for handle, permission in TEAM.items()}
    return {DIRECTOR: owner, **others}


def appoint(uow: UnitOfWork, workspace: Workspace, team: Mapping[str, Member], since: date) -> None:
    """Writes the jobs down, and who holds each from that date on."""
    locale = workspace.locale
    roles = {TOP: add_role(uow, workspace, RoleWords(text(locale, f"demo.role.{TOP}")))}
    for handle, over in REPORTS_TO.items():
        words = {name: text(locale, f"demo.role.{handle}.{name}") for name in ("responsibilities", "works_with")}
        roles[handle] = add_role(uow, workspace, RoleWords(team[handle].title, reports_to=roles[over].name, **words))
        assign_role(uow, workspace, team[handle], roles[handle].name, since)


def _person(handle: str, permission: Permission, locale: Locale) -> Member:
    return Member(0, text(locale, f"demo.name.{handle}"), permission, text(locale, f"demo.title.{handle}"), handle)
