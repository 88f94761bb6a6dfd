"""Where do the metrics stand? The board of a day, a week or a month (template table 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.domain.boards import Board, Row, Verdict
from core.domain.calendars import DAY
from core.domain.periods import Grain, Period, last_complete
from core.domain.readings import State
from core.i18n.dates import say_date, say_day
from core.messages.cards.kpi_words import Viewer, actual, deviation_words, headline, message, target_words
from core.messages.model import Actions, Block, Button, Column, Context, Fields, Heading, Message, Phrase, Press, Table

COLUMNS = ("metric", "actual", "target", "deviation")


def board_card(board: Board, viewer: Viewer) -> Message:
    """What is off its target said first; the rows that have a target in a table, the others' figures below."""
    heading = _heading(board, viewer)
    if not board.rows:
        hint = Context((viewer.say("board.empty_hint"),))
        return message("board", (Heading((heading,)), hint, Actions((_log(viewer, "primary"),))), heading, viewer)
    blocks: list[Block] = [Heading((heading,)), *_parts(board, viewer)]
    note = _note(board, viewer)
    if note:
        blocks.append(Context((note,)))
    worst = worst_row(board.rows)
    blocks.append(Actions(_buttons(worst, board, viewer)))
    fallback = viewer.say("board.fallback", heading=heading, worst=headline(worst, viewer)) if worst else heading
    return message("board", tuple(blocks), fallback, viewer)


def _parts(board: Board, viewer: Viewer) -> Iterator[Block]:
    period = board_period(board)
    aimed = tuple(row for row in board.rows if row.target is not None)
    others = [row for row in board.rows if row.target is None] if aimed else []
    yield board_table(aimed or board.rows, period, viewer)
    if others:
        yield Fields(tuple((_named(row, period, viewer), actual(row.figure, row.metric, viewer)) for row in others))


def board_table(rows: tuple[Row, ...], period: Period, viewer: Viewer) -> Table:
    """Metric · actual · target · deviation; a row whose period is not the board's names its own."""
    columns = tuple(Column(viewer.say(f"column.{name}"), "left" if name == "metric" else "right") for name in COLUMNS)
    return Table(columns, tuple(_cells(row, period, viewer) for row in rows))


def board_period(board: Board) -> Period:
    """The period that a board speaks of."""
    if board.grain is Grain.DAY:
        return Period(Grain.DAY, board.day)
    return last_complete(board.grain, board.day + DAY)


def worst_row(rows: tuple[Row, ...]) -> Row | None:
    """The row that is furthest off its target to the bad side."""
    missed = [(abs(row.deviation), place) for place, row in enumerate(rows) if row.verdict is Verdict.MISSED and row.deviation is not None]
    return rows[max(missed)[1]] if missed else None


def _cells(row: Row, period: Period, viewer: Viewer) -> tuple[Phrase, ...]:
    name: Phrase = (_named(row, period, viewer),)
    return (name, actual(row.figure, row.metric, viewer), target_words(row.target, row.metric, viewer), deviation_words(row, viewer))


def _named(row: Row, period: Period, viewer: Viewer) -> str:
    name = viewer.name(row.metric)
    return name if row.figure.period == period else viewer.say("board.named_period", name=name, period=_row_period(row, period.end, viewer))


def _row_period(row: Row, board_day: date, viewer: Viewer) -> str:
    """The period by its name. Of a campaign's days, what is added up ends with the board's day; what was given is as of today."""
    words, end = viewer.period(row.figure.period, row.campaign), row.figure.period.end
    if row.campaign and row.figure.coverage and board_day < min(end, viewer.today - DAY):
        return viewer.say("board.up_to", name=words, day=say_date(board_day, viewer.today, viewer.locale))
    return viewer.say("board.to_date", name=words) if row.campaign and end >= viewer.today else words


def _heading(board: Board, viewer: Viewer) -> str:
    period = board_period(board)
    words = say_day(board.day, viewer.today, viewer.locale) if board.grain is Grain.DAY else viewer.period(period)
    if not board.rows:
        return viewer.say("board.empty", period=words)
    missed = sum(row.verdict is Verdict.MISSED for row in board.rows)
    held = sum(row.verdict is not Verdict.OPEN for row in board.rows)
    open_ = sum(row.target is not None for row in board.rows) - held
    if not held:
        return viewer.say("board.no_results" if open_ else "board.no_targets", period=words, n=open_ or len(board.rows))
    near = sum(row.verdict is Verdict.NEAR for row in board.rows)
    told = viewer.say("board.missed" if missed else "board.near" if near else "board.reached", period=words, missed=missed, near=near, held=held)
    return viewer.say("board.and_open", heading=told, n=open_) if open_ else told


def _note(board: Board, viewer: Viewer) -> str:
    states = {row.figure.state for row in board.rows}
    return " ".join(viewer.say(f"note.{state.value}") for state in (State.PROVISIONAL, State.MISSING, State.CLOSED) if state in states)


def _buttons(worst: Row | None, board: Board, viewer: Viewer) -> tuple[Button, ...]:
    before = board_period(board).start - DAY
    earlier = Button(viewer.say("button.before"), Press("kpi board", {"day": before.isoformat(), "grain": board.grain.value}))
    if worst is None:
        return (_log(viewer, "plain"), earlier)
    look = Button(viewer.say("button.show", name=viewer.name(worst.metric)), Press("kpi show", {"metric": worst.metric.code}), "primary")
    return (look, _log(viewer, "plain"), earlier)


def _log(viewer: Viewer, style: str) -> Button:
    return Button(viewer.say("button.log"), Press("kpi log", {}), "primary" if style == "primary" else "plain")
