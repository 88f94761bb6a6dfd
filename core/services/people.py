"""Who is meant by what a person typed, who belongs to the team, and what may each of them do?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.domain.workspaces import Member, Permission, Workspace
from core.errors import UserError
from core.services.workspaces import WEB
from core.storage.unit_of_work import UnitOfWork

MYSELF = {"me", "我", "自己", "本人"}
SEPARATORS = str.maketrans("，、；;", ",,,,")
# Below this likeness (0 to 100) a suggestion would only puzzle.
LIKE_ENOUGH = 60


def names_of(uow: UnitOfWork, workspace: Workspace) -> dict[int, str]:
    """Everyone's name by member id, those who have left included."""
    return {member.id: member.name for member in uow.members.all(workspace.id)}


def find_people(uow: UnitOfWork, workspace: Workspace, asker: Member, typed: str, field: str) -> tuple[Member, ...]:
    """The members named in `@lin, 陈晨`, each once, in the order written; empty for nothing written. Raises UserError for the first unknown one."""
    written = [part.strip() for part in typed.translate(SEPARATORS).split(",") if part.strip().lstrip("@＠")]
    everyone = uow.members.all(workspace.id)
    return tuple(dict.fromkeys(_person(everyone, asker, part.lstrip("@＠").strip(), field) for part in written))


def called(everyone: Sequence[Member], typed: str) -> tuple[Member, ...]:
    """The active members of that handle, else of that name, whatever the case. What an emptied member was called means who they turned out to be."""
    wanted = typed.casefold()
    known = _known(everyone)
    by_handle = {person: None for known_as, person in known if known_as.handle.casefold() == wanted}
    return tuple(by_handle or {person: None for known_as, person in known if known_as.name.casefold() == wanted})


def find_person(uow: UnitOfWork, workspace: Workspace, asker: Member, typed: str, field: str) -> Member:
    """The one member who is named. Raises UserError for nobody, for several, and for one who is unknown."""
    found = find_people(uow, workspace, asker, typed, field)
    if len(found) != 1:
        raise UserError("people.one", field=field, typed=typed)
    return found[0]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a member may do from now on, and what they might before."""

    member: Member
    before: Permission


def grant(uow: UnitOfWork, workspace: Workspace, member: Member, permission: Permission) -> Granted:
    """Lets the member do that. Raises UserError where it would leave the team without an admin."""
    uow.workspaces.queue_up(workspace.id)
    held = uow.members.get(workspace.id, member.id)
    if held.permission is Permission.ADMIN > permission:
        other_admins(uow, workspace, held)
    changed = replace(held, permission=permission)
    uow.members.save(workspace.id, changed)
    return Granted(changed, held.permission)


def other_admins(uow: UnitOfWork, workspace: Workspace, admin: Member) -> tuple[Member, ...]:
    """The admins beside that one, without those whom nobody can reach. Raises UserError where there is none, since the team needs one."""
    others = tuple(each for each in able(uow, workspace, Permission.ADMIN) if each.id != admin.id)
    if not others:
        raise UserError("people.grant.last_admin", field="permission", name=admin.name)
    return others


def able(uow: UnitOfWork, workspace: Workspace, permission: Permission, binding: int | None = None) -> tuple[Member, ...]:
    """Whoever may do that and can be asked: on the binding if any of them is there, else on any platform where the team talks."""
    everyone = [member for member in uow.members.all(workspace.id) if member.active and member.permission >= permission]
    there = uow.members.accounts(binding, [member.id for member in everyone]) if binding else {}
    return tuple(member for member in everyone if member.id in there) or _reachable(uow, workspace, everyone)


def _reachable(uow: UnitOfWork, workspace: Workspace, members: Sequence[Member]) -> tuple[Member, ...]:
    """Those with an account where the team talks. The playground is where everyone stands in for everyone, so it counts only without a platform."""
    bound = {binding.platform for binding in uow.places.bindings() if binding.workspace == workspace.id and binding.on}
    talks, found = bound - {WEB} or bound, uow.members.presences(workspace.id)
    return tuple(member for member in members if talks & set(found.get(member.id, ())))


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone who is active, those who may do most first, with the platforms on which each has an account."""

    members: tuple[Member, ...]
    platforms: Mapping[int, tuple[str, ...]]


def roster(uow: UnitOfWork, workspace: Workspace) -> Roster:
    """Who belongs to the team."""
    present = [member for member in uow.members.all(workspace.id) if member.active]
    return Roster(tuple(sorted(present, key=lambda member: (-member.permission, member.handle))), uow.members.presences(workspace.id))


def _known(everyone: Sequence[Member]) -> list[tuple[Member, Member]]:
    """Under whose handle and name each active member is known: their own, and those of whoever they turned out to be."""
    active = {member.id: member for member in everyone if member.active}
    return [(member, active[same]) for member in everyone if (same := member.merged_into or member.id) in active]


def _person(everyone: Sequence[Member], asker: Member, typed: str, field: str) -> Member:
    if typed.casefold() in MYSELF:
        return asker
    found = called(everyone, typed)
    if len(found) > 1:
        raise UserError("people.ambiguous", field=field, typed=typed, handles=" / ".join(f"@{member.handle}" for member in found))
    return found[0] if found else _unknown(everyone, typed, field)


def _unknown(everyone: Sequence[Member], typed: str, field: str) -> Member:
    near = _nearest(everyone, typed)
    if near is None:
        raise UserError("people.unknown", field=field, typed=typed)
    raise UserError("people.near", field=field, typed=typed, name=near.name, handle=near.handle)


def _nearest(everyone: Sequence[Member], typed: str) -> Member | None:
    from rapidfuzz import fuzz, process

    spellings = [(spelling.casefold(), person) for known_as, person in _known(everyone) for spelling in (known_as.handle, known_as.name)]
    best = process.extractOne(typed.casefold(), [spelling for spelling, _ in spellings], scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return None if best is None else spellings[best[2]][1]
