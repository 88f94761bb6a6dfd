"""How is a figure of the digest written: with its unit, its state in words, against its target and against the same weekday?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.domain.boards import Row
from core.domain.digests import Digest, DigestRow
from core.domain.metrics import Metric
from core.domain.periods import Grain
from core.domain.quantities import Unit
from core.domain.readings import Figure, State
from core.domain.workspaces import Locale
from core.i18n.dates import say_day, say_period
from core.i18n.numbers import NOTHING, format_change, format_value
from core.messages.cards.task_words import Reader
from core.messages.model import Column, Number, Phrase, Table, Tone


def row_name(row: Row, reader: Reader, today: date | None = None) -> str:
    """The metric's name; with `today`, also the period where it is not the day."""
    name = row.metric.names.zh if reader.locale is Locale.ZH else row.metric.names.en
    if today is None or row.figure.period.grain is Grain.DAY:
        return name
    period = reader.say("digest.period.campaign") if row.campaign else say_period(row.figure.period, today, reader.locale)
    return reader.say("digest.period.named", name=name, period=period)


def number_of_figure(metric: Metric, figure: Figure, reader: Reader, currency: str, tone: Tone = "neutral") -> Number:
    """The figure as read, a mark in words where it is not final."""
    if figure.value is None:
        return Number(reader.say(f"digest.state.{figure.state.value}"), None, metric.unit, figure.state, "quiet")
    written = format_value(figure.value, metric.unit, reader.locale, currency)
    # A campaign under way is to date by nature; its column says so already.
    marked = figure.state is State.PROVISIONAL and figure.period.grain is not Grain.CAMPAIGN
    return Number(reader.say("digest.state.provisional", number=written) if marked else written, figure.value, metric.unit, figure.state, tone)


def target_cell(row: Row, reader: Reader, currency: str, *, bare: bool = False) -> Phrase:
    """The deviation from the target, coloured when it missed it, with the target itself; the attainment where the period still runs."""
    if row.target is None:
        return (NOTHING,)
    target = format_value(row.target.value, row.metric.unit, reader.locale, currency)
    if row.deviation is None:
        share = NOTHING if row.attainment is None else format_value(row.attainment, Unit.RATE, reader.locale)
        return (reader.say("digest.target.running", share=share, target=target),)
    change = format_change(row.deviation, reader.locale)
    if bare:
        return (reader.say("digest.target.bare", change=change, target=target),)
    tone: Tone = "neutral" if row.verdict.value == "reached" else "bad"
    return (Number(change, row.deviation, Unit.RATE, State.FINAL, tone), f" / {target}")


def change_cell(item: DigestRow, reader: Reader) -> Phrase:
    """The change against the same weekday a week before, or in a word why there is none."""
    compared = item.weekday
    if compared is None:
        return (NOTHING,)
    if compared.change is None:
        return (reader.say(f"digest.gap.{compared.gap.value}") if compared.gap else NOTHING,)
    return (Number(format_change(compared.change, reader.locale), compared.change, Unit.RATE, State.FINAL),)


def covered_table(digest: Digest, reader: Reader, currency: str) -> Table:
    """One row for each day since the last digest's, one column for each leading metric."""
    metrics = {item.row.metric.code: item.row.metric for item in digest.rows}
    shown = [metrics[figure.metric] for figure in digest.by_day[0]]
    names = [metric.names.zh if reader.locale is Locale.ZH else metric.names.en for metric in shown]
    rows = tuple(tuple(_covered_row(figures, shown, digest.morning, reader, currency)) for figures in digest.by_day)
    return Table((Column(reader.say("digest.column.day")), *(Column(name, "right") for name in names)), rows)


def _covered_row(figures: Sequence[Figure], shown: Sequence[Metric], today: date, reader: Reader, currency: str) -> Iterator[Phrase]:
    yield (say_day(figures[0].period.start, today, reader.locale),)
    for metric, figure in zip(shown, figures, strict=True):
        yield (number_of_figure(metric, figure, reader, currency),)
