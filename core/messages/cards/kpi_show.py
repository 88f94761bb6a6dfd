"""What is there to know about one metric, on one card?"""

from __future__ import annotations

from core.domain.boards import Detail, Row
from core.domain.periods import Grain
from core.domain.readings import Figure, State
from core.i18n.dates import say_range
from core.i18n.numbers import NOTHING, format_column
from core.messages.cards.kpi_words import (
    Viewer,
    actual,
    change_words,
    deviation_words,
    headline,
    message,
    number,
    share,
    state_mark,
    target_words,
    tone_of,
)
from core.messages.model import (
    Actions,
    Band,
    Block,
    Button,
    Chart,
    Column,
    Context,
    Fields,
    Heading,
    Message,
    Number,
    Panel,
    Phrase,
    Point,
    Press,
    Table,
)
from core.messages.phrases import plain

TABLE_ROWS = 14


def show_card(detail: Detail, viewer: Viewer) -> Message:
    """The figure against target and past, its line, and the last figures one by one."""
    heading = viewer.say("show.heading", line=headline(detail.row, viewer), period=viewer.period(detail.row.figure.period, detail.row.campaign))
    blocks: list[Block] = [Heading((heading,)), Fields(_facts(detail, viewer))]
    known = [figure for figure in detail.figures if figure.value is not None]
    if detail.row.metric.grain is not Grain.CAMPAIGN and len(known) > 1:
        blocks.append(_chart(detail, heading, viewer))
    if known:
        blocks.append(_table(detail, viewer))
    blocks += [Context((_definition(detail.row, viewer),)), Actions(_buttons(detail, viewer))]
    return message("show", tuple(blocks), heading, viewer)


def panel_of(row: Row, figures: tuple[Figure, ...], viewer: Viewer) -> Panel:
    """The metric as one panel of small multiples: the number, attainment and deviation, the line, and the target where it is of the line's grain."""
    points = tuple(Point(figure.period.start, figure.value, figure.state) for figure in figures)
    aim = row.target if row.figure.period.grain is row.metric.grain else None
    label = viewer.say("chart.target", target=plain(target_words(aim, row.metric, viewer))) if aim else ""
    shown = number(row.figure, row.metric, viewer).text
    return Panel(viewer.name(row.metric), shown, _notes(row, viewer), tone_of(row), points, aim.value if aim else None, label)


def _notes(row: Row, viewer: Viewer) -> tuple[str, ...]:
    deviation = plain(deviation_words(row, viewer))
    if row.deviation is None or row.attainment is None:
        return () if deviation == NOTHING else (deviation,)
    return (viewer.say("chart.attained", share=share(row.attainment, row.figure.state, viewer)), deviation)


def _facts(detail: Detail, viewer: Viewer) -> tuple[tuple[str, Phrase], ...]:
    row = detail.row
    facts: list[tuple[str, Phrase]] = [
        ("period", (viewer.period(row.figure.period, row.campaign),)),
        ("actual", actual(row.figure, row.metric, viewer)),
        ("target", target_words(row.target, row.metric, viewer)),
    ]
    if row.attainment is not None:
        facts.append(("attainment", (share(row.attainment, row.figure.state, viewer),)))
    if row.deviation is not None:
        facts.append(("deviation", deviation_words(row, viewer)))
    facts.append(("state", (state_mark(row.figure, viewer) or viewer.say(f"state.{row.figure.state.value}"),)))
    pairs = [(viewer.say(f"column.{label}"), words) for label, words in facts]
    grain = "day" if row.figure.period.grain is Grain.DAY else "longer"
    pairs += [(viewer.say(f"against.{grain}.{item.against.value}"), change_words(item, row.metric, viewer)) for item in detail.compared]
    return tuple(pairs)


def _chart(detail: Detail, heading: str, viewer: Viewer) -> Chart:
    metric = detail.row.metric
    caption = say_range(detail.figures[0].period.start, detail.figures[-1].period.end, viewer.locale, today=viewer.today)
    bands = tuple(Band(campaign.name, campaign.launch, campaign.end) for campaign in detail.bands)
    alt = viewer.say("chart.alt", name=viewer.name(metric), stretch=caption, line=heading)
    return Chart(f"kpi-{metric.code}", alt, caption, (panel_of(detail.row, detail.figures, viewer),), bands)


def _table(detail: Detail, viewer: Viewer) -> Table:
    """The newest figures first, in one column of one scale."""
    metric = detail.row.metric
    shown = tuple(reversed(detail.figures))[:TABLE_ROWS]
    texts = format_column([figure.value for figure in shown], metric.unit, viewer.locale, viewer.currency)
    names = {campaign.id: campaign for campaign in detail.bands}
    rows = [
        ((viewer.period(figure.period, names.get(figure.period.campaign or 0)),), _cell(figure, text, detail.row, viewer))
        for figure, text in zip(shown, texts, strict=True)
    ]
    columns = (Column(viewer.say("column.period")), Column(viewer.name(metric), "right"))
    return Table(columns, tuple(rows), len(detail.figures) if len(detail.figures) > len(shown) else None)


def _cell(figure: Figure, text: str, row: Row, viewer: Viewer) -> Phrase:
    if figure.value is None:
        return (number(figure, row.metric, viewer),)
    mark = state_mark(figure, viewer)
    return (Number(text, figure.value, row.metric.unit, figure.state), *((f" {mark}",) if mark else ()))


def _definition(row: Row, viewer: Viewer) -> str:
    return viewer.say("show.definition", definition=row.metric.definition.of(viewer.locale), code=row.metric.code)


def _buttons(detail: Detail, viewer: Viewer) -> tuple[Button, ...]:
    log = Button(viewer.say("button.log"), Press("kpi log", {}), "primary" if detail.row.figure.state is State.MISSING else "plain")
    return (Button(viewer.say("button.board"), Press("kpi board", {})), log)
