"""Is a written figure read exactly, or refused with the reason?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quantities import (
    CURRENCIES,
    SYMBOLS,
    Comparator,
    Quantity,
    QuantityError,
    QuantityReason,
    Unit,
    fits,
    parse_quantity,
)

PLAIN = [
    ("10万", "100000", "10000"),
    ("8.5万", "85000", "1000"),
    ("８．５万", "85000", "1000"),
    ("8。5万", "85000", "1000"),
    ("1.2亿", "120000000", "10000000"),
    ("3百万", "3000000", "1000000"),
    ("2千万", "20000000", "10000000"),
    ("5十万", "500000", "100000"),
    ("1万亿", "1000000000000", "1000000000000"),
    ("85k", "85000", "1000"),
    ("85 K", "85000", "1000"),
    ("1.2M", "1200000", "100000"),
    ("1.2 million", "1200000", "100000"),
    ("3bn", "3000000000", "1000000000"),
    ("2B", "2000000000", "1000000000"),
    ("1,234.5", "1234.5", "0.1"),
    ("1，234，567", "1234567", "1"),
    ("1 234.5", "1234.5", "0.1"),
    ("1\u00a0234.5", "1234.5", "0.1"),
    ("1\u2009234\u2009567", "1234567", "1"),
    ("\ufeff85\u200b", "85", "1"),
    ("12,345万", "123450000", "10000"),
    (".5", "0.5", "0.1"),
    ("0.350", "0.35", "0.001"),
    ("-5", "-5", "1"),
    ("−5", "-5", "1"),
    ("－５", "-5", "1"),
    ("-0", "0", "1"),
]

MARKED = [
    ("2000万元", Unit.MONEY, "20000000", "CNY"),
    ("¥50", Unit.MONEY, "50", "CNY"),
    ("￥50", Unit.MONEY, "50", "CNY"),
    ("¥5万元", Unit.MONEY, "50000", "CNY"),
    ("50 人民币", Unit.MONEY, "50", "CNY"),
    ("−¥5", Unit.MONEY, "-5", "CNY"),
    ("¥-5", Unit.MONEY, "-5", "CNY"),
    ("$1.2m", Unit.MONEY, "1200000", "USD"),
    ("1.2m USD", Unit.MONEY, "1200000", "USD"),
    ("£3,200.50", Unit.MONEY, "3200.5", "GBP"),
    ("€5", Unit.MONEY, "5", "EUR"),
    ("20 EUR", Unit.MONEY, "20", "EUR"),
    ("20gbp", Unit.MONEY, "20", "GBP"),
    ("HK$7", Unit.MONEY, "7", "HKD"),
    ("JP¥700", Unit.MONEY, "700", "JPY"),
    ("35%", Unit.RATE, "0.35", None),
    ("３５％", Unit.RATE, "0.35", None),
    ("12.5 %", Unit.RATE, "0.125", None),
    ("百分之35", Unit.RATE, "0.35", None),
    ("3:1", Unit.RATIO, "3", None),
    ("2.2:1", Unit.RATIO, "2.2", None),
    ("3：1", Unit.RATIO, "3", None),
    ("3 : 2", Unit.RATIO, "1.5", None),
    ("30秒", Unit.DURATION, "30", None),
    ("2h", Unit.DURATION, "7200", None),
    ("2小时", Unit.DURATION, "7200", None),
    ("90min", Unit.DURATION, "5400", None),
    ("1.5 分钟", Unit.DURATION, "90", None),
    ("3天", Unit.DURATION, "259200", None),
    ("2周", Unit.DURATION, "1209600", None),
    ("250ms", Unit.DURATION, "0.25", None),
    ("30万人", Unit.COUNT, "300000", None),
    ("120 单", Unit.COUNT, "120", None),
]

COMPARED = [
    ("≥8%", Comparator.AT_LEAST, "0.08"),
    (">=8%", Comparator.AT_LEAST, "0.08"),
    ("＞＝8%", Comparator.AT_LEAST, "0.08"),
    ("不低于8%", Comparator.AT_LEAST, "0.08"),
    ("至少 8%", Comparator.AT_LEAST, "0.08"),
    ("At least 8%", Comparator.AT_LEAST, "0.08"),
    ("≤50元", Comparator.AT_MOST, "50"),
    ("<= 50元", Comparator.AT_MOST, "50"),
    ("不超过50元", Comparator.AT_MOST, "50"),
    ("至多50元", Comparator.AT_MOST, "50"),
    ("at most ¥50", Comparator.AT_MOST, "50"),
    ("超过100", Comparator.ABOVE, "100"),
    ("<3", Comparator.BELOW, "3"),
    ("=3", Comparator.EQUAL, "3"),
    ("≥ −3", Comparator.AT_LEAST, "-3"),
]

REFUSED = [
    ("", QuantityReason.EMPTY),
    (" \u3000\u200b", QuantityReason.EMPTY),
    ("1" * 65, QuantityReason.TOO_LONG),
    ("nan", QuantityReason.NOT_FINITE),
    ("-Infinity", QuantityReason.NOT_FINITE),
    ("∞", QuantityReason.NOT_FINITE),
    ("3:0", QuantityReason.ZERO_DIVISOR),
    ("1000000000000000000", QuantityReason.TOO_LARGE),
    ("9999999亿亿", QuantityReason.NOT_A_FIGURE),
    ("−99999999999亿", QuantityReason.TOO_LARGE),
    ("2024-06-03", QuantityReason.NOT_A_FIGURE),
    ("2024.6.3", QuantityReason.NOT_A_FIGURE),
    ("6月3日", QuantityReason.NOT_A_FIGURE),
    ("12:30", QuantityReason.AMBIGUOUS),
    ("9:05", QuantityReason.AMBIGUOUS),
    ("3:1:2", QuantityReason.NOT_A_FIGURE),
    ("3:1元", QuantityReason.NOT_A_FIGURE),
    ("$50元", QuantityReason.NOT_A_FIGURE),
    ("¥35%", QuantityReason.NOT_A_FIGURE),
    ("1万%", QuantityReason.NOT_A_FIGURE),
    ("5pp", QuantityReason.NOT_A_FIGURE),
    ("2个百分点", QuantityReason.NOT_A_FIGURE),
    ("1e5", QuantityReason.NOT_A_FIGURE),
    ("5²", QuantityReason.NOT_A_FIGURE),
    ("٣", QuantityReason.NOT_A_FIGURE),
    ("5.", QuantityReason.NOT_A_FIGURE),
    ("--5", QuantityReason.NOT_A_FIGURE),
    ("-¥-5", QuantityReason.NOT_A_FIGURE),
    ("万", QuantityReason.NOT_A_FIGURE),
    ("≥", QuantityReason.NOT_A_FIGURE),
    ("5-8", QuantityReason.NOT_A_FIGURE),
    ("abc", QuantityReason.NOT_A_FIGURE),
    ("about 1,23", QuantityReason.NOT_A_FIGURE),
    ("v+5", QuantityReason.NOT_A_FIGURE),
]

AMBIGUOUS = [
    ("8.5w", ("8.5万",)),
    ("≥8.5W元", ("≥8.5万元",)),
    ("5m", ("5M", "5min")),
    ("5分", ("5分钟",)),
    ("1,23", ("1.23", "123")),
    ("1,23万", ("1.23万", "123万")),
    ("1,2345", ("1.2345", "12345")),
    ("1.234.567", ("1234.567", "1234567")),
    ("1.234,5", ("1234.5", "12345")),
    ("+10", ("10",)),
]


@pytest.mark.parametrize(("text", "value", "step"), PLAIN)
def test_a_bare_figure_is_exact_and_keeps_the_value_of_its_last_digit(text: str, value: str, step: str) -> None:
    assert parse_quantity(text) == Quantity(Decimal(value), step=Decimal(step))


@pytest.mark.parametrize(("text", "unit", "value", "currency"), MARKED)
def test_a_marked_figure_has_its_unit(text: str, unit: Unit, value: str, currency: str | None) -> None:
    quantity = parse_quantity(text)
    assert (quantity.unit, quantity.value, quantity.currency) == (unit, Decimal(value), currency)


@pytest.mark.parametrize(("text", "comparator", "value"), COMPARED)
def test_a_comparator_is_read_as_sign_or_words(text: str, comparator: Comparator, value: str) -> None:
    quantity = parse_quantity(text)
    assert (quantity.comparator, quantity.value) == (comparator, Decimal(value))


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_clear_figure_is_refused_with_the_reason(text: str, reason: QuantityReason) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert (caught.value.reason, caught.value.text) == (reason, text)


@pytest.mark.parametrize(("text", "meant"), AMBIGUOUS)
def test_an_ambiguous_figure_names_clear_writings_that_can_be_typed(text: str, meant: tuple[str, ...]) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text)
    assert (caught.value.reason, caught.value.meant) == (QuantityReason.AMBIGUOUS, meant)
    assert all(parse_quantity(one) for one in meant)


def test_the_step_follows_the_unit() -> None:
    steps = {text: parse_quantity(text).step for text in ("35%", "12.5%", "2h", "1.5分钟", "2.2:1", "£3,200.50")}
    expected = {"35%": "0.01", "12.5%": "0.001", "2h": "3600", "1.5分钟": "6", "2.2:1": "0.1", "£3,200.50": "0.01"}
    assert steps == {text: Decimal(step) for text, step in expected.items()}


def test_values_are_written_without_exponent_or_idle_zeros() -> None:
    assert [str(parse_quantity(text).value) for text in ("8.5万", "12.50%", "1.2亿", "-0.0")] == ["85000", "0.125", "120000000", "0"]


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_every_currency_is_read_by_code_and_by_its_own_symbol(currency: str) -> None:
    assert parse_quantity(f"5 {currency}").currency == currency
    assert parse_quantity(f"{SYMBOLS.get(currency, currency)}5").currency == currency


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("85k", Unit.COUNT, "85000"),
        ("85k", Unit.MONEY, "85000"),
        ("¥85k", Unit.MONEY, "85000"),
        ("2.2", Unit.RATIO, "2.2"),
        ("30", Unit.DURATION, "30"),
        ("0.35", Unit.RATE, "0.35"),
        ("35%", Unit.RATE, "0.35"),
        ("120%", Unit.RATE, "1.2"),
        ("0", Unit.RATE, "0"),
    ],
)
def test_a_figure_fits_the_unit_it_names_and_a_bare_one_fits_where_it_is_clear(text: str, unit: Unit, value: str) -> None:
    assert fits(parse_quantity(text), unit, "CNY") == Decimal(value)


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("35%", Unit.COUNT, QuantityReason.WRONG_UNIT),
        ("35%", Unit.MONEY, QuantityReason.WRONG_UNIT),
        ("¥50", Unit.COUNT, QuantityReason.WRONG_UNIT),
        ("3:1", Unit.RATE, QuantityReason.WRONG_UNIT),
        ("2h", Unit.COUNT, QuantityReason.WRONG_UNIT),
        ("30人", Unit.MONEY, QuantityReason.WRONG_UNIT),
        ("$50", Unit.MONEY, QuantityReason.WRONG_CURRENCY),
        ("35", Unit.RATE, QuantityReason.AMBIGUOUS),
        ("1", Unit.RATE, QuantityReason.AMBIGUOUS),
        ("-35", Unit.RATE, QuantityReason.AMBIGUOUS),
    ],
)
def test_a_figure_of_another_unit_or_currency_is_refused(text: str, unit: Unit, reason: QuantityReason) -> None:
    with pytest.raises(QuantityError) as caught:
        fits(parse_quantity(text), unit, "CNY")
    assert caught.value.reason is reason


def test_a_bare_rate_that_is_unclear_names_both_readings() -> None:
    with pytest.raises(QuantityError) as caught:
        fits(parse_quantity("35"), Unit.RATE, "CNY")
    assert caught.value.meant == ("35%", "3500%")


LIKELY = st.text(alphabet="0123456789.,: %+-−¥$￥万亿千百wkKmMbn分秒小时天元≥≤<>=至少ehdinf０９，％：()\u00a0\u2009\u200b", max_size=12)


def outcome(text: str) -> Quantity | QuantityError:
    try:
        return parse_quantity(text)
    except QuantityError as error:
        return error


@given(st.one_of(st.text(), LIKELY))
def test_any_text_is_a_finite_quantity_or_a_quantity_error(text: str) -> None:
    match outcome(text):
        case QuantityError() as error:
            assert error.text == text
        case Quantity() as quantity:
            assert quantity.step > 0
            assert abs(quantity.value) < Decimal(10) ** 18


@given(LIKELY)
def test_what_may_have_been_meant_is_never_what_was_refused(text: str) -> None:
    refused = outcome(text)
    assert isinstance(refused, Quantity) or text not in refused.meant


@given(st.decimals(min_value=0, max_value=10**11, places=4, allow_nan=False), st.sampled_from([("", 0), ("k", 3), ("万", 4), ("M", 6), ("%", -2)]))
def test_digits_are_never_rounded(number: Decimal, tail: tuple[str, int]) -> None:
    assert parse_quantity(f"{number:,f}{tail[0]}").value == number.scaleb(tail[1])
