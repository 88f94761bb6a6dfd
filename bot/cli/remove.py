"""How is a team let go from the command line?"""

from __future__ import annotations

from bot.cli.run import Exit, Run, leave
from bot.house import FEISHU, SLACK

# What a team is called on each platform, and the settings that would bind it again.
CALLED = {SLACK: "Slack team", FEISHU: "Feishu app"}
SETTINGS = {SLACK: "SLACK_BOT_TOKEN", FEISHU: "FEISHU_APP_ID and FEISHU_APP_SECRET"}


def remove(run: Run, platform: str, tenant: str) -> None:
    """Unbinds the team and deletes its secrets. One that is not bound is wrong usage, told with those that are."""
    house = run.house()
    with house.database.read() as uow:
        bound = {binding.tenant: binding for binding in uow.places.bindings(platform) if binding.on}
        stored = tenant in bound and uow.credentials.get(bound[tenant].id) is not None
    if tenant not in bound:
        leave(Exit.USAGE, f"No {CALLED[platform]} {tenant} is bound. There are: {', '.join(bound) or 'none'}.")
    house.ties.forget(platform, tenant)
    kept = "Its secrets are deleted" if stored else f"Take {SETTINGS[platform]} out of the settings too, or the next start binds it again"
    run.tell(f"The {CALLED[platform]} {tenant} is no longer bound. {kept}. People, tasks and figures are kept.", removed=tenant)
