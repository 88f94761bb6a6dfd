"""Which verbs set up the platforms, and who may do what there?"""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.run import told
from core.domain.workspaces import Locale

admin = typer.Typer(name="admin", help="Who may do what.", no_args_is_help=True)
slack = typer.Typer(name="slack", help="Set up Slack.", no_args_is_help=True)
feishu = typer.Typer(name="feishu", help="Set up Feishu or Lark.", no_args_is_help=True)

Workspace = Annotated[str | None, typer.Option("--workspace", help="The workspace, by name or id; the only one when not given.")]
Url = Annotated[str, typer.Option(help="Where this house is reached from outside, such as https://bot.example.com.")]


@admin.command("grant")
def admin_grant(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help="The person, by handle or name.")],
    permission: Annotated[str, typer.Option(help="viewer, member, lead or admin.")] = "admin",
    workspace: Workspace = None,
) -> None:
    """Let a person do that: the way to a team's first admin. They must have spoken to the bot once."""
    from bot.cli.admin import grant

    with told(context.obj):
        grant(context.obj, person, permission, workspace)


@slack.command("manifest")
def slack_manifest(
    context: typer.Context,
    prefix: Annotated[str, typer.Option(help="Put before every command, such as shop- for /shop-kpi.")] = "",
    url: Url = "",
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode, which needs no address.")] = False,
    locale: Annotated[Locale, typer.Option(help="The language of the descriptions.")] = Locale.EN,
) -> None:
    """Print the app manifest, to be pasted at api.slack.com/apps."""
    from bot.cli.slack import manifest

    with told(context.obj):
        manifest(context.obj, prefix, url, socket, locale)


@slack.command("add")
def slack_add(context: typer.Context, workspace: Workspace = None) -> None:
    """Bind one more Slack team by its bot token, which is asked for and kept sealed."""
    from bot.cli.slack import add

    with told(context.obj):
        add(context.obj, workspace)


@slack.command("remove")
def slack_remove(context: typer.Context, team: Annotated[str, typer.Argument(help="Slack's id of the team, T….")]) -> None:
    """Unbind a Slack team: nothing more is sent there, and its token is deleted. What the workspace knows is kept."""
    from bot.cli.remove import remove
    from bot.house import SLACK

    with told(context.obj):
        remove(context.obj, SLACK, team)


@slack.command("install-link")
def slack_install_link(context: typer.Context, url: Url, workspace: Workspace = None) -> None:
    """Print the address by which a Slack team's admin installs the app for the workspace."""
    from bot.cli.slack import install_link

    with told(context.obj):
        install_link(context.obj, url, workspace)


@feishu.command("setup")
def feishu_setup(
    context: typer.Context, url: Url = "", locale: Annotated[Locale, typer.Option(help="The language of the steps.")] = Locale.EN
) -> None:
    """Print what has to be entered on Feishu's pages: permissions, events, addresses, menu."""
    from bot.cli.feishu import setup

    with told(context.obj):
        setup(context.obj, url, locale)


@feishu.command("sync-commands")
def feishu_sync_commands(context: typer.Context) -> None:
    """Register the slash commands with Feishu; again is harmless."""
    from bot.cli.feishu import sync_commands

    with told(context.obj):
        sync_commands(context.obj)


@feishu.command("add")
def feishu_add(
    context: typer.Context,
    app_id: Annotated[str, typer.Argument(help="The app's id, cli_….")],
    workspace: Workspace = None,
) -> None:
    """Bind one more Feishu app; its secrets are asked for and kept sealed."""
    from bot.cli.feishu import add

    with told(context.obj):
        add(context.obj, app_id, workspace)


@feishu.command("remove")
def feishu_remove(context: typer.Context, app_id: Annotated[str, typer.Argument(help="The app's id, cli_….")]) -> None:
    """Unbind a Feishu app: nothing more is sent by it, and its secrets are deleted. What the workspace knows is kept."""
    from bot.cli.remove import remove
    from bot.house import FEISHU

    with told(context.obj):
        remove(context.obj, FEISHU, app_id)
