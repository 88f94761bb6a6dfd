"""What does a message with every block and every inline piece look like? For the contract suite and for looking at platforms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.domain.quantities import Unit
from core.domain.readings import State
from core.domain.workspaces import Locale
from core.messages.model import (
    Actions,
    Block,
    Bold,
    Button,
    ChannelLink,
    Chart,
    Code,
    Column,
    Context,
    Date,
    Divider,
    Field,
    Fields,
    File,
    Form,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Number,
    Option,
    Panel,
    Paragraph,
    Press,
    Table,
)

WORDS = {
    Locale.ZH: ("昨天 GMV 达成 95%，DAU 落后目标 15%", "指标", "实际", "偏差", "负责人", "标记完成", "记一条指标", "写 8.5万、85000 或 85k"),
    Locale.EN: ("GMV at 95% of target, DAU 15% behind", "Metric", "Actual", "Deviation", "Owner", "Mark done", "Log a figure", "Write 85000 or 85k"),
}


def inlines(word: str) -> tuple[Inline, ...]:
    """Every inline piece, each carrying the word."""
    return (
        word,
        Bold(word),
        Code(word),
        Mention(7, word),
        ChannelLink(3, word),
        Link(word, "https://example.org/a?b=1&c=2"),
        Date(word, date(2024, 6, 7)),
        Number(word, Decimal("85000"), Unit.COUNT, State.FINAL, "bad"),
    )


def blocks(word: str, label: str = "label") -> tuple[Block, ...]:
    """Every block, each carrying the word wherever it takes words."""
    press = Press("task done", {"task": word})
    choices = (Option("a", word), Option("b", "B"))
    kinds = ("text", "multiline", "number", "date", "select", "multiselect", "file")
    fields = tuple(Field(f"f{kind}", word, kind, word, word, word, word, options=choices) for kind in kinds)  # type: ignore[arg-type]  # literals
    return (
        Heading(inlines(word)),
        Paragraph((inlines(word), (word,))),
        Fields(((label, inlines(word)), (word, ("value",)))),
        Table((Column(word), Column(label, "right")), ((inlines(word), ("1",)),), total=20),
        Chart(word, word, word, (Panel(word, word, (word,)),)),
        File(word, "text/csv", "ref", 2048),
        Actions((Button(word, press, "primary", confirm=word, token="token"), Button(label, press, token="other"))),
        Form(word, fields, Button(word, press, "primary", token="token")),
        Context(inlines(word)),
        Divider(),
    )


def sample(locale: Locale) -> Message:
    """A card as it could come in the morning, with every block."""
    first, metric, actual, deviation, owner, done, title, hint = WORDS[locale]
    number = Number("8.5万" if locale is Locale.ZH else "85K", Decimal(85000), Unit.COUNT, State.FINAL)
    behind = Number("−15%", Decimal("-0.15"), Unit.RATE, State.FINAL, "bad")
    press = Press("task done", {"task": "T-12"})
    body: tuple[Block, ...] = (
        Heading((first,)),
        Paragraph(
            (("T-12 ", Bold("主会场页面" if locale is Locale.ZH else "Main page"), " ", Mention(7, "林晓"), " ", Date("6月7日", date(2024, 6, 7))),)
        ),
        Fields(((owner, (Mention(7, "林晓"),)), ("ROI", ("2.2:1",)))),
        Table((Column(metric), Column(actual, "right"), Column(deviation, "right")), ((("DAU",), (number,), (behind,)),), total=6),
        Chart("digest", first, "28", (Panel("DAU", "8.5万"),)),
        File("orders.csv", "text/csv", "ref", 2048),
        Divider(),
        Form(title, (Field("dau", "DAU", "number", "8.5w", hint=hint),), Button("OK", press, "primary", token="form")),
        Actions((Button(done, press, "primary", confirm=done, token="done"),)),
        Context((Code("/kpi board"), " ", ChannelLink(3, "ops"), " ", Link("618", "https://example.org"))),
    )
    return Message(body, first, card="sample", locale=locale.value)
