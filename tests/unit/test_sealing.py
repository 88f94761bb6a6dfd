"""Does a sealed value open in its own place, with its own key, and nowhere else?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigurationError, SealError
from core.storage.sealing import Place, Sealer, new_key

SEALER = Sealer(bytes(range(32)))
PLACE = Place("members", "7", "name")


@given(st.binary(max_size=200), st.text(), st.text(), st.text())
def test_what_was_sealed_opens_in_its_place(content: bytes, table: str, row: str, field: str) -> None:
    place = Place(table, row, field)
    assert SEALER.open(SEALER.seal(content, place), place) == content


def test_the_same_content_is_never_sealed_the_same() -> None:
    assert SEALER.seal(b"x", PLACE) != SEALER.seal(b"x", PLACE)


@pytest.mark.parametrize("place", [Place("tasks", "7", "name"), Place("members", "8", "name"), Place("members", "7", "title")])
def test_it_opens_nowhere_else(place: Place) -> None:
    with pytest.raises(SealError, match="moved from another row"):
        SEALER.open(SEALER.seal(b"x", PLACE), place)


@given(*(st.text("\\x\x1fa", max_size=3) for _ in range(6)))
def test_two_places_are_never_bound_alike(table: str, row: str, field: str, other_table: str, other_row: str, other_field: str) -> None:
    one, other = Place(table, row, field), Place(other_table, other_row, other_field)
    assert (one.bound() == other.bound()) == (one == other)


@pytest.mark.parametrize("at", [5, 20, -1])
def test_changed_bytes_do_not_open(at: int) -> None:
    sealed = bytearray(SEALER.seal(b"content", PLACE))
    sealed[at] ^= 1
    with pytest.raises(SealError):
        SEALER.open(bytes(sealed), PLACE)


@pytest.mark.parametrize("length", [0, 4, 5, 20])
def test_cut_bytes_do_not_open(length: int) -> None:
    with pytest.raises(SealError):
        SEALER.open(SEALER.seal(b"content", PLACE)[:length], PLACE)


def test_another_key_is_told_from_a_changed_value() -> None:
    with pytest.raises(SealError, match="another key"):
        Sealer(bytes(32)).open(SEALER.seal(b"x", PLACE), PLACE)


def test_a_written_key_is_read_with_and_without_padding() -> None:
    written = new_key()
    sealed = Sealer.from_text(written).seal(b"x", PLACE)
    assert Sealer.from_text(f" {written.rstrip('=')}\n").open(sealed, PLACE) == b"x"


@pytest.mark.parametrize("written", ["", "short", "é" * 43, "A" * 60])
def test_what_is_no_key_is_refused_with_what_to_set(written: str) -> None:
    with pytest.raises(ConfigurationError, match="MORNINGBELL_KEY"):
        Sealer.from_text(written)


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert len({SEALER.derive("seal"), SEALER.derive("token"), SEALER.derive("pseudonym")}) == 3


def test_a_pseudonym_is_the_same_for_the_same_value_under_the_same_key() -> None:
    assert SEALER.pseudonym("12347") == SEALER.pseudonym("12347") != SEALER.pseudonym("12348")
    assert Sealer(bytes(32)).pseudonym("12347") != SEALER.pseudonym("12347")
