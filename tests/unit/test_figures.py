"""Does a figure say what is known, no more and no less? (promise 1)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.figures import Figures, month_to_date
from core.domain.boards import Comparison, Gap, Verdict
from core.domain.catalogue import METRICS, metric
from core.domain.metrics import Aggregation
from core.domain.periods import Grain, Period, period_of
from core.domain.readings import Coverage, Figure, Known, State, Window
from core.domain.targets import Target

MONDAY = date(2024, 5, 27)
WEEK = Period(Grain.WEEK, MONDAY)
LATER = date(2024, 7, 1)
DAYS = [MONDAY + timedelta(days=number) for number in range(7)]
FOUR_WEEKS = [MONDAY - timedelta(weeks=3) + timedelta(days=number) for number in range(28)]

amounts = st.decimals(min_value=0, max_value=10**9, places=2)
counts = st.integers(0, 10**6).map(Decimal)


def known(value: Decimal | int | str, state: State = State.FINAL) -> Known:
    return Known(Decimal(value), state, "hand")


def days(code: str, values: Mapping[date, Decimal | int]) -> dict[tuple[str, Grain], dict[date, Known]]:
    return {(code, Grain.DAY): {day: known(value) for day, value in values.items()}}


def figures(calendar: Mapping[tuple[str, Grain], Mapping[date, Known]], today: date = LATER, closed: frozenset[date] = frozenset()) -> Figures:
    return Figures(Window(calendar, {}), today, closed)


def week_of(code: str, seen: Figures) -> Figure:
    return seen.figure(metric(code), WEEK)


def test_a_whole_week_adds_up_and_is_final() -> None:
    found = week_of("gmv", figures(days("gmv", dict.fromkeys(DAYS, 100))))
    assert (found.value, found.state, found.coverage) == (700, State.FINAL, Coverage(7, 7))


@given(values=st.lists(st.none() | amounts, min_size=7, max_size=7))
def test_a_missing_day_never_becomes_nothing_in_a_sum(values: list[Decimal | None]) -> None:
    given_days = {day: value for day, value in zip(DAYS, values, strict=True) if value is not None}
    found = week_of("gmv", figures(days("gmv", given_days)))
    if not given_days:
        assert (found.value, found.state) == (None, State.MISSING)
    else:
        assert found.value == sum(given_days.values(), Decimal(0))
        assert found.state is (State.FINAL if len(given_days) == 7 else State.PROVISIONAL)
        assert found.coverage == Coverage(len(given_days), 7)


def test_a_closed_day_is_no_gap() -> None:
    open_days = dict.fromkeys(DAYS[:6], 100)
    found = week_of("gmv", figures(days("gmv", open_days), closed=frozenset(DAYS[6:])))
    assert (found.value, found.state, found.coverage) == (600, State.FINAL, Coverage(6, 6))


def test_a_closed_day_is_closed_and_an_open_one_without_a_value_is_missing() -> None:
    seen = figures({}, closed=frozenset(DAYS[:1]))
    assert seen.figure(metric("gmv"), Period(Grain.DAY, DAYS[0])).state is State.CLOSED
    assert seen.figure(metric("gmv"), Period(Grain.DAY, DAYS[1])).state is State.MISSING


def test_days_before_the_shop_opened_are_no_gap() -> None:
    seen = Figures(Window(days("gmv", dict.fromkeys(DAYS[3:], 100)), {}), LATER, opened_on=DAYS[3])
    assert week_of("gmv", seen).state is State.FINAL


def test_a_running_week_is_provisional_on_the_days_that_are_over() -> None:
    found = week_of("gmv", figures(days("gmv", dict.fromkeys(DAYS[:3], 100)), today=DAYS[3]))
    assert (found.value, found.state, found.coverage) == (300, State.PROVISIONAL, Coverage(3, 3))


def test_one_provisional_day_makes_the_week_provisional() -> None:
    calendar = days("gmv", dict.fromkeys(DAYS, 100))
    calendar["gmv", Grain.DAY][DAYS[6]] = known(50, State.PROVISIONAL)
    assert week_of("gmv", figures(calendar)).state is State.PROVISIONAL


def test_a_ratio_is_of_sums_and_never_the_mean_of_ratios() -> None:
    calendar = days("orders", {DAYS[0]: 1, DAYS[1]: 50}) | days("visitors", {DAYS[0]: 10, DAYS[1]: 100})
    found = week_of("conversion", figures(calendar))
    assert found.value == Decimal(51) / Decimal(110)


def test_a_ratio_takes_both_parts_from_the_same_days() -> None:
    calendar = days("orders", {DAYS[0]: 5, DAYS[1]: 50}) | days("visitors", {DAYS[0]: 10})
    found = week_of("conversion", figures(calendar))
    assert (found.value, found.coverage) == (Decimal("0.5"), Coverage(1, 7))


def test_a_ratio_over_nothing_is_missing() -> None:
    calendar = days("orders", dict.fromkeys(DAYS, 0)) | days("visitors", dict.fromkeys(DAYS, 0))
    assert week_of("conversion", figures(calendar)).state is State.MISSING


@given(parts=st.lists(st.tuples(counts, st.integers(1, 10**6).map(Decimal)), min_size=28, max_size=28), cuts=st.sets(st.integers(1, 27), max_size=5))
def test_any_split_of_the_days_gives_the_same_ratio_of_sums(parts: list[tuple[Decimal, Decimal]], cuts: set[int]) -> None:
    orders, visitors = ({day: part[side] for day, part in zip(FOUR_WEEKS, parts, strict=True)} for side in (0, 1))
    seen = figures(days("orders", orders) | days("visitors", visitors))
    bounds = [0, *sorted(cuts), 28]
    pieces = [Period(Grain.MONTH, FOUR_WEEKS[first], last=FOUR_WEEKS[after - 1]) for first, after in pairwise(bounds)]
    tops = [seen.figure(metric("orders"), piece).value for piece in pieces]
    bottoms = [sum(visitors[day] for day in piece.days()) for piece in pieces]
    whole = seen.figure(metric("conversion"), Period(Grain.MONTH, FOUR_WEEKS[0], last=FOUR_WEEKS[-1]))
    assert whole.value == sum(top for top in tops if top is not None) / sum(bottoms)
    assert whole.state is State.FINAL


def test_a_mean_is_weighed() -> None:
    calendar = days("first_response", {DAYS[0]: 30, DAYS[1]: 90}) | days("service_chats", {DAYS[0]: 300, DAYS[1]: 100})
    assert week_of("first_response", figures(calendar)).value == 45


@pytest.mark.parametrize("code", [entry.code for entry in METRICS if entry.aggregation is Aggregation.DISTINCT and entry.grain is Grain.DAY])
def test_what_is_distinct_is_never_added_up(code: str) -> None:
    assert week_of(code, figures(days(code, dict.fromkeys(DAYS, 100)))).state is State.MISSING


def test_what_is_distinct_can_be_given_for_a_coarser_grain() -> None:
    calendar = {("customers", Grain.WEEK): {MONDAY: known(300)}}
    assert week_of("customers", figures(calendar)).value == 300


def test_a_ratio_given_for_its_week_is_used_as_it_is_and_never_for_a_month() -> None:
    seen = figures({("cart_conversion", Grain.WEEK): {MONDAY: known("0.18")}})
    assert week_of("cart_conversion", seen) == Figure("cart_conversion", WEEK, Decimal("0.18"), State.FINAL)
    assert seen.figure(metric("cart_conversion"), period_of(Grain.MONTH, MONDAY)).state is State.MISSING


def test_a_month_given_as_a_whole_is_not_the_month_to_date() -> None:
    seen = figures({("customers", Grain.MONTH): {date(2024, 6, 1): known(900)}})
    assert seen.figure(metric("customers"), Period(Grain.MONTH, date(2024, 6, 1), last=date(2024, 6, 3))).state is State.MISSING


ORACLES = [
    ("dau", Period(Grain.DAY, date(2024, 6, 3)), "85000", "100000", "-0.15"),
    ("cart_conversion", WEEK, "0.18", "0.25", "-0.28"),
    ("retention_7d", WEEK, "0.35", "0.40", "-0.125"),
    ("campaign_roi", Period(Grain.CAMPAIGN, date(2024, 5, 26), 1, date(2024, 6, 18)), "2.2", "3", "-0.267"),
]


@pytest.mark.parametrize(("code", "period", "actual", "aim", "off"), ORACLES)
def test_the_deviations_of_template_table_6(code: str, period: Period, actual: str, aim: str, off: str) -> None:
    calendar = {} if period.campaign else {(code, period.grain): {period.start: known(actual)}}
    window = Window(calendar, {(code, 1): known(actual, State.PROVISIONAL)} if period.campaign else {})
    start = None if period.campaign else period.start
    target = Target(code, period.grain, Decimal(aim), date(2024, 5, 1), start=start, campaign=period.campaign)
    row = Figures(window, date(2024, 6, 4)).row(metric(code), period, [target])
    assert row.deviation is not None
    assert round(row.deviation, 3) == Decimal(off)
    assert row.verdict is Verdict.MISSED


@given(held=st.sets(st.sampled_from(DAYS), min_size=1), early=st.sets(st.sampled_from(DAYS)), aim=st.integers(1, 2000))
def test_a_sum_is_judged_only_once_it_is_whole(held: set[date], early: set[date], aim: int) -> None:
    calendar = {("gmv", Grain.DAY): {day: known(100, State.PROVISIONAL if day in early else State.FINAL) for day in held}}
    row = figures(calendar).row(metric("gmv"), WEEK, [Target("gmv", Grain.WEEK, Decimal(aim), MONDAY)])
    assert (row.verdict is not Verdict.OPEN) is (row.deviation is not None) is (len(held) == 7 and not early)


def test_a_running_sum_has_an_attainment_but_no_deviation() -> None:
    target = Target("gmv", Grain.WEEK, Decimal(1000), MONDAY)
    row = figures(days("gmv", {DAYS[0]: 250}), today=DAYS[1]).row(metric("gmv"), WEEK, [target])
    assert (row.deviation, row.attainment, row.verdict) == (None, Decimal("0.25"), Verdict.OPEN)


def test_less_is_better_for_costs() -> None:
    target = Target("cac", Grain.DAY, Decimal(50), MONDAY)
    period = Period(Grain.DAY, MONDAY)
    verdicts = [figures(days("cac", {MONDAY: value})).row(metric("cac"), period, [target]).verdict for value in (45, 50, 55)]
    assert verdicts == [Verdict.REACHED, Verdict.REACHED, Verdict.MISSED]


def test_a_target_says_nothing_of_another_grain() -> None:
    target = Target("gmv", Grain.MONTH, Decimal(1000), MONDAY)
    row = figures(days("gmv", {MONDAY: 100})).row(metric("gmv"), Period(Grain.DAY, MONDAY), [target])
    assert (row.target, row.deviation) == (None, None)


def test_a_day_is_compared_with_the_day_before_the_weekday_last_month_and_last_year() -> None:
    day = date(2024, 6, 3)
    values = {day: 110, date(2024, 6, 2): 100, date(2024, 6, 1): 90, MONDAY: 88, date(2023, 6, 5): 55}
    values |= {date(2024, 5, 1): 100, date(2024, 5, 2): 100, date(2024, 5, 3): 50}
    found = {item.against: item for item in figures(days("gmv", values)).compare(metric("gmv"), Period(Grain.DAY, day))}
    changes = {against: item.change for against, item in found.items()}
    assert changes == {
        Comparison.DAY_BEFORE: Decimal("0.1"),
        Comparison.WEEKDAY: Decimal("0.25"),
        Comparison.PERIOD: Decimal("0.2"),
        Comparison.YEAR: Decimal(1),
    }
    assert found[Comparison.PERIOD].base.period == Period(Grain.MONTH, date(2024, 5, 1), last=date(2024, 5, 3))


@pytest.mark.parametrize(
    ("base", "closed", "gap"),
    [
        (None, frozenset(), Gap.MISSING),
        (None, frozenset([date(2024, 6, 2)]), Gap.CLOSED),
        (known(5, State.PROVISIONAL), frozenset(), Gap.PARTIAL),
        (known(0), frozenset(), Gap.ZERO),
    ],
)
def test_a_figure_is_not_compared_with_what_is_not_whole(base: Known | None, closed: frozenset[date], gap: Gap) -> None:
    series = {date(2024, 6, 3): known(100)} | ({date(2024, 6, 2): base} if base else {})
    seen = figures({("dau", Grain.DAY): series}, closed=closed)
    first = seen.compare(metric("dau"), Period(Grain.DAY, date(2024, 6, 3)))[0]
    assert (first.against, first.change, first.gap) == (Comparison.DAY_BEFORE, None, gap)


def test_a_month_is_not_compared_with_the_one_in_which_the_shop_opened() -> None:
    april, may = ({date(2024, month, day): 100 for day in range(first, 31)} for month, first in ((4, 15), (5, 1)))
    seen = Figures(Window(days("gmv", april | may | {date(2024, 5, 31): 100}), {}), LATER, opened_on=date(2024, 4, 15))
    found = seen.compare(metric("gmv"), period_of(Grain.MONTH, MONDAY))[0]
    assert (found.figure.state, found.base.value, found.change, found.gap) == (State.FINAL, 1600, None, Gap.PARTIAL)


def test_the_month_to_date_meets_a_shorter_month_whole() -> None:
    now, then = month_to_date(date(2024, 3, 31))
    assert (now.end, then.start, then.end) == (date(2024, 3, 31), date(2024, 2, 1), date(2024, 2, 29))
