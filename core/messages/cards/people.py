"""What does a person see of the team's people: all of them, one who may do more or less from now on, a code that joins two accounts, quiet hours?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from core.domain.links import LIFETIME, spelt
from core.domain.workspaces import Locale, Member, Permission
from core.i18n.texts import text
from core.messages.model import Actions, Block, Bold, Button, Code, Column, Context, Heading, Mention, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import phrase, plain

SHOWN = 50
NAMED = 3
COLUMNS = ("name", "job", "permission", "platforms")


def people_card(members: tuple[Member, ...], jobs: Mapping[int, str], platforms: Mapping[int, tuple[str, ...]], locale: Locale) -> Message:
    """Everyone with their job, what they may do, and where they speak to the bot."""
    heading = text(locale, "people.list.heading", n=len(members))
    columns = tuple(Column(text(locale, f"people.label.{name}")) for name in COLUMNS)
    rows = tuple(_row(member, jobs.get(member.id, member.title), platforms.get(member.id, ()), locale) for member in members[:SHOWN])
    return _message("list", (Heading((heading,)), Table(columns, rows, len(members))), heading, locale)


def granted_card(member: Member, before: Permission, locale: Locale) -> Message:
    """What the person may do from now on."""
    now, then = _permitted(member.permission, locale), _permitted(before, locale)
    key = "people.grant.same" if member.permission is before else "people.grant.changed"
    line = phrase(locale, key, who=Mention(member.id, member.name), now=Bold(now), before=then)
    return _message("grant", (Paragraph((line,)),), plain(line), locale)


def stepping_down_card(admin: Member, permission: Permission, level: str, others: Sequence[Member], locale: Locale) -> Message:
    """What an admin would no longer do, and who could undo it; nothing has happened yet. `level` is the permission as it is typed."""
    heading = phrase(locale, "people.grant.down", now=_permitted(permission, locale))
    names = text(locale, "people.comma").join(other.name for other in others[:NAMED])
    line = phrase(locale, "people.grant.undone", who=names)
    press = Press("ops grant", {"who": admin.handle, "permission": level, "confirmed": "yes"})
    button = Button(text(locale, "people.grant.yes", now=_permitted(permission, locale)), press, "danger")
    return _message("stepping_down", (Heading(heading), Paragraph((line,)), Actions((button,))), plain(heading), locale)


def code_card(code: str, locale: Locale) -> Message:
    """The code, how long it holds, and the line to type on the other platform."""
    heading = phrase(locale, "people.link.code", code=Code(spelt(code)))
    line = Code(f"{text(locale, 'people.link.command')} {spelt(code)}")
    how = phrase(locale, "people.link.how", line=line, minutes=LIFETIME.seconds // 60)
    quiet = Context(phrase(locale, "people.link.secret"))
    return _message("link", (Heading(heading), Paragraph((how,)), quiet), plain(heading), locale)


def linked_card(member: Member, locale: Locale) -> Message:
    """The two accounts are one person's now."""
    heading = phrase(locale, "people.link.joined", name=member.name, handle=member.handle)
    line = phrase(locale, "people.link.together", permission=Bold(_permitted(member.permission, locale)))
    button = Button(text(locale, "people.link.whoami"), Press("ops whoami", {}))
    return _message("linked", (Heading(heading), Paragraph((line,)), Actions((button,))), plain(heading), locale)


def not_linked_card(why: str, locale: Locale) -> Message:
    """Why the code joined nothing, and how to go on."""
    words = text(locale, f"people.link.not.{why}")
    return _message("not_linked", (Paragraph(((words,),)),), words, locale)


def quiet_card(member: Member, zone: ZoneInfo, locale: Locale) -> Message:
    """The person's quiet hours, by their own clocks."""
    hint = Context((text(locale, "schedule.quiet.hint"),))
    if member.quiet is None:
        said = text(locale, "schedule.quiet.off")
    else:
        since, until = f"{member.quiet.since:%H:%M}", f"{member.quiet.until:%H:%M}"
        said = text(locale, "schedule.quiet.on", since=since, until=until, zone=zone.key)
    return _message("quiet", (Paragraph(((said,),)), hint), said, locale)


def _row(member: Member, job: str, platforms: tuple[str, ...], locale: Locale) -> tuple[Phrase, ...]:
    where = text(locale, "people.comma").join(text(locale, f"people.platform.{platform}") for platform in platforms)
    return ((f"{member.name} @{member.handle}",), (job or "—",), (_permitted(member.permission, locale),), (where or "—",))


def _permitted(permission: Permission, locale: Locale) -> str:
    return text(locale, f"kernel.permission.{permission.value}")


def _message(card: str, blocks: tuple[Block, ...], fallback: str, locale: Locale) -> Message:
    return Message(blocks, fallback, f"people.{card}", locale.value)
