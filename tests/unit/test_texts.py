"""Do sentences get their places filled, whatever a person typed into them?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.workspaces import Locale
from core.i18n.texts import filled, text
from core.messages.model import Bold, ChannelLink, Code, Date, Link, Mention
from core.messages.phrases import joined, phrase, plain, say


@given(st.text())
def test_what_a_person_typed_stands_in_the_sentence_as_it_is(typed: str) -> None:
    assert text(Locale.EN, "ops.help.unknown", typed=typed).startswith(f"There is no command “{typed}”")


@pytest.mark.parametrize(("number", "words"), [(1, "1 day"), (0, "0 days"), (2, "2 days")])
def test_a_number_chooses_its_word(number: int, words: str) -> None:
    assert filled(number, "day|days") == words


def test_a_format_is_followed() -> None:
    assert filled(1234, ",") == "1,234"


def test_an_unknown_key_and_an_unfilled_place_are_faults() -> None:
    with pytest.raises(KeyError):
        text(Locale.EN, "kernel.nothing")
    with pytest.raises(KeyError):
        text(Locale.EN, "ops.help.unknown")


def test_a_phrase_keeps_pieces_as_pieces_and_words_as_words() -> None:
    code = Code("/kpi board")
    found = phrase(Locale.EN, "ops.help.unknown", typed=code)
    assert found[1] is code
    assert plain(found) == text(Locale.EN, "ops.help.unknown", typed="/kpi board")
    assert phrase(Locale.EN, "ops.help.unknown", typed=("a ", code))[1:3] == ("a ", code)


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (Bold("b"), "b"),
        (Code("c"), "c"),
        (Mention(1, "林晓"), "@林晓"),
        (ChannelLink(1, "ops"), "#ops"),
        (Link("here", "https://shop.example"), "here"),
        (Date("3 Jun", date(2024, 6, 3)), "3 Jun"),
        (("a", Bold("b")), "ab"),
    ],
)
def test_pieces_become_their_words(piece: object, words: str) -> None:
    assert say(Locale.EN, "ops.help.unknown", typed=piece) == text(Locale.EN, "ops.help.unknown", typed=words)


def test_phrases_are_joined_with_what_parts_them() -> None:
    assert joined([("a",), (Bold("b"), "c"), ()], ", ") == ("a", ", ", Bold("b"), "c", ", ")
