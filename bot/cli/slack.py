"""How is Slack set up from the command line?"""

from __future__ import annotations

import json

import typer

from bot.cli.refusals import Mends, mend
from bot.cli.run import Exit, Run, chosen_workspace, leave
from bot.house import SLACK
from bot.log import configure
from bot.platforms.settings import SlackSettings
from core.domain.workspaces import Locale
from core.errors import SendError
from core.messages.tokens import Signer
from handlers.kernel.command import REGISTRY

WRONG = "Slack does not take this token. Copy the Bot User OAuth Token (xoxb-…) anew: api.slack.com/apps → the app → OAuth & Permissions"
UNABLE = (
    "Slack knows this token, but does not let it in: the app lacks scopes, or may not be used in this team. Update the app from "
    "`morningbell slack manifest`, install it once more, have a team admin allow it, and add the team again"
)


def manifest(run: Run, prefix: str, url: str, socket: bool, locale: Locale) -> None:
    """Prints the manifest as JSON."""
    import handlers.every  # noqa: F401  # declares the commands
    from bot.platforms.slack.manifest import manifest as made

    found = made(REGISTRY, prefix, url, socket=socket, locale=locale)
    run.tell(json.dumps(found, ensure_ascii=False, indent=2), manifest=found)


def add(run: Run, workspace: str | None) -> None:
    """Binds the team of a bot token to the workspace."""
    from bot.platforms.slack.doctor import UNREACHED
    from bot.platforms.slack.start import introduced

    configure()
    house = run.house()
    team = chosen_workspace(house, workspace)
    token = typer.prompt("Bot token (xoxb-…)", hide_input=True, err=True)
    try:
        tenant, secrets = introduced(token, (house.slack or SlackSettings()).api_url)
    except SendError as error:
        leave(Exit.FAULT, mend(error, Mends("Slack", WRONG, UNABLE, UNREACHED)))
    house.ties.install(SLACK, tenant, team.id, secrets, None)
    run.tell(f"{team.name} is bound to the Slack team {tenant}. Its token is kept sealed.", team=tenant)


def install_link(run: Run, url: str, workspace: str | None) -> None:
    """Prints the signed address, which is good for a week."""
    from bot.platforms.slack.oauth import install_link as link

    house = run.house()
    team = chosen_workspace(house, workspace)
    if house.slack is None or not house.slack.oauth:
        leave(Exit.USAGE, "Installing by a link needs SLACK_CLIENT_ID and SLACK_CLIENT_SECRET.")
    signer = Signer(house.database.sealer.derive("slack install"))
    address = link(signer, team.id, url, house.clock.now())
    run.tell(f"{address}\nGood for a week. Whoever opens it can bind their Slack team to {team.name}: send it to its admin alone.", link=address)
