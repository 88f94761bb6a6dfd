"""/ops people and grant: who belongs to the team, and what may each of them do?"""

from __future__ import annotations

from enum import StrEnum

from core.domain.workspaces import Permission
from core.messages.cards.people import granted_card, people_card
from core.messages.model import Message
from core.services import people as team
from core.services.roles import jobs
from handlers.kernel.arguments import Arguments, Handle, Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context


class Level(StrEnum):
    """What a person may do, by its name."""

    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class GrantArguments(Arguments):
    """Who, and what they may do from now on."""

    who: Handle
    permission: Level


@command("ops people", zh="运营 成员", permission=Permission.VIEWER)
def people(context: Context, arguments: Nothing) -> Message:
    """Everyone who belongs to the team."""
    found = team.roster(context.uow, context.workspace)
    held = jobs(context.uow, context.workspace, context.moment.today)
    return people_card(found.members, held, found.platforms, context.locale)


@command("ops grant", zh="运营 授权", permission=Permission.ADMIN, changes=True)
def grant(context: Context, arguments: GrantArguments) -> Message:
    """Says what a person may do."""
    who = team.find_person(context.uow, context.workspace, context.member, arguments.who, "who")
    granted = team.grant(context.uow, context.workspace, who, Permission[arguments.permission.name])
    return granted_card(granted.member, granted.before, context.locale)
