"""What does a person see of a file: what it seems to hold, and what came of it?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from core.domain import catalogue
from core.domain.imports import ImportKind, ImportResult, Outweighed, Preview
from core.domain.metrics import Metric
from core.domain.rejections import Rejected
from core.domain.workspaces import Locale
from core.i18n.dates import say_range
from core.i18n.numbers import format_value
from core.messages.cards.kpi_words import Viewer
from core.messages.model import (
    Actions,
    Block,
    Button,
    Column,
    Context,
    Field,
    Fields,
    Form,
    Heading,
    Message,
    Option,
    Paragraph,
    Phrase,
    Press,
    Table,
)
from core.messages.phrases import say

COMMAND = "ops import"
# What a phone shows side by side.
SHOWN_COLUMNS = 6
SHOWN_LETTERS = 24
SHOWN_REJECTED = 10
SHOWN_OUTWEIGHED = 10


def ask_card(locale: Locale) -> Message:
    """Asks for a file."""
    heading = say(locale, "imports.ask.heading")
    file = Field("file", say(locale, "imports.ask.file"), "file", hint=say(locale, "imports.ask.hint"))
    form = Form(say(locale, "imports.ask.title"), (file,), Button(say(locale, "imports.ask.send"), Press(COMMAND, {}), "primary"))
    return Message((Heading((heading,)), form), heading, "imports.ask", locale.value)


def preview_card(preview: Preview, ref: str, locale: Locale, unnamed: Collection[str] = ()) -> Message:
    """The first rows, and the columns as they were understood, to be confirmed or corrected. `unnamed` are fields that still need a column."""
    heading = say(locale, f"imports.preview.{preview.kind}", file=preview.filename)
    blocks: list[Block] = [Heading((heading,)), _rows(preview)]
    if preview.total:
        blocks.append(Context((say(locale, "imports.preview.total", rows=f"{preview.total:,}"),)))
    if preview.kind is ImportKind.ORDERS:
        blocks += [*_unused(preview, locale), _form(preview, ref, locale, unnamed)]
    blocks.append(Actions(_buttons(preview, ref, locale)))
    return Message(tuple(blocks), heading, "imports.preview", locale.value)


def _unused(preview: Preview, locale: Locale) -> list[Block]:
    """Names the columns that say nothing to us, a status of refunds among them."""
    left = [name for name in dict.fromkeys(preview.headers) if name and name not in preview.columns.values()]
    return [Context((say(locale, "imports.preview.unused", names=say(locale, "task.comma").join(left)),))] if left else []


def result_card(result: ImportResult, viewer: Viewer) -> Message:
    """What was kept, which days it touched, what was not kept and why, and what is kept but not shown."""
    locale = viewer.locale
    heading = say(locale, f"imports.done.{_outcome(result)}", file=result.filename, days=result.days, changed=f"{result.changed:,}")
    blocks: list[Block] = [Heading((heading,)), Fields(_facts(result, locale))]
    if result.rejected:
        blocks.append(Paragraph(((say(locale, "imports.done.refused"),), *_refused(result, locale))))
    buttons = [Button(say(locale, "imports.done.board"), Press("kpi board", {}), "primary")]
    if result.outweighed:
        blocks += [Paragraph(((say(locale, "imports.outweighed.heading"),), *_outweighed(result, viewer)))]
        blocks += [Context((say(locale, "imports.outweighed.hint"),))]
        buttons.append(Button(viewer.say("button.log"), Press("kpi log", {})))
    blocks.append(Actions(tuple(buttons)))
    return Message(tuple(blocks), heading, "imports.done", locale.value)


def refusal(rejected: Rejected, locale: Locale) -> str:
    """第 3 行「数量」：没看懂「abc」。"""
    reason = say(locale, rejected.reason, **rejected.args)
    key = "sources.rejected.cell" if rejected.column else "sources.rejected.row"
    return say(locale, key, line=rejected.line, column=rejected.column, reason=reason)


def _rows(preview: Preview) -> Table:
    columns = tuple(Column(name) for name in preview.headers[:SHOWN_COLUMNS])
    rows = tuple(tuple((_short(cell),) for cell in cells[:SHOWN_COLUMNS]) for cells in preview.rows)
    return Table(columns, rows)


def _short(cell: str) -> str:
    return cell if len(cell) <= SHOWN_LETTERS else f"{cell[: SHOWN_LETTERS - 1]}…"


def _form(preview: Preview, ref: str, locale: Locale, unnamed: Collection[str]) -> Form:
    headers = tuple(Option(name, name) for name in dict.fromkeys(preview.headers) if name)
    fields = tuple(
        Field(
            name=name,
            label=say(locale, f"ops.command.import.field.{name}"),
            kind="select",
            value=chosen,
            error=say(locale, "imports.preview.needed") if name in unnamed else "",
            required=name in preview.required,
            options=headers,
        )
        for name, chosen in preview.columns.items()
    )
    return Form(say(locale, "imports.preview.columns"), fields, _confirm(preview, ref, locale))


def _confirm(preview: Preview, ref: str, locale: Locale) -> Button:
    press = Press(COMMAND, {"file": ref, "kind": preview.kind.value, "confirmed": "yes"})
    return Button(say(locale, "imports.preview.confirm"), press, "primary")


def _buttons(preview: Preview, ref: str, locale: Locale) -> tuple[Button, ...]:
    """Confirming, where no form does, and the other kind, for a wrong guess."""
    other = ImportKind.READINGS if preview.kind is ImportKind.ORDERS else ImportKind.ORDERS
    instead = Button(say(locale, f"imports.preview.instead.{other}"), Press(COMMAND, {"file": ref, "kind": other.value}))
    return (instead,) if preview.kind is ImportKind.ORDERS else (_confirm(preview, ref, locale), instead)


def _outcome(result: ImportResult) -> str:
    if not result.kept:
        return "nothing"
    if result.unchanged:
        return "outweighed" if result.outweighed else "unchanged"
    return result.kind.value


def _facts(result: ImportResult, locale: Locale) -> tuple[tuple[str, Phrase], ...]:
    facts: list[tuple[str, str]] = [("kept", f"{result.kept - result.partly:,}")]
    if result.partly:
        facts.append(("partly", f"{result.partly:,}"))
    if result.unused:
        facts.append(("rejected", f"{result.unused:,}"))
    if result.invoices:
        facts.append(("invoices", f"{result.invoices:,}"))
    if result.first and result.last:
        # Always with the year: a file of the past is read like one of today.
        facts.append(("range", say_range(result.first, result.last, locale, today=date.min)))
    facts.append(("days", f"{result.days:,}"))
    return tuple((say(locale, f"imports.done.label.{label}"), (words,)) for label, words in facts)


def _refused(result: ImportResult, locale: Locale) -> list[Phrase]:
    shown: list[Phrase] = [(refusal(rejected, locale),) for rejected in result.rejected[:SHOWN_REJECTED]]
    more = result.rejected_count - len(shown)
    return [*shown, (say(locale, "imports.done.more", n=more),)] if more else shown


def _outweighed(result: ImportResult, viewer: Viewer) -> list[Phrase]:
    shown: list[Phrase] = [(_kept_beside(item, viewer),) for item in result.outweighed[:SHOWN_OUTWEIGHED]]
    more = result.outweighed_count - len(shown)
    return [*shown, (say(viewer.locale, "imports.done.more", n=more),)] if more else shown


def _kept_beside(item: Outweighed, viewer: Viewer) -> str:
    """Line 2, DAU, 22 Nov: 12K from the file is kept beside 85K that was typed, which counts before files."""
    metric = catalogue.metric(item.reading.metric)
    return say(
        viewer.locale,
        f"imports.outweighed.{item.shown.source}",
        line=item.line,
        name=viewer.name(metric),
        period=viewer.period(item.reading.period),
        value=_whole(item.reading.value, metric, viewer),
        shown=_whole(item.shown.value, metric, viewer),
    )


def _whole(value: Decimal, metric: Metric, viewer: Viewer) -> str:
    """The value to its last digit, so that two that differ never look alike."""
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return format_value(value, metric.unit, viewer.locale, viewer.currency, step=Decimal(1).scaleb(exponent))
