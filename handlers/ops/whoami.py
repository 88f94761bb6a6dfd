"""/ops whoami: who am I to the bot, and what may I do?"""

from __future__ import annotations

from core.domain.workspaces import Locale, Member, Permission
from core.i18n.texts import text
from core.messages.model import Fields, Heading, Message
from core.messages.phrases import phrase
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import command
from handlers.kernel.context import Context


@command("ops whoami", zh="运营 我是谁", permission=Permission.VIEWER)
def whoami(context: Context, arguments: Nothing) -> Message:
    """Name, job, permission, language, zone and quiet hours of the one who asks."""
    member, locale = context.member, context.locale
    permission = text(locale, f"kernel.permission.{member.permission.value}")
    pairs = (
        (text(locale, "ops.whoami.title"), (member.title or "—",)),
        (text(locale, "ops.whoami.handle"), (f"@{member.handle}",)),
        (text(locale, "ops.whoami.permission"), (permission,)),
        (text(locale, "ops.whoami.language"), (text(locale, f"ops.language.{locale.value}"),)),
        (text(locale, "ops.whoami.zone"), (member.timezone or context.workspace.timezone,)),
        (text(locale, "ops.whoami.quiet"), (_quiet(member, locale),)),
        (text(locale, "ops.whoami.workspace"), (context.workspace.name,)),
    )
    heading = phrase(locale, "ops.whoami.heading", name=member.name)
    fallback = text(locale, "ops.whoami.fallback", name=member.name, permission=permission)
    return Message((Heading(heading), Fields(pairs)), fallback, "ops.whoami", locale.value)


def _quiet(member: Member, locale: Locale) -> str:
    if member.quiet is None:
        return "—"
    return text(locale, "schedule.quiet.hours", since=f"{member.quiet.since:%H:%M}", until=f"{member.quiet.until:%H:%M}")
