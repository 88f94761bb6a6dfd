"""What does a person see of campaigns: all of them, or where one stands?"""

from __future__ import annotations

from core.domain.agenda import CampaignProgress, CampaignSummary, OwnerTasks
from core.domain.campaigns import Milestone, Phase
from core.i18n.dates import say_day, say_range
from core.messages.cards.task_words import Reader, number_of
from core.messages.model import Actions, Block, Bold, Button, Column, Context, Date, Fields, Heading, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import joined

BUTTONS = 3
# How many late tasks are named for each owner.
SHOWN = 3


def campaigns_card(campaigns: tuple[CampaignSummary, ...], reader: Reader) -> Message:
    """Every campaign with its days, its stage and how much is done."""
    heading = reader.say("campaign.list.heading", n=len(campaigns)) if campaigns else reader.say("campaign.list.empty")
    if not campaigns:
        return _message("campaign.list", (Heading((heading,)), Context((reader.say("campaign.list.hint"),))), reader, heading)
    table = Table(_columns(reader, "name", "days", "now"), tuple(_row(summary, reader) for summary in campaigns))
    buttons = tuple(_show_button(summary, reader) for summary in campaigns[:BUTTONS])
    return _message("campaign.list", (Heading((heading,)), table, Actions(buttons)), reader, heading)


def campaign_card(progress: CampaignProgress, reader: Reader) -> Message:
    """One campaign: what comes next, its phases with what is done, its selling periods, and who is late with what."""
    heading = _headline(progress, reader)
    blocks: list[Block] = [Heading((heading,)), Fields(_facts(progress, reader))]
    if progress.phases:
        rows = tuple(((item.phase.name,), _days(item.phase, reader), (f"{item.done}/{item.total}",)) for item in progress.phases)
        blocks.append(Table(_columns(reader, "phase", "days"), rows))
    if progress.periods:
        blocks.append(Fields(tuple((period.name, _days(period, reader)) for period in progress.periods)))
    if progress.late:
        title: Phrase = (Bold(reader.say("campaign.show.late")),)
        blocks.append(Paragraph((title, *(_late(group, reader) for group in progress.late))))
    blocks.append(Actions(_task_buttons(progress, reader)))
    return _message("campaign.show", tuple(blocks), reader, heading)


def milestone_words(milestone: Milestone, reader: Reader) -> str:
    """The event without its day: 爆发期开始, Burst begins."""
    return reader.say(f"campaign.milestone.{'begins' if milestone.begins else 'ends'}", phase=milestone.phase.name)


def _headline(progress: CampaignProgress, reader: Reader) -> str:
    name = progress.campaign.name
    if progress.next is None:
        return reader.say("campaign.show.over", name=name)
    days = (progress.next.day - reader.today).days
    return reader.say("campaign.show.heading", name=name, n=days, milestone=milestone_words(progress.next, reader))


def _facts(progress: CampaignProgress, reader: Reader) -> tuple[tuple[str, Phrase], ...]:
    campaign = progress.campaign
    facts: list[tuple[str, Phrase]] = [
        ("days", (say_range(campaign.launch, campaign.end, reader.locale, today=reader.today),)),
        ("now", (_stage(progress, reader),)),
        ("done", (_done(progress, reader),)),
    ]
    if progress.next:
        day = Date(say_day(progress.next.day, reader.today, reader.locale), progress.next.day)
        facts.append(("next", (day, " ", milestone_words(progress.next, reader))))
    return tuple((reader.say(f"campaign.label.{label}"), words) for label, words in facts)


def _done(progress: CampaignProgress, reader: Reader) -> str:
    if not progress.total:
        return reader.say("campaign.show.no_tasks")
    return reader.say("campaign.show.done", done=progress.done, total=progress.total)


def _stage(progress: CampaignProgress | CampaignSummary, reader: Reader) -> str:
    if progress.now:
        return " · ".join(phase.name for phase in progress.now)
    if reader.today < progress.campaign.launch:
        return reader.say("campaign.stage.ahead")
    return reader.say("campaign.stage.live" if reader.today <= progress.campaign.end else "campaign.stage.over")


def _columns(reader: Reader, *labels: str) -> tuple[Column, ...]:
    return (*(Column(reader.say(f"campaign.label.{label}")) for label in labels), Column(reader.say("campaign.label.done"), "right"))


def _row(summary: CampaignSummary, reader: Reader) -> tuple[Phrase, ...]:
    days = say_range(summary.campaign.launch, summary.campaign.end, reader.locale, today=reader.today)
    return ((summary.campaign.name,), (days,), (_stage(summary, reader),), (f"{summary.done}/{summary.total}",))


def _days(phase: Phase, reader: Reader) -> Phrase:
    return (say_range(phase.start, phase.end, reader.locale, today=reader.today),)


def _late(group: OwnerTasks, reader: Reader) -> Phrase:
    name = reader.say("task.nobody") if group.owner is None else reader.names[group.owner]
    tasks: list[Phrase] = [
        (number_of(task), " ", reader.say("campaign.show.late_task", title=task.title, days=task.days_late(reader.today)))
        for task in group.overdue[:SHOWN]
    ]
    if len(group.overdue) > SHOWN:
        tasks.append((reader.say("campaign.show.late_more", n=len(group.overdue) - SHOWN),))
    return (reader.say("campaign.show.late_owner", name=name), *joined(tasks, reader.say("task.semicolon")))


def _show_button(summary: CampaignSummary, reader: Reader) -> Button:
    return Button(reader.say("campaign.button.show", name=summary.campaign.name), Press("campaign show", {"code": summary.campaign.code}))


def _task_buttons(progress: CampaignProgress, reader: Reader) -> tuple[Button, ...]:
    code = progress.campaign.code
    every = Button(reader.say("campaign.button.tasks"), Press("task list", {"filter": "all", "campaign": code}))
    late = Button(reader.say("campaign.button.late"), Press("task list", {"filter": "overdue", "campaign": code}), "primary")
    return (late, every) if progress.late else (every,)


def _message(card: str, blocks: tuple[Block, ...], reader: Reader, fallback: str) -> Message:
    return Message(blocks, fallback, card=card, locale=reader.locale.value)
