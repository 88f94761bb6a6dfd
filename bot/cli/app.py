"""Which verbs and global options are there?"""

from __future__ import annotations

import gc
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import platforms
from bot.cli.run import Run, told
from bot.roles import Role
from core.domain.imports import ImportKind
from core.domain.workspaces import Locale

keys = typer.Typer(name="keys", help="The key that opens the database.", no_args_is_help=True)
app = typer.Typer(name="morningbell", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
for group in (platforms.admin, platforms.slack, platforms.feishu, keys):
    app.add_typer(group)


class Surface(StrEnum):
    """In what form `say` prints the answer."""

    TEXT = "text"
    HTML = "html"
    SLACK = "slack"
    FEISHU = "feishu"


# typer reads these at run time, where `str | None` inside Annotated is fine but must not be a string.
WorkspaceOption = Annotated[str | None, typer.Option("--workspace", help="The workspace, by name or id; the only one when not given.")]
PersonOption = Annotated[str | None, typer.Option("--as", help="The person who acts, by handle or name; the owner when not given.")]
NewFile = Annotated[Path, typer.Argument(help="The file to be written; one that is there is left alone.")]
# A token may begin with a dash.
DASHES = {"ignore_unknown_options": True}


@app.callback()
def options(
    context: typer.Context,
    database: Annotated[str | None, typer.Option(help="sqlite:///path or postgresql://…; MORNINGBELL_DATABASE_URL otherwise.")] = None,
    now: Annotated[str | None, typer.Option(help="Act as at this time, ISO 8601; without an offset, workspace time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: {messages, data}.")] = False,
) -> None:
    """Morningbell 晨钟: the operations template of an e-commerce team, live in chat.

    Exit codes: 0 done; 1 a fault; 2 wrong usage of the command line or its settings; 3 the answer is a person's mistake.
    """
    run = Run(database, _instant(now), as_json)
    context.obj = run
    context.call_on_close(run.finish)


@app.command()
def init(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The workspace's name.")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="Load the demo workspace.")] = False,
    demo_orders: Annotated[Path | None, typer.Option(help="Load a second demo workspace on this file of orders.")] = None,
    locale: Annotated[Locale, typer.Option(help="The workspace's language.")] = Locale.ZH,
    timezone: Annotated[str, typer.Option(help="Where its days begin and end.")] = "Asia/Shanghai",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "CNY",
    calendar: Annotated[str, typer.Option(help="Whose working days count.")] = "CN",
) -> None:
    """Make a workspace whose owner is an admin, or load the demo.

    A time zone, currency or calendar that does not exist is wrong usage (2); a name that is taken is a mistake (3).
    """
    from bot.cli.init import New, init

    with told(context.obj):
        init(context.obj, New(name, locale, timezone, currency, calendar), demo=demo, orders=demo_orders)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Where to listen; anything but loopback needs MORNINGBELL_TOKEN.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = None,
    role: Annotated[Role, typer.Option(help="What this process does, where several share a PostgreSQL.")] = Role.ALL,
) -> None:
    """Serve the playground and send what falls due."""
    from bot.cli.serve import serve

    with told(context.obj):
        serve(context.obj, host, port, role)


@app.command()
def say(
    context: typer.Context,
    line: Annotated[str, typer.Argument(metavar="TEXT", help="What a person would type, for example '/kpi board'.")],
    workspace: WorkspaceOption = None,
    person: PersonOption = None,
    channel: Annotated[str, typer.Option(help="Where it is said.")] = "ops",
    locale: Annotated[Locale | None, typer.Option(help="The language of the answer.")] = None,
    platform: Annotated[Surface, typer.Option(help="In what form the answer is printed.")] = Surface.TEXT,
) -> None:
    """Say one command and print the answer."""
    from bot.cli.speak import Speaker

    with told(context.obj):
        Speaker(context.obj, workspace, person, channel, locale).say(line, platform.value)


@app.command(context_settings=DASHES)
def press(context: typer.Context, token: str, workspace: WorkspaceOption = None, person: PersonOption = None) -> None:
    """Press a button of an earlier answer."""
    from bot.cli.speak import Speaker

    with told(context.obj):
        Speaker(context.obj, workspace, person).press(token)


@app.command(context_settings=DASHES)
def submit(
    context: typer.Context,
    token: str,
    fields: Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE…")] = None,
    workspace: WorkspaceOption = None,
    person: PersonOption = None,
) -> None:
    """Submit a form of an earlier answer."""
    from bot.cli.speak import Speaker

    typed = _fields(fields or [])
    with told(context.obj):
        Speaker(context.obj, workspace, person).submit(token, typed)


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet.")],
    kind: Annotated[ImportKind | None, typer.Option(help="What it holds; guessed from its headers when not given.")] = None,
    column: Annotated[list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="What a column means; may be repeated.")] = None,
    workspace: WorkspaceOption = None,
    person: PersonOption = None,
) -> None:
    """Import orders or readings from a file."""
    from bot.cli.importing import import_file

    columns = _columns(column or [])
    with told(context.obj):
        import_file(context.obj, file, kind, columns, workspace, person)


@app.command()
def digest(
    context: typer.Context,
    date: Annotated[str | None, typer.Option(help="The digest of that date's morning; today's when not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="FILE.png, FILE.html or FILE.json.")] = None,
    locale: Annotated[Locale | None, typer.Option(help="Its language.")] = None,
    workspace: WorkspaceOption = None,
    person: PersonOption = None,
) -> None:
    """Make the morning digest."""
    from bot.cli.digest import digest

    with told(context.obj):
        digest(context.obj, date, out, locale, workspace, person)


@app.command()
def tick(context: typer.Context) -> None:
    """Do what is due, in every workspace, and print what was sent."""
    from bot.cli.tick import tick

    with told(context.obj):
        tick(context.obj)


@app.command()
def backup(context: typer.Context, file: NewFile) -> None:
    """Copy an SQLite database while it is at work. The key is not in the copy: see keys export."""
    from bot.cli.keeping import backup

    with told(context.obj):
        backup(context.obj, file)


@app.command()
def restored(context: typer.Context) -> None:
    """Say that a server's disk was put back: what was due before is not sent again. What `backup` and pg_dump made knows it by itself."""
    from bot.cli.keeping import restored

    with told(context.obj):
        restored(context.obj)


@keys.command("export")
def keys_export(context: typer.Context, file: NewFile) -> None:
    """Write the key to a file of its own, to be kept apart from backups."""
    from bot.cli.keeping import export_key

    with told(context.obj):
        export_key(context.obj, file)


@app.command()
def deliveries(
    context: typer.Context,
    day: Annotated[str | None, typer.Argument(help="Of which day; today's when not given.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="What went wrong in the last 14 days.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Print what went out by itself, what did not, and why."""
    from bot.cli.deliveries import deliveries

    with told(context.obj):
        deliveries(context.obj, day, workspace, failed=failed)


@app.command()
def doctor(context: typer.Context) -> None:
    """Check settings, database, fonts and key, and say how to mend what is wrong."""
    from bot.cli.doctor import doctor

    with told(context.obj):
        doctor(context.obj)


def main() -> None:
    """The program."""
    # What is imported stays; looking through it for garbage again and again is a tenth of a short command's time.
    gc.disable()
    app()


def _instant(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"{written} is no ISO 8601 time such as 2024-06-04T09:00.", param_hint="--now") from None


def _fields(written: list[str]) -> dict[str, str]:
    for item in written:
        if "=" not in item:
            raise typer.BadParameter(f"{item} must be written as FIELD=VALUE.")
    return {name: value for name, _, value in (item.partition("=") for item in written)}


def _columns(written: list[str]) -> dict[str, str]:
    for item in written:
        if "=" not in item:
            raise typer.BadParameter(f"{item} must be written as COLUMN=FIELD.", param_hint="--map")
    # A header may hold the sign itself, a field never does.
    return {column: name for column, _, name in (item.rpartition("=") for item in written)}
