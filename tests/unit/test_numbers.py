"""Does a figure read as people of each language write it, and does the parser read it back?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quantities import CURRENCIES, Quantity, Unit, parse_quantity
from core.domain.workspaces import Locale
from core.i18n.numbers import NOTHING, format_change, format_column, format_value, split_column

EXAMPLES = [
    (Unit.COUNT, "0", "0", "0"),
    (Unit.COUNT, "8.5", "8.5", "8.5"),
    (Unit.COUNT, "0.004", "0.004", "0.004"),
    (Unit.COUNT, "1043", "1,043", "1,043"),
    (Unit.COUNT, "9999.999", "1万", "10K"),
    (Unit.COUNT, "85000", "8.5万", "85K"),
    (Unit.COUNT, "286123", "28.6万", "286K"),
    (Unit.COUNT, "-85000", "−8.5万", "−85K"),
    (Unit.COUNT, "12345678", "1,235万", "12.3M"),
    (Unit.COUNT, "20000000", "2,000万", "20M"),
    (Unit.COUNT, "99999999", "1亿", "100M"),
    (Unit.COUNT, "120000000", "1.2亿", "120M"),
    (Unit.COUNT, "1200000000", "12亿", "1.2B"),
    (Unit.RATE, "0.35", "35%", "35%"),
    (Unit.RATE, "0.125", "12.5%", "12.5%"),
    (Unit.RATE, "0.1875", "18.8%", "18.8%"),
    (Unit.RATE, "0.0004", "0.04%", "0.04%"),
    (Unit.RATE, "1", "100%", "100%"),
    (Unit.RATIO, "3", "3:1", "3:1"),
    (Unit.RATIO, "2.2", "2.2:1", "2.2:1"),
    (Unit.DURATION, "30", "30秒", "30 s"),
    (Unit.DURATION, "59.97", "1分钟", "1 min"),
    (Unit.DURATION, "90", "1.5分钟", "1.5 min"),
    (Unit.DURATION, "7200", "2小时", "2 h"),
    (Unit.DURATION, "86400", "24小时", "24 h"),
    (Unit.DURATION, "259200", "3天", "3 d"),
]


@pytest.mark.parametrize(("unit", "value", "chinese", "english"), EXAMPLES)
def test_a_value_reads_as_its_locale_writes_it(unit: Unit, value: str, chinese: str, english: str) -> None:
    assert [format_value(Decimal(value), unit, locale) for locale in Locale] == [chinese, english]


@pytest.mark.parametrize(
    ("value", "currency", "chinese", "english"),
    [
        ("85000", "CNY", "¥8.5万", "¥85K"),
        ("3210.5", "GBP", "£3,210.50", "£3,210.50"),
        ("3210", "GBP", "£3,210", "£3,210"),
        ("0.5", "GBP", "£0.50", "£0.50"),
        ("-50", "CNY", "−¥50", "−¥50"),
        ("1200000", "USD", "$120万", "$1.2M"),
        ("5", "CHF", "CHF 5", "CHF 5"),
        ("5", "", "5", "5"),
    ],
)
def test_money_wears_its_symbol_behind_the_sign(value: str, currency: str, chinese: str, english: str) -> None:
    assert [format_value(Decimal(value), Unit.MONEY, locale, currency) for locale in Locale] == [chinese, english]


def test_only_money_wears_a_currency() -> None:
    assert format_value(Decimal(50), Unit.COUNT, Locale.ZH, "CNY") == "50"


def shown(quantity: Quantity, locale: Locale) -> str:
    """A figure to the digit that was written."""
    return format_value(quantity.value, quantity.unit or Unit.COUNT, locale, quantity.currency or "", quantity.step)


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        ("8.5万", "8.5万", "85K"),
        ("85123", "85,123", "85,123"),
        ("12345万", "12,345万", "123.45M"),
        ("18.75%", "18.75%", "18.75%"),
        ("50元", "¥50", "¥50"),
        ("2000万元", "¥2,000万", "¥20M"),
        ("90min", "1.5小时", "1.5 h"),
        ("100分钟", "100分钟", "100 min"),
        ("£3,200.50", "£3,200.50", "£3,200.50"),
    ],
)
def test_a_quantity_is_shown_to_the_digit_that_was_written(written: str, chinese: str, english: str) -> None:
    assert [shown(parse_quantity(written), locale) for locale in Locale] == [chinese, english]


def test_a_column_has_one_scale_and_one_precision() -> None:
    values = [Decimal(85000), None, Decimal(100000), Decimal(285700)]
    assert format_column(values, Unit.COUNT, Locale.ZH) == ["8.5万", NOTHING, "10.0万", "28.6万"]
    assert format_column([Decimal("0.35"), Decimal("0.125")], Unit.RATE, Locale.EN) == ["35.0%", "12.5%"]
    assert format_column([Decimal(0), Decimal("9999.5")], Unit.MONEY, Locale.EN, "GBP") == ["£0.00", "£9,999.50"]


def test_a_small_figure_of_a_column_is_not_lost_beside_a_large_one() -> None:
    assert format_column([Decimal(5), Decimal(120_000_000)], Unit.COUNT, Locale.ZH) == ["5", "120,000,000"]
    assert format_column([Decimal(85_000), Decimal(120_000_000)], Unit.COUNT, Locale.ZH) == ["8.5万", "12,000.0万"]


def test_an_empty_column_is_empty() -> None:
    assert format_column([], Unit.COUNT, Locale.ZH) == []
    assert format_column([None], Unit.RATE, Locale.EN) == [NOTHING]


def test_a_columns_mark_can_stand_in_its_header() -> None:
    assert split_column([Decimal(85000), None], Unit.MONEY, Locale.ZH) == ("万", ["8.5", NOTHING])


@pytest.mark.parametrize(("value", "text"), [("-0.26667", "−26.7%"), ("0.03", "+3%"), ("0", "0%"), ("-0.0004", "0%"), ("12.345", "+1,234.5%")])
def test_a_change_is_signed_with_one_decimal_at_most(value: str, text: str) -> None:
    assert format_change(Decimal(value)) == text


VALUES = st.one_of(
    st.decimals(min_value=-(10**15), max_value=10**15, places=6, allow_nan=False),
    st.decimals(min_value=-1000, max_value=1000, places=6, allow_nan=False),
    st.integers(-(10**6), 10**6).map(Decimal),
)
LOCALES = st.sampled_from(Locale)


@given(VALUES, st.sampled_from(Unit), LOCALES, st.sampled_from(sorted(CURRENCIES)))
def test_what_is_shown_is_read_back_at_the_shown_precision(value: Decimal, unit: Unit, locale: Locale, currency: str) -> None:
    written = format_value(value, unit, locale, currency)
    read = parse_quantity(written)
    assert abs(read.value - value) <= read.step / 2
    assert read.unit is (None if unit is Unit.COUNT else unit)
    assert read.currency == (currency if unit is Unit.MONEY else None)
    assert format_value(read.value, unit, locale, currency) == written


@given(VALUES, LOCALES)
def test_large_numbers_keep_three_digits(value: Decimal, locale: Locale) -> None:
    read = parse_quantity(format_value(value, Unit.COUNT, locale)).value
    assert abs(read - value) <= max(abs(value) * Decimal("0.005"), Decimal("0.005"))


@given(VALUES.filter(bool), st.sampled_from(Unit), LOCALES)
def test_little_never_reads_as_nothing(value: Decimal, unit: Unit, locale: Locale) -> None:
    assert parse_quantity(format_value(value, unit, locale)).value != 0


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """A figure as a person may write it: whole digits, a place of the last one, a mark."""
    unit = draw(st.sampled_from([None, Unit.MONEY, Unit.RATE, Unit.RATIO, Unit.DURATION]))
    bases: dict[Unit | None, list[str]] = {Unit.RATE: ["0.01"], Unit.DURATION: ["1", "60", "3600", "86400"]}
    base = draw(st.sampled_from(bases.get(unit, ["1"])))
    step = Decimal(base).scaleb(draw(st.integers(-2, 0) if unit in bases else st.integers(-4, 8 if unit is None else 0)))
    value = step * draw(st.integers(-(10**7), 10**7))
    currency = draw(st.sampled_from(sorted(CURRENCIES))) if unit is Unit.MONEY else None
    return Quantity(value, unit, None, currency, step)


@given(quantities(), LOCALES)
def test_a_written_quantity_survives_being_shown_exactly(quantity: Quantity, locale: Locale) -> None:
    read = parse_quantity(shown(quantity, locale))
    assert (read.value, read.unit, read.currency) == (quantity.value, quantity.unit, quantity.currency)


@given(st.lists(st.one_of(st.none(), VALUES), max_size=6), st.sampled_from(Unit), LOCALES)
def test_every_cell_of_a_column_is_read_back_at_its_precision(values: list[Decimal | None], unit: Unit, locale: Locale) -> None:
    for value, cell in zip(values, format_column(values, unit, locale, "CNY"), strict=True):
        if value is None:
            assert cell == NOTHING
        else:
            read = parse_quantity(cell)
            assert abs(read.value - value) <= read.step / 2
