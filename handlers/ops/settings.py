"""/ops settings, set and language: how is this workspace set up, and how is that changed?"""

from __future__ import annotations

from enum import StrEnum

from core.domain.workspaces import Locale, Permission, Workspace
from core.i18n.texts import text
from core.messages.model import Block, Fields, Form, Heading, Message, Paragraph
from core.messages.phrases import phrase
from core.services import workspaces
from handlers.kernel.arguments import Arguments, Nothing, PastDay
from handlers.kernel.command import REGISTRY, command
from handlers.kernel.context import Context
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.forms import form
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import call, routed_press


class Newcomers(StrEnum):
    """What those may do who are of a bound team and speak for the first time. More is for an admin to grant."""

    VIEWER = "viewer"
    MEMBER = "member"


class SetArguments(Arguments):
    """What to change; what is not named stays."""

    name: str | None = None
    locale: Locale | None = None
    timezone: str | None = None
    currency: str | None = None
    calendar: str | None = None
    opened_on: PastDay | None = None
    newcomers: Newcomers | None = None


class LanguageArguments(Arguments):
    """The language that the bot speaks with this person."""

    locale: Locale


@command("ops settings", zh="运营 设置", permission=Permission.VIEWER)
def settings(context: Context, arguments: Nothing) -> Message:
    """The workspace's settings, with a way to change them for those who may."""
    return _card(context, context.workspace, ())


@command("ops set", zh="运营 修改", permission=Permission.ADMIN, changes=True)
def set_(context: Context, arguments: SetArguments) -> Message:
    """Changes the workspace's settings. Each is checked before any is kept."""
    newcomers = Permission[arguments.newcomers.name] if arguments.newcomers else None
    wanted = workspaces.Settings(**{**arguments.model_dump(), "newcomers": newcomers})
    changed = workspaces.change(context.uow, context.workspace, wanted, context.moment)
    return _card(context, changed, (Paragraph((phrase(context.locale, "ops.settings.saved"),)),))


@command("ops language", zh="运营 语言", permission=Permission.VIEWER, changes=True)
def language(context: Context, arguments: LanguageArguments) -> Message:
    """Sets the language in which the bot answers this person."""
    workspaces.speak(context.uow, context.workspace, context.member, arguments.locale)
    said = text(arguments.locale, "ops.language.saved")
    return Message((Paragraph(((said,),)),), said, "ops.language", arguments.locale.value)


def _card(context: Context, workspace: Workspace, before: tuple[Block, ...]) -> Message:
    locale = context.locale
    pairs = (
        (text(locale, "ops.settings.language"), (text(locale, f"ops.language.{workspace.locale.value}"),)),
        (text(locale, "ops.settings.zone"), (workspace.timezone,)),
        (text(locale, "ops.settings.currency"), (workspace.currency,)),
        (text(locale, "ops.settings.calendar"), (workspace.calendar,)),
        (text(locale, "ops.settings.opened"), (workspace.opened_on.isoformat() if workspace.opened_on else "—",)),
        (text(locale, "ops.settings.newcomers"), (text(locale, f"kernel.permission.{workspace.newcomers.value}"),)),
    )
    blocks: tuple[Block, ...] = (*before, Heading((workspace.name,)), Fields(pairs))
    if context.member.permission >= Permission.ADMIN and not before:
        blocks = (*blocks, _form(context, workspace))
    return Message(blocks, text(locale, "ops.settings.fallback", name=workspace.name), "ops.settings", locale.value)


def _form(context: Context, workspace: Workspace) -> Form:
    held = {name: str(getattr(workspace, name) or "") for name in SetArguments.model_fields} | {"newcomers": workspace.newcomers.name.lower()}
    scope = Scope(context.locale, context.moment.today, StoredDirectory(context.uow, workspace.id))
    return form(call(routed_press(REGISTRY["ops set"], held), scope), scope)
