"""What does a person see of jobs: all of them, one in full, one just given or taken back?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from core.domain.roles import Assigned, Role
from core.domain.workspaces import Locale, Member
from core.i18n.dates import say_day
from core.i18n.texts import text
from core.messages.model import Actions, Block, Button, Column, Context, Fields, Heading, Mention, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import phrase, plain

BUTTONS = 3
DAY = timedelta(days=1)
COLUMNS = ("name", "holders", "reports_to")


def roles_card(rows: Sequence[tuple[Role, Sequence[Member], Role | None]], locale: Locale) -> Message:
    """Every role with its holders and the role above it; those that nobody holds are counted."""
    if not rows:
        heading = text(locale, "role.list.empty")
        return _message("list", (Heading((heading,)), Context((text(locale, "role.list.hint"),))), heading, locale)
    vacant = sum(not holders for _, holders, _ in rows)
    heading = text(locale, "role.list.vacant" if vacant else "role.list.heading", n=len(rows), vacant=vacant)
    columns = tuple(Column(text(locale, f"role.label.{name}")) for name in COLUMNS)
    table = Table(columns, tuple(_row(role, holders, over, locale) for role, holders, over in rows))
    buttons = tuple(Button(role.name, Press("role show", {"role": role.name})) for role, _, _ in rows[:BUTTONS])
    return _message("list", (Heading((heading,)), table, Actions(buttons)), heading, locale)


def role_card(role: Role, holders: Sequence[Member], over: Role | None, locale: Locale, saved: str = "") -> Message:
    """One role in full. `saved` says what was done to it just now, if anything."""
    facts = (
        ("holders", _names(holders, locale)),
        ("responsibilities", role.responsibilities or "—"),
        ("reports_to", over.name if over else "—"),
        ("works_with", role.works_with or "—"),
    )
    fields = Fields(tuple((text(locale, f"role.label.{label}"), (words,)) for label, words in facts))
    said = text(locale, f"role.saved.{saved}", role=role.name) if saved else role.name
    return _message("show", (Heading((said,)), fields), f"{said} · {_names(holders, locale)}", locale)


def assigned_card(given: Assigned, today: date, locale: Locale) -> Message:
    """Who holds the role from when. Those who held it before still do, and can be ended with a press."""
    role = given.role
    key = "role.assigned.already" if given.already else "role.assigned.heading"
    line = phrase(locale, key, who=Mention(given.member.id, given.member.name), role=role.name, day=say_day(given.since, today, locale))
    blocks: list[Block] = [Paragraph((line,))]
    if given.others:
        blocks.append(Context((text(locale, "role.assigned.others", names=_names(given.others, locale), role=role.name),)))
        blocks.append(Actions(tuple(_end_button(role, other, given.since, locale) for other in given.others[:BUTTONS])))
    return _message("assigned", tuple(blocks), plain(line), locale)


def ended_card(role: Role, member: Member, until: date, today: date, locale: Locale) -> Message:
    """Until when the member holds the role."""
    line = phrase(locale, "role.end.done", who=Mention(member.id, member.name), role=role.name, day=say_day(until, today, locale))
    return _message("ended", (Paragraph((line,)),), plain(line), locale)


def _end_button(role: Role, other: Member, since: date, locale: Locale) -> Button:
    press = Press("role end", {"who": other.handle, "role": role.name, "until": (since - DAY).isoformat()})
    return Button(text(locale, "role.assigned.end", name=other.name), press)


def _row(role: Role, holders: Sequence[Member], over: Role | None, locale: Locale) -> tuple[Phrase, ...]:
    return ((role.name,), (_names(holders, locale),), (over.name if over else "—",))


def _names(members: Sequence[Member], locale: Locale) -> str:
    return text(locale, "people.comma").join(member.name for member in members) or text(locale, "role.nobody")


def _message(card: str, blocks: tuple[Block, ...], fallback: str, locale: Locale) -> Message:
    return Message(blocks, fallback, f"role.{card}", locale.value)
