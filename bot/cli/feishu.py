"""How is Feishu set up from the command line?"""

from __future__ import annotations

import typer

from bot.cli.refusals import Mends, mend
from bot.cli.run import Exit, Run, chosen_workspace, leave
from bot.house import FEISHU
from bot.log import configure
from core.domain.workspaces import Locale
from core.errors import SendError
from handlers.kernel.command import REGISTRY

WRONG = "Feishu does not take this app id with this secret. Copy both anew: open platform → the app → Credentials (凭证与基础信息)"
UNABLE = (
    "Feishu takes the secret, but the app has no bot that may work. Add the bot feature (添加应用能力 → 机器人) and the scopes that "
    "`morningbell feishu setup` lists, publish a version (版本管理与发布), and add the app again"
)


def setup(run: Run, url: str, locale: Locale) -> None:
    """Prints what to enter on Feishu's pages, whatever of it is set already."""
    import handlers.every  # noqa: F401  # declares the commands
    from bot.platforms.feishu.setup import setup_text
    from bot.platforms.settings import begun_feishu

    run.tell(setup_text(begun_feishu().domain, REGISTRY, url, locale))


def sync_commands(run: Run) -> None:
    """Registers the commands with every bound app."""
    from bot.platforms.feishu.commands import sync

    configure()
    house = run.house()
    house.adopt()
    parts = house.feishu_parts
    parts.apps.refresh()
    for app in parts.apps.all():
        done = sync(parts.client, app, REGISTRY)
        run.tell(f"{app.id}: {done.added} added, {done.changed} changed, {done.removed} removed, {done.kept} as they were.")


def add(run: Run, app_id: str, workspace: str | None) -> None:
    """Binds the app to the workspace, once Feishu takes its secret. What is left empty is not kept."""
    from bot.platforms.feishu.doctor import UNREACHED
    from bot.platforms.feishu.start import introduced
    from bot.platforms.settings import begun_feishu

    configure()
    house = run.house()
    team = chosen_workspace(house, workspace)
    asked = {
        "app_secret": _secret("App secret"),
        "encrypt_key": _secret("Encrypt key (empty for a long connection)", optional=True),
        "verification_token": _secret("Verification token (empty for a long connection)", optional=True),
    }
    try:
        bot = introduced(begun_feishu(), app_id, asked["app_secret"], house.clock)
    except SendError as error:
        leave(Exit.FAULT, mend(error, Mends("Feishu", WRONG, UNABLE, UNREACHED)))
    house.ties.install(FEISHU, app_id, team.id, {name: value for name, value in asked.items() if value}, None)
    run.tell(f"{team.name} is bound to the Feishu app {app_id} (bot {bot}). Its secrets are kept sealed.", app=app_id)


def _secret(label: str, *, optional: bool = False) -> str:
    return str(typer.prompt(label, default="" if optional else None, hide_input=True, show_default=False, err=True))
