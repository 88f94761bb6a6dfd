"""Does a line fall into the words that its writer meant?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kernel.words import quoted, words


def texts(line: str) -> list[str]:
    return [word.text for word in words(line)]


def keyed(line: str) -> list[tuple[str | None, str]]:
    return [(word.key, word.text) for word in words(line)]


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "””", "““", "”“", '“"', "‘’", "’’", "「」", "『』", "«»", "＂＂", "„“"])
def test_quotes_of_any_style_hold_together(quotes: str) -> None:
    assert texts(f"add {quotes[0]}备货 A 款{quotes[1]} now") == ["add", "备货 A 款", "now"]


@pytest.mark.parametrize("line", ['say "hello', "don't do it", 'a 15" screen', "rock 'n roll", "他说“好"])
def test_a_quote_that_is_never_closed_is_an_ordinary_character(line: str) -> None:
    assert texts(line) == line.split()


def test_a_quote_in_the_middle_of_a_quoted_text_stays() -> None:
    assert texts('"a 5"x7 print" b') == ['a 5"x7 print', "b"]


@pytest.mark.parametrize(
    "line", ["dau=8.5万", "dau＝8.5万", "dau = 8.5万", "dau= 8.5万", "--dau 8.5万", "--dau=8.5万", "—dau 8.5万", "––dau"[1:] + " 8.5万"]
)
def test_a_value_is_named_by_its_key(line: str) -> None:
    assert keyed(line) == [("dau", "8.5万")]


@pytest.mark.parametrize("dash", ["--", "—", "–", "——"])
def test_dashes_that_phones_make_of_two_hyphens_name_too(dash: str) -> None:
    assert keyed(f"{dash}owner lin {dash}due=周五") == [("owner", "lin"), ("due", "周五")]


def test_a_flag_takes_a_quoted_value() -> None:
    assert keyed('--note "all in" end') == [("note", "all in"), (None, "end")]


@pytest.mark.parametrize("line", ["--owner", "--owner ", "--owner due=周五", "--owner --due 周五"])
def test_a_flag_without_a_value_stays_empty(line: str) -> None:
    assert keyed(line)[0] == ("owner", "")


def test_an_empty_quoted_value_does_not_take_the_next_word() -> None:
    assert keyed('--note "" end') == [("note", ""), (None, "end")]


@pytest.mark.parametrize(
    ("line", "value"),
    [("cac<=50", "<=50"), ("cac ≤ ¥50", "≤ ¥50"), ("cac=<=50", "<=50"), ("cac＜50", "＜50"), ("cac≥8%", "≥8%"), ("cac=≥ 8%", "≥ 8%")],
)
def test_a_comparator_assigns_and_stays_with_the_figure(line: str, value: str) -> None:
    assert keyed(line) == [("cac", value)]


def test_a_chinese_name_is_a_key() -> None:
    assert keyed("转化率≥8% 客单价=¥120") == [("转化率", "≥8%"), ("客单价", "¥120")]


@pytest.mark.parametrize("line", ["<!channel>", "a<b", "-3d", "https://shop.example/a?b=1", "=5", "--", "—", "2024-06-03", "3:1"])
def test_what_only_looks_like_a_key_is_a_word(line: str) -> None:
    assert keyed(line) == [(None, line)]


def test_full_width_spaces_part_words() -> None:
    assert texts("看板\u3000昨天\u3000周") == ["看板", "昨天", "周"]


@given(st.text(max_size=60))
def test_every_character_but_spaces_stands_in_a_word_as_it_was_written(line: str) -> None:
    found = words(line)
    assert "".join("".join(word.raw.split()) for word in found) == "".join(line.split())
    assert [word.end for word in found] == sorted({word.end for word in found})


@given(st.text(alphabet=st.characters(exclude_characters="\"“”„＂'‘’＇「『«=＝<>≤≥＜＞-–—"), min_size=1).filter(str.strip))
def test_a_quoted_text_is_one_word(text: str) -> None:
    line = quoted(text)
    assert texts(f"{line} end") == [text, "end"]


@pytest.mark.parametrize(
    ("line", "value"), [("gmv=25 万", "25 万"), ("gmv=1,200.5  元 昨天", "1,200.5  元"), ("roi>=3 k", ">=3 k"), ("gmv=25 万科", "25")]
)
def test_a_space_before_a_unit_does_not_part_a_figure(line: str, value: str) -> None:
    assert words(line)[0].text == value
