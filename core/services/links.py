"""How do two accounts of one person become one member?"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from core.domain.links import ALPHABET, LENGTH, LIFETIME, MOST_TRIES, TRIES_WITHIN, Linking, understood
from core.domain.people import is_made_up
from core.domain.workspaces import Member, Workspace
from core.messages.cards.home import home_subject
from core.messages.cards.task_words import mine_subject
from core.services.workspaces import WEB
from core.storage.unit_of_work import UnitOfWork


def give_code(uow: UnitOfWork, workspace: Workspace, member: Member, now: datetime) -> str:
    """A code that joins to the member whoever types it on another platform within ten minutes; it takes the place of an earlier one."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    uow.links.give(workspace.id, member.id, code, now, now + LIFETIME)
    return code


def type_code(uow: UnitOfWork, workspace: Workspace, member: Member, binding: int, typed: str, now: datetime) -> tuple[Linking, Member]:
    """What came of a code that a member typed on a binding, and who they are now. A wrong one is counted, so commit whatever comes.

    The giver of the code stays, with what they may do; everything of the one who typed it goes over to them. So one who may do more never types:
    somebody talked into it would hand themselves over.
    Both must be of one workspace, and never on one platform beside each other: nobody is two people there, and a code that somebody was
    talked into typing takes nothing over from a person who is known there already.
    """
    uow.workspaces.queue_up(workspace.id)
    # As they are now: while this one waited, they may have been given less to do.
    member = uow.members.get(workspace.id, member.id)
    if uow.links.tries(member.id, now - TRIES_WITHIN) >= MOST_TRIES:
        return Linking.WAIT, member
    code = understood(typed)
    found = uow.links.find(workspace.id, code, now)
    if found is None or (found.used and found.member != member.id):
        uow.links.missed(workspace.id, member.id, now)
        return Linking.WRONG, member
    if found.member == member.id:
        return (Linking.ALREADY if found.used else Linking.OWN), member
    if _meet(uow, workspace, found.member, member.id, binding):
        return Linking.SAME_PLATFORM, member
    giver = uow.members.get(workspace.id, found.member)
    if member.permission > giver.permission:
        return Linking.OTHER_WAY, member
    uow.links.use(workspace.id, code, now)
    return Linking.JOINED, _joined(uow, workspace, giver, member)


def _meet(uow: UnitOfWork, workspace: Workspace, giver: int, member: int, binding: int) -> bool:
    """Whether both are known on one binding. In the playground whoever looks has an account, so that only typing there counts."""
    theirs = uow.members.bindings(giver)
    playground = uow.places.binding(WEB, str(workspace.id))
    both = (theirs & uow.members.bindings(member)) - ({playground[0]} if playground else set())
    return binding in theirs or bool(both)


def _joined(uow: UnitOfWork, workspace: Workspace, kept: Member, gone: Member) -> Member:
    person = replace(
        _named(uow, kept, gone), title=kept.title or gone.title, locale=kept.locale or gone.locale, timezone=kept.timezone or gone.timezone
    )
    uow.members.merge(workspace.id, person, gone)
    for subject in (mine_subject, home_subject):
        uow.deliveries.rename(workspace.id, subject(gone.id), subject(kept.id))
    return person


def _named(uow: UnitOfWork, kept: Member, gone: Member) -> Member:
    """The one who stays, as people call them: a handle that was made up gives way to one that was not, and so does a name that is the handle."""
    if not is_made_up(kept.handle, uow.members.account_names(kept.id)) or is_made_up(gone.handle, uow.members.account_names(gone.id)):
        return kept
    return replace(kept, handle=gone.handle, name=gone.name if kept.name == kept.handle else kept.name)
