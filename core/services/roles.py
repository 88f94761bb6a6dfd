"""How is a job described, given to somebody and taken back, and who leads whom?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.domain.roles import Assigned, Holding, Role, circles, holding_on, lead_on
from core.domain.workspaces import Member, Workspace
from core.errors import UserError
from core.storage.unit_of_work import UnitOfWork

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class RoleWords:
    """What a person wrote of a role; None leaves as it is. An empty `reports_to` is nobody."""

    name: str | None = None
    responsibilities: str | None = None
    reports_to: str | None = None
    works_with: str | None = None


@dataclass(frozen=True, slots=True)
class Staffed:
    """A role with those who hold it on a date, the longest first, and the role that it reports to."""

    role: Role
    holders: tuple[Member, ...]
    over: Role | None


def add_role(uow: UnitOfWork, workspace: Workspace, written: RoleWords) -> Role:
    """A new role. Raises UserError for a name that is none or is taken, and for an unknown role above it."""
    uow.workspaces.queue_up(workspace.id)
    return uow.roles.add(workspace.id, _checked(uow.roles.all(workspace.id), Role(0, ""), replace(written, name=written.name or "")))


def change_role(uow: UnitOfWork, workspace: Workspace, name: str, written: RoleWords) -> Role:
    """The role with what is written changed. Raises UserError like `add_role`, and where it would come to report to itself."""
    uow.workspaces.queue_up(workspace.id)
    known = uow.roles.all(workspace.id)
    role = _checked(known, _named(known, name, "role"), written)
    uow.roles.save(workspace.id, role)
    return role


def find_role(uow: UnitOfWork, workspace: Workspace, name: str, field: str = "role") -> Role:
    """The role of that name. Raises UserError."""
    return _named(uow.roles.all(workspace.id), name, field)


def assign_role(uow: UnitOfWork, workspace: Workspace, member: Member, name: str, since: date) -> Assigned:
    """Gives the role to the member from that date on, sooner or for longer than they were to have it.

    A job may have several holders: whoever held it goes on until they are ended.
    """
    uow.workspaces.queue_up(workspace.id)
    role = find_role(uow, workspace, name)
    held = [holding for holding in uow.roles.holdings(workspace.id) if holding.role == role.id and holding.lasts_to(since)]
    own = next((holding for holding in held if holding.member == member.id and holding.until is None and holding.since <= since), None)
    if own is not None:
        return Assigned(role, member, own.since, already=True)
    uow.roles.hold(workspace.id, role.id, member.id, since)
    return Assigned(role, member, since, _members(_present(uow, workspace), (holding for holding in held if holding.member != member.id)))


def end_role(uow: UnitOfWork, workspace: Workspace, member: Member, name: str, until: date) -> Role:
    """Takes the role from the member after that date. Raises UserError where they do not hold it then."""
    uow.workspaces.queue_up(workspace.id)
    role = find_role(uow, workspace, name)
    mine = [holding for holding in uow.roles.holdings(workspace.id) if (holding.role, holding.member) == (role.id, member.id)]
    open_ = [holding for holding in mine if holding.lasts_to(until)]
    if not open_:
        raise UserError("role.end.not_held", field="who", name=member.name, role=role.name)
    for holding in open_:
        uow.roles.end(holding, until)
    return role


def staff(uow: UnitOfWork, workspace: Workspace, day: date) -> tuple[Staffed, ...]:
    """Every role with its holders on the date, the oldest role first."""
    roles = {role.id: role for role in uow.roles.all(workspace.id)}
    held, present = holding_on(uow.roles.holdings(workspace.id), day), _present(uow, workspace)
    return tuple(_staffed(role, held, present, roles.get(role.reports_to or 0)) for role in roles.values())


def staffed(uow: UnitOfWork, workspace: Workspace, name: str, day: date) -> Staffed:
    """One role with its holders on the date. Raises UserError."""
    role = find_role(uow, workspace, name)
    return next(item for item in staff(uow, workspace, day) if item.role.id == role.id)


def lead_of(uow: UnitOfWork, workspace: Workspace, member: int, day: date) -> Member | None:
    """To whom the member reports on the date, by the role that they have held longest; None for whoever has no role, or nobody above."""
    present = _present(uow, workspace)
    roles = {role.id: role for role in uow.roles.all(workspace.id)}
    held = [holding for holding in uow.roles.holdings(workspace.id) if holding.member in present]
    lead = lead_on(roles, held, member, day)
    return None if lead is None else present[lead]


def jobs(uow: UnitOfWork, workspace: Workspace, day: date) -> dict[int, str]:
    """What each member who holds roles on the date is called by them."""
    names = {role.id: role.name for role in uow.roles.all(workspace.id)}
    found: dict[int, dict[str, None]] = {}
    for holding in holding_on(uow.roles.holdings(workspace.id), day):
        found.setdefault(holding.member, {})[names[holding.role]] = None
    return {member: " / ".join(held) for member, held in found.items()}


def _checked(known: tuple[Role, ...], role: Role, written: RoleWords) -> Role:
    return replace(
        role,
        name=role.name if written.name is None else _name(known, role, written.name),
        responsibilities=role.responsibilities if written.responsibilities is None else written.responsibilities.strip(),
        reports_to=role.reports_to if written.reports_to is None else _over(known, role, written.reports_to),
        works_with=role.works_with if written.works_with is None else written.works_with.strip(),
    )


def _name(known: tuple[Role, ...], role: Role, written: str) -> str:
    name = " ".join(written.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise UserError("role.name.length", field="name", longest=LONGEST_NAME)
    if any(other.id != role.id and other.name.casefold() == name.casefold() for other in known):
        raise UserError("role.name.taken", field="name", name=name)
    return name


def _over(known: tuple[Role, ...], role: Role, written: str) -> int | None:
    if not written.strip():
        return None
    over = _named(known, written, "reports_to")
    if role.id and circles({each.id: each for each in known}, role.id, over.id):
        raise UserError("role.circle", field="reports_to", role=role.name, over=over.name)
    return over.id


def _named(known: Iterable[Role], name: str, field: str) -> Role:
    found = next((role for role in known if role.name.casefold() == " ".join(name.split()).casefold()), None)
    if found is None:
        raise UserError("role.unknown", field=field, typed=name)
    return found


def _staffed(role: Role, held: Iterable[Holding], present: Mapping[int, Member], over: Role | None) -> Staffed:
    return Staffed(role, _members(present, (holding for holding in held if holding.role == role.id)), over)


def _present(uow: UnitOfWork, workspace: Workspace) -> dict[int, Member]:
    """Those who have not left, by id."""
    return {member.id: member for member in uow.members.all(workspace.id) if member.active}


def _members(present: Mapping[int, Member], held: Iterable[Holding]) -> tuple[Member, ...]:
    return tuple(present[member] for member in dict.fromkeys(holding.member for holding in held) if member in present)
