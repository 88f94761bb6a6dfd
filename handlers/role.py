"""What can people say about jobs? /role list, show, add, change, assign, end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from core.domain.roles import Role
from core.domain.typed import plain
from core.domain.workspaces import Permission
from core.errors import UserError
from core.messages.cards.role import assigned_card, ended_card, role_card, roles_card
from core.messages.model import Message, Option
from core.services import roles
from core.services.people import find_person
from handlers.kernel.arguments import Arguments, FutureDay, Handle, Nothing, Rest
from handlers.kernel.command import command
from handlers.kernel.context import Context
from handlers.kernel.kinds import Kind, Scope

MOST_WORDS = 5
NOBODY = {"-", "—", "none", "nobody", "无", "没有"}


def _offers(scope: Scope) -> Sequence[Option]:
    return scope.directory.roles()


def _read_role(typed: str, scope: Scope) -> str:
    """The role's name as it is written in the workspace. Raises UserError."""
    wanted = plain(typed).casefold()
    found = next((option.value for option in scope.directory.roles() if option.value.casefold() == wanted), None)
    if found is None:
        raise UserError("role.unknown", typed=typed)
    return found


def _read_over(typed: str, scope: Scope) -> str:
    """The name of the role above; empty for nobody."""
    return "" if plain(typed).casefold() in NOBODY else _read_role(typed, scope)


RoleName: TypeAlias = Annotated[str, Kind("role", _read_role, longest=MOST_WORDS, offers=_offers)]
RoleAbove: TypeAlias = Annotated[str, Kind("role", _read_over, offers=_offers)]


class AddArguments(Arguments):
    """What the role is called, and as much as there is to say about it."""

    name: Rest
    responsibilities: str | None = None
    reports_to: RoleAbove | None = None
    works_with: str | None = None


class ChangeArguments(Arguments):
    """Which role, and what is different from now on."""

    role: RoleName
    name: str | None = None
    responsibilities: str | None = None
    reports_to: RoleAbove | None = None
    works_with: str | None = None


class ShowArguments(Arguments):
    """Which role."""

    role: RoleName


class AssignArguments(Arguments):
    """Who takes which role, from today on unless said."""

    who: Handle
    role: RoleName
    since: FutureDay | None = None


class EndArguments(Arguments):
    """Whose role ends; today is its last day unless said."""

    who: Handle
    role: RoleName
    until: FutureDay | None = None


@command("role list", zh="岗位 列表", permission=Permission.VIEWER)
def list_(context: Context, arguments: Nothing) -> Message:
    """Every role with who holds it today."""
    found = roles.staff(context.uow, context.workspace, context.moment.today)
    return roles_card([(item.role, item.holders, item.over) for item in found], context.locale)


@command("role show", zh="岗位 查看", permission=Permission.VIEWER)
def show(context: Context, arguments: ShowArguments) -> Message:
    """One role in full."""
    return _shown(context, arguments.role)


@command("role add", zh="岗位 添加", permission=Permission.LEAD, changes=True)
def add(context: Context, arguments: AddArguments) -> Message:
    """Writes a role down."""
    return _shown(context, _added(context, arguments).name, "added")


@command("role change", zh="岗位 修改", permission=Permission.LEAD, changes=True)
def change(context: Context, arguments: ChangeArguments) -> Message:
    """Changes what is written of a role."""
    words = roles.RoleWords(arguments.name, arguments.responsibilities, arguments.reports_to, arguments.works_with)
    if words == roles.RoleWords():
        raise UserError("role.nothing", role=arguments.role)
    return _shown(context, roles.change_role(context.uow, context.workspace, arguments.role, words).name, "changed")


@command("role assign", zh="岗位 任命", permission=Permission.LEAD, changes=True)
def assign(context: Context, arguments: AssignArguments) -> Message:
    """Gives a role to somebody."""
    who = find_person(context.uow, context.workspace, context.member, arguments.who, "who")
    today = context.moment.today
    given = roles.assign_role(context.uow, context.workspace, who, arguments.role, arguments.since or today)
    return assigned_card(given, today, context.locale)


@command("role end", zh="岗位 卸任", permission=Permission.LEAD, changes=True)
def end(context: Context, arguments: EndArguments) -> Message:
    """Takes a role back."""
    who = find_person(context.uow, context.workspace, context.member, arguments.who, "who")
    until = arguments.until or context.moment.today
    role = roles.end_role(context.uow, context.workspace, who, arguments.role, until)
    return ended_card(role, who, until, context.moment.today, context.locale)


def _added(context: Context, arguments: AddArguments) -> Role:
    words = roles.RoleWords(arguments.name, arguments.responsibilities, arguments.reports_to, arguments.works_with)
    return roles.add_role(context.uow, context.workspace, words)


def _shown(context: Context, name: str, saved: str = "") -> Message:
    found = roles.staffed(context.uow, context.workspace, name, context.moment.today)
    return role_card(found.role, found.holders, found.over, context.locale, saved)
