"""Who may do what, said at the machine? The way to a team's first admin."""

from __future__ import annotations

from bot.cli.run import Exit, Run, chosen_member, chosen_workspace, leave
from core.domain.workspaces import Permission
from core.services.people import grant as grant_to

NAMES = {permission.name.lower(): permission for permission in Permission}


def grant(run: Run, person: str, permission: str, workspace: str | None) -> None:
    """Lets a person do that. Who has never spoken to the bot is nobody yet: exit code 2."""
    wanted = NAMES.get(permission.lower())
    if wanted is None:
        leave(Exit.USAGE, f"There is no permission {permission}. There are: {', '.join(NAMES)}.")
    house = run.house()
    team = chosen_workspace(house, workspace)
    run.locale = house.locale or team.locale
    member = chosen_member(house, team, person)
    with house.database.write() as uow:
        granted = grant_to(uow, team, member, wanted)
        uow.commit()
    run.tell(f"@{granted.member.handle} ({granted.member.name}) was {granted.before.name.lower()} and is {wanted.name.lower()} now.")
    run.data["granted"] = {"handle": granted.member.handle, "permission": wanted.name.lower()}
