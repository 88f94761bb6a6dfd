"""How are a figure, its target, its state and its change said on every card?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.domain.boards import Compared, Row, Verdict, better
from core.domain.campaigns import Campaign
from core.domain.metrics import Direction, Metric
from core.domain.periods import Period
from core.domain.quantities import Unit
from core.domain.readings import Figure, State
from core.domain.targets import Target
from core.domain.workspaces import Locale
from core.i18n.dates import say_period, say_range
from core.i18n.numbers import NOTHING, format_change, format_value
from core.messages.model import Block, Message, Number, Phrase, Tone
from core.messages.phrases import say

_TONES: dict[Verdict, Tone] = {Verdict.REACHED: "good", Verdict.NEAR: "neutral", Verdict.MISSED: "bad", Verdict.OPEN: "neutral"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """The one a card of figures is written for: their language, the business's today, and its money (ISO code)."""

    locale: Locale
    today: date
    currency: str

    def say(self, key: str, /, **args: object) -> str:
        """A sentence of the family's catalogue, by the key within it."""
        return say(self.locale, f"kpi.{key}", **args)

    def name(self, metric: Metric) -> str:
        """What the metric is called."""
        return metric.names.of(self.locale)

    def value(self, value: Decimal, metric: Metric) -> str:
        """A value of the metric, with its unit."""
        return format_value(value, metric.unit, self.locale, self.currency)

    def period(self, period: Period, campaign: Campaign | None = None) -> str:
        """The period by its name, a campaign by its own; a calendar period cut short by its days."""
        if campaign:
            return campaign.name
        if period.last is not None:
            return say_range(period.start, period.end, self.locale, today=self.today)
        return say_period(period, self.today, self.locale)


def message(card: str, blocks: tuple[Block, ...], fallback: str, viewer: Viewer) -> Message:
    """A card of the family."""
    return Message(blocks, fallback, card=f"kpi.{card}", locale=viewer.locale.value)


def number(figure: Figure, metric: Metric, viewer: Viewer) -> Number:
    """The figure itself; what is missing or closed says so in place of a number."""
    if figure.value is None:
        return Number(viewer.say(f"state.{figure.state.value}"), None, metric.unit, figure.state, "quiet")
    return Number(viewer.value(figure.value, metric), figure.value, metric.unit, figure.state)


def actual(figure: Figure, metric: Metric, viewer: Viewer) -> Phrase:
    """The figure with its state in words, where that is not final."""
    mark = state_mark(figure, viewer)
    return (number(figure, metric, viewer), *((f" {mark}",) if mark else ()))


def state_mark(figure: Figure, viewer: Viewer) -> str:
    """Why a value may still change: its days are not over, or some of them are missing. Empty for a final one and where the figure says it itself."""
    if figure.state is not State.PROVISIONAL:
        return ""
    if figure.coverage is None or figure.coverage.whole:
        return viewer.say("state.provisional")
    return viewer.say("state.partial", known=figure.coverage.known, open=figure.coverage.open)


def target_words(target: Target | None, metric: Metric, viewer: Viewer) -> Phrase:
    """The target with its comparator; a dash where none is set."""
    if target is None:
        return (NOTHING,)
    comparator = target.comparator.value if target.comparator else ""
    return (Number(comparator + viewer.value(target.value, metric), target.value, metric.unit, State.FINAL),)


def deviation_words(row: Row, viewer: Viewer) -> Phrase:
    """How far the figure is off its target; of a sum still running how much of it is there; else a dash."""
    if row.deviation is not None:
        text = format_change(row.deviation)
        return (Number(text, row.deviation, Unit.RATE, row.figure.state, tone_of(row)),)
    if row.attainment is not None and row.metric.direction is Direction.HIGHER:
        return (viewer.say("word.so_far"), share(row.attainment, row.figure.state, viewer))
    return (NOTHING,)


def share(value: Decimal, state: State, viewer: Viewer) -> Number:
    """A share as a percentage."""
    return Number(format_value(value, Unit.RATE, viewer.locale), value, Unit.RATE, state)


def change_words(compared: Compared, metric: Metric, viewer: Viewer) -> Phrase:
    """The change and what it is held against: −12% (9.1万, 周一 5月27日); where there is none, why.

    The month to date is told beside its base: its own figure stands nowhere else.
    """
    then = viewer.period(compared.base.period)
    if compared.change is None:
        reason = compared.gap.value if compared.gap else "missing"
        return (viewer.say(f"gap.{reason}", period=then),)
    good = better(compared.change, metric.direction)
    tone: Tone = "neutral" if good is None else "good" if good else "bad"
    change = Number(format_change(compared.change), compared.change, Unit.RATE, compared.figure.state, tone)
    now = compared.figure
    own: Phrase = (number(now, metric, viewer), viewer.say("word.to_date", period=viewer.period(now.period))) if now.period.last else ()
    return (change, viewer.say("word.against_open"), *own, number(compared.base, metric, viewer), viewer.say("word.against_close", period=then))


def tone_of(row: Row) -> Tone:
    """Good or bad news by the target; what has no value is quiet."""
    return "quiet" if row.figure.value is None else _TONES[row.verdict]


def headline(row: Row, viewer: Viewer) -> str:
    """The row in one line that can be read alone, a value that may still change marked so."""
    figure, name = row.figure, viewer.name(row.metric)
    if figure.value is None:
        return viewer.say("headline.nothing", name=name, state=viewer.say(f"state.{figure.state.value}"))
    value = actual(figure, row.metric, viewer)
    if row.deviation is None or row.target is None:
        return viewer.say("headline.value", name=name, value=value)
    target, change = target_words(row.target, row.metric, viewer), format_change(row.deviation)
    return viewer.say("headline.target", name=name, value=value, target=target, change=change)
