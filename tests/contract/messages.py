"""What could a message hold at all? Strategies for any message and any form: empty, long, many, and in every script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

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
    Paragraph,
    Press,
    Table,
)

Item = TypeVar("Item")

PIECES = ("", " ", "\n", "a", "达", "🔔", "<", "&", "*", "`", "&lt;", "<!channel>", "8.5万")
TIMES = (1, 1, 1, 80, 900)


def repeated(items: st.SearchStrategy[Item], most: int, times: Sequence[int], least: int = 0) -> st.SearchStrategy[tuple[Item, ...]]:
    """A few different items, and these again and again, so that many are made quickly."""
    some = st.lists(items, min_size=least, max_size=most)
    return st.builds(lambda few, again: tuple(few * again), some, st.sampled_from(times))


words = st.builds(
    lambda few, again: "".join(few) * again, st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=4), st.sampled_from(TIMES)
)
names = words.map(lambda name: name[:200])
tokens = st.text("abcdef", max_size=8).map(lambda token: token * 250)
inlines: st.SearchStrategy[Inline] = st.one_of(
    words,
    st.builds(Bold, words),
    st.builds(Code, words),
    st.builds(Mention, st.integers(0, 9), names),
    st.builds(ChannelLink, st.integers(0, 9), names),
    st.builds(Link, names, st.sampled_from(("https://example.org/?a=1&b=2", "javascript:alert(1)", "http://["))),
    st.builds(Date, names, st.just(date(2024, 6, 7))),
    st.builds(Number, names, st.just(Decimal(1)), st.just(Unit.COUNT), st.just(State.FINAL), st.sampled_from(("neutral", "bad"))),
)
phrases = st.lists(inlines, max_size=2).map(tuple)
buttons = st.builds(Button, names, st.just(Press("kpi board", {})), st.sampled_from(("primary", "plain", "danger")), st.none() | names, tokens)
options = st.builds(Option, names, names)
kinds = st.sampled_from(("text", "multiline", "number", "date", "select", "multiselect", "file"))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form whose fields have names of their own."""
    made = draw(st.lists(st.tuples(kinds, words, words, words, words, words, repeated(options, 3, (1, 40))), min_size=1, max_size=5))
    fields = tuple(
        Field(f"field{place}", label, kind, value, placeholder, hint, error, draw(st.booleans()), choices)
        for place, (kind, label, value, placeholder, hint, error, choices) in enumerate(made)
    )
    return Form(draw(words), fields, draw(buttons), draw(tokens))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table with as many cells in each row as there are columns."""
    columns = draw(repeated(st.builds(Column, names, st.sampled_from(("left", "right"))), 3, (1, 1, 9), least=1))
    row = st.lists(phrases, min_size=len(columns), max_size=len(columns)).map(tuple)
    return Table(columns, draw(repeated(row, 2, (1, 5, 60))), draw(st.none() | st.integers(0, 500)))


blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, phrases),
    st.builds(Paragraph, repeated(phrases, 3, (1, 12))),
    st.builds(Fields, repeated(st.tuples(names, phrases), 3, (1, 12))),
    tables(),
    st.builds(Chart, st.sampled_from(("digest", "other")), words, words, st.just(())),
    st.builds(File, names, st.just("text/csv"), st.just("ref"), st.integers(0, 10**9)),
    st.builds(Actions, repeated(buttons, 3, (1, 12))),
    forms(),
    st.builds(Context, phrases),
    st.builds(Divider),
)
messages = st.builds(
    Message,
    repeated(blocks, 3, (1, 1, 1, 18)),
    words,
    st.sampled_from(("", "kpi.board")),
    st.sampled_from([locale.value for locale in Locale]),
    names | words,
)
