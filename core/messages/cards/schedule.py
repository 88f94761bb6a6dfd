"""What does a person see of what comes by itself: all of it, one schedule in full, one that is about to go?"""

from __future__ import annotations

from core.domain.cadences import Timed, Weekdays
from core.domain.deliveries import SCHEDULED
from core.domain.standings import Standing
from core.i18n.dates import say_day
from core.messages.cards.schedule_words import cadence_words, kind_words, place_words, state_words, time_words
from core.messages.cards.task_words import Reader
from core.messages.model import Actions, Block, Bold, Button, Code, Column, Context, Fields, Heading, Message, Paragraph, Phrase, Press, Table
from core.messages.phrases import phrase, plain

SHOWN = 20
BUTTONS = 3
COLUMNS = ("number", "what", "when", "next")


def schedules_card(standings: tuple[Standing, ...], reader: Reader) -> Message:
    """Every schedule: what comes, when, where, and when next; of one that is not on, why."""
    if not standings:
        heading = reader.say("schedule.list.empty")
        buttons = tuple(Button(kind_words(kind, reader.locale), Press(f"schedule {kind.value}", {})) for kind in SCHEDULED)
        hint = Context((reader.say("schedule.list.hint"),))
        return _message("list", (Heading((heading,)), hint, Actions(buttons)), heading, reader)
    heading = reader.say("schedule.list.heading", n=len(standings))
    columns = tuple(Column(reader.say(f"schedule.label.{name}")) for name in COLUMNS)
    table = Table(columns, tuple(_row(each, reader) for each in standings[:SHOWN]), len(standings))
    buttons = tuple(Button(each.schedule.label, _press("show", each)) for each in standings[:BUTTONS])
    return _message("list", (Heading((heading,)), table, Actions(buttons)), heading, reader)


def schedule_card(standing: Standing, reader: Reader, *, leads: bool, saved: str = "") -> Message:
    """One schedule in full. `leads` says that the reader may change it; `saved` what was done to it just now, if anything."""
    blocks: list[Block] = [Heading(_heading(standing, reader, saved)), Fields(_facts(standing, reader)), Paragraph(_times(standing, reader))]
    blocks += [Context((note,)) for note in _notes(standing, reader)]
    if leads:
        blocks.append(Actions(_buttons(standing, reader)))
    return _message("show", tuple(blocks), _told(standing, reader, saved), reader)


def leaving_card(standing: Standing, reader: Reader) -> Message:
    """What would no longer come; nothing has happened yet."""
    heading = reader.say("schedule.remove.asked", number=standing.schedule.label)
    line = phrase(reader.locale, "schedule.remove.about", what=Bold(_what(standing, reader)), where=place_words(standing, reader))
    yes = Button(reader.say("schedule.remove.yes"), _press("remove", standing, confirmed="yes"), "danger")
    pause = () if not standing.schedule.on else (Button(reader.say("schedule.button.pause"), _press("pause", standing)),)
    return _message("leaving", (Heading((heading,)), Paragraph((line,)), Actions((yes, *pause))), heading, reader)


def removed_card(standing: Standing, reader: Reader) -> Message:
    """It comes no more."""
    line = phrase(reader.locale, "schedule.remove.done", number=standing.schedule.label, what=_what(standing, reader))
    button = Button(reader.say("schedule.button.list"), Press("schedule list", {}))
    return _message("removed", (Paragraph((line,)), Actions((button,))), plain(line), reader)


def trial_card(standing: Standing, reader: Reader) -> Message:
    """A test is on its way."""
    line = phrase(reader.locale, "schedule.test.sent", number=standing.schedule.label, where=place_words(standing, reader))
    quiet = Context((reader.say("schedule.test.extra"),))
    return _message("trial", (Paragraph((line,)), quiet), plain(line), reader)


def _row(standing: Standing, reader: Reader) -> tuple[Phrase, ...]:
    schedule = standing.schedule
    what: Phrase = (f"{kind_words(schedule.kind, reader.locale)} → ", place_words(standing, reader))
    when = cadence_words(schedule.cadence, reader.today, reader.locale)
    return ((Code(schedule.label),), what, (when,), _next(standing, reader))


def _next(standing: Standing, reader: Reader) -> Phrase:
    if not standing.schedule.on:
        return (state_words(standing.schedule, reader),)
    return (time_words(standing.times[0].due_at, standing, reader),) if standing.times else (reader.say("schedule.over"),)


def _what(standing: Standing, reader: Reader) -> str:
    schedule = standing.schedule
    when = cadence_words(schedule.cadence, reader.today, reader.locale)
    return reader.say("schedule.what", kind=kind_words(schedule.kind, reader.locale), when=when)


def _heading(standing: Standing, reader: Reader, saved: str) -> Phrase:
    label, what = Code(standing.schedule.label), _what(standing, reader)
    return phrase(reader.locale, f"schedule.saved.{saved}", number=label, what=what) if saved else (label, f" {what}")


def _told(standing: Standing, reader: Reader, saved: str) -> str:
    """What was done; of one that is looked at, when it comes next."""
    heading = plain(_heading(standing, reader, saved))
    return heading if saved else f"{heading} · {plain(_next(standing, reader))}"


def _facts(standing: Standing, reader: Reader) -> tuple[tuple[str, Phrase], ...]:
    schedule = standing.schedule
    facts: list[tuple[str, Phrase]] = [
        ("state", (state_words(schedule, reader),)),
        ("where", (place_words(standing, reader),)),
        ("zone", (standing.zone.key,)),
        ("calendar", (standing.calendar,)),
    ]
    if schedule.locale is not None:
        facts.append(("language", (reader.say(f"ops.language.{schedule.locale.value}"),)))
    if standing.owner:
        facts.append(("owner", (standing.owner,)))
    return tuple((reader.say(f"schedule.label.{name}"), words) for name, words in facts)


def _times(standing: Standing, reader: Reader) -> tuple[Phrase, ...]:
    if not standing.times:
        return ((reader.say("schedule.over"),),)
    key = "schedule.times" if standing.schedule.on else "schedule.times_if_on"
    return ((Bold(reader.say(key)),), *((time_words(each.due_at, standing, reader),) for each in standing.times))


def _notes(standing: Standing, reader: Reader) -> list[str]:
    """What clocks and calendars do to its times, and that the bot was put out of the channel."""
    odd = [
        reader.say(f"schedule.odd.{oddity.value}", day=say_day(each.local_date, reader.today, reader.locale), zone=standing.zone.key)
        for each, oddity in standing.odd()
    ]
    unknown = [reader.say("schedule.unknown_year", year=year) for year in standing.unknown]
    gone = [reader.say("schedule.gone")] if standing.channel.gone else []
    return [*gone, *_plain_week(standing, reader), *odd, *unknown]


def _plain_week(standing: Standing, reader: Reader) -> tuple[str, ...]:
    """Who says weekdays may mean working days."""
    match standing.schedule.cadence:
        case Timed(days=Weekdays(days=days)) if days == frozenset(range(5)):
            return (reader.say("schedule.plain_week"),)
        case _:
            return ()


def _buttons(standing: Standing, reader: Reader) -> tuple[Button, ...]:
    on = standing.schedule.on and not standing.schedule.pauses(reader.today)
    first = "pause" if on else "resume"
    return tuple(
        Button(reader.say(f"schedule.button.{verb}"), _press(verb, standing), "primary" if verb == "resume" else "plain")
        for verb in (first, "send", "change", "remove")
    )


def _press(verb: str, standing: Standing, **more: str) -> Press:
    return Press(f"schedule {verb}", {"schedule": standing.schedule.label, **more})


def _message(card: str, blocks: tuple[Block, ...], fallback: str, reader: Reader) -> Message:
    return Message(blocks, fallback, f"schedule.{card}", reader.locale.value)
