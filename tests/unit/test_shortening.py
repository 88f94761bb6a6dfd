"""Is a text cut where a person would cut it?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.shortening import MARK, shorten, shorten_phrase
from core.domain.quantities import Unit
from core.domain.readings import State
from core.messages.model import Bold, Code, Link, Mention, Number
from core.messages.phrases import plain

FIGURE = Number("8.5万", Decimal(85000), Unit.COUNT, State.FINAL)


@given(st.text(), st.integers(1, 50))
def test_a_text_fits_and_says_when_it_is_cut(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert len(cut) <= limit
    assert cut == text if len(text) <= limit else cut.endswith(MARK)


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("GMV 257,000 yesterday", 8, "GMV…"),
        ("GMV 257,000 yesterday", 12, "GMV 257,000…"),
        ("昨天成交额8.5万", 8, "昨天成交额…"),
        ("昨天成交额和订单", 6, "昨天成交额…"),
        ("https://example.org/a", 10, "https://e…"),
        ("ab", 1, "…"),
    ],
)
def test_a_word_or_a_figure_is_not_cut_through(text: str, limit: int, cut: str) -> None:
    assert shorten(text, limit) == cut


def test_a_phrase_keeps_its_structure() -> None:
    assert shorten_phrase(("DAU ", Bold("much too long"), FIGURE), 10) == ("DAU ", Bold("much…"))
    assert shorten_phrase((Link("the whole report", "https://example.org"), "!"), 8) == (Link("the…", "https://example.org"),)


@pytest.mark.parametrize("piece", [FIGURE, Mention(7, "林晓岚"), Code("/kpi log")])
def test_what_would_say_something_else_when_cut_goes_whole(piece: Number | Mention | Code) -> None:
    assert shorten_phrase(("DAU ", piece, " today"), 6) == ("DAU ", MARK)
    assert shorten_phrase((piece,), len(plain(piece))) == (piece,)
