"""Is a written day or range read as the person meant it, or refused with the reason?"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.day_ranges import parse_range
from core.domain.day_words import DayError, DayReason, Toward
from core.domain.days import parse_day

TUESDAY = date(2024, 6, 4)

ABSOLUTE = [
    ("2024-06-03", "2024-06-03"),
    ("2024/6/3", "2024-06-03"),
    ("2024.6.3", "2024-06-03"),
    ("２０２４－０６－０３", "2024-06-03"),
    ("20240603", "2024-06-03"),
    ("2024年6月3日", "2024-06-03"),
    ("3 Jun 2024", "2024-06-03"),
    ("June 3rd, 2024", "2024-06-03"),
    ("13/6/2024", "2024-06-13"),
    ("today", "2024-06-04"),
    ("今日", "2024-06-04"),
    ("Yesterday", "2024-06-03"),
    ("昨天", "2024-06-03"),
    ("前天", "2024-06-02"),
    ("明日", "2024-06-05"),
    ("后天", "2024-06-06"),
    ("-3d", "2024-06-01"),
    ("−3天", "2024-06-01"),
    ("+2d", "2024-06-06"),
    ("3天前", "2024-06-01"),
    ("3 days ago", "2024-06-01"),
    ("3天后", "2024-06-07"),
    ("in 2 weeks", "2024-06-18"),
    ("上周五", "2024-05-31"),
    ("last friday", "2024-05-31"),
    ("本周日", "2024-06-09"),
    ("下周五", "2024-06-14"),
    ("next Friday", "2024-06-14"),
]

NEAREST = [
    ("6月3日", "2024-06-03", "2025-06-03"),
    ("6月4号", "2024-06-04", "2024-06-04"),
    ("6-5", "2023-06-05", "2024-06-05"),
    ("Jun 3", "2024-06-03", "2025-06-03"),
    ("5 Jun", "2023-06-05", "2024-06-05"),
    ("13/6", "2023-06-13", "2024-06-13"),
    ("6.18", "2023-06-18", "2024-06-18"),
    ("6/6", "2023-06-06", "2024-06-06"),
    ("2-29", "2024-02-29", "2028-02-29"),
    ("周五", "2024-05-31", "2024-06-07"),
    ("fri", "2024-05-31", "2024-06-07"),
    ("礼拜天", "2024-06-02", "2024-06-09"),
    ("周二", "2024-05-28", "2024-06-04"),
]

REFUSED = [
    ("", DayReason.EMPTY),
    ("　", DayReason.EMPTY),
    ("soon", DayReason.NOT_A_DAY),
    ("3d", DayReason.NOT_A_DAY),
    ("2024-05", DayReason.NOT_A_DAY),
    ("85", DayReason.NOT_A_DAY),
    ("1" * 80, DayReason.NOT_A_DAY),
    ("2-30", DayReason.IMPOSSIBLE),
    ("2023-02-29", DayReason.IMPOSSIBLE),
    ("20240631", DayReason.IMPOSSIBLE),
    ("13月1日", DayReason.IMPOSSIBLE),
    ("13/13", DayReason.IMPOSSIBLE),
    ("0024-01-01", DayReason.TOO_FAR),
    ("+9999w", DayReason.TOO_FAR),
    ("6/3", DayReason.AMBIGUOUS),
]

RANGES = [
    ("7d", "2024-05-28", "2024-06-03"),
    ("28d", "2024-05-07", "2024-06-03"),
    ("近7天", "2024-05-28", "2024-06-03"),
    ("last 7 days", "2024-05-28", "2024-06-03"),
    ("2周", "2024-05-21", "2024-06-03"),
    ("未来7天", "2024-06-04", "2024-06-10"),
    ("2024-05-01..2024-05-31", "2024-05-01", "2024-05-31"),
    ("2024-05-01 ～ 2024-05-31", "2024-05-01", "2024-05-31"),
    ("5月1日至5月31日", "2024-05-01", "2024-05-31"),
    ("5-26 to 6-18", "2024-05-26", "2024-06-18"),
    ("26 May – 18 Jun", "2024-05-26", "2024-06-18"),
    ("2023-05-01..05-31", "2023-05-01", "2023-05-31"),
    ("May 1 - May 31 2023", "2023-05-01", "2023-05-31"),
    ("12-20..1-10", "2023-12-20", "2024-01-10"),
    ("-7d..yesterday", "2024-05-28", "2024-06-03"),
    ("周一到周五", "2024-06-03", "2024-06-07"),
    ("2024-05", "2024-05-01", "2024-05-31"),
    ("2024-04..2024-05", "2024-04-01", "2024-05-31"),
    ("5月", "2024-05-01", "2024-05-31"),
    ("7月份", "2023-07-01", "2023-07-31"),
    ("May 2023", "2023-05-01", "2023-05-31"),
    ("上周", "2024-05-27", "2024-06-02"),
    ("last week", "2024-05-27", "2024-06-02"),
    ("本月", "2024-06-01", "2024-06-30"),
    ("上个月", "2024-05-01", "2024-05-31"),
    ("上季度", "2024-01-01", "2024-03-31"),
    ("2024Q2", "2024-04-01", "2024-06-30"),
    ("Q4", "2023-10-01", "2023-12-31"),
    ("2024年二季度", "2024-04-01", "2024-06-30"),
    ("2024", "2024-01-01", "2024-12-31"),
    ("去年", "2023-01-01", "2023-12-31"),
    ("昨天", "2024-06-03", "2024-06-03"),
]


@pytest.mark.parametrize("toward", get_args(Toward))
@pytest.mark.parametrize(("text", "day"), ABSOLUTE)
def test_a_full_date_or_a_relative_word_is_one_day_whichever_way_one_looks(text: str, day: str, toward: Toward) -> None:
    assert parse_day(text, TUESDAY, toward=toward) == date.fromisoformat(day)


@pytest.mark.parametrize(("text", "past", "future"), NEAREST)
def test_a_day_without_its_year_or_week_is_the_nearest_in_the_direction(text: str, past: str, future: str) -> None:
    assert parse_day(text, TUESDAY, toward="past") == date.fromisoformat(past)
    assert parse_day(text, TUESDAY, toward="future") == date.fromisoformat(future)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_day_is_refused_with_the_reason(text: str, reason: DayReason) -> None:
    with pytest.raises(DayError) as caught:
        parse_day(text, TUESDAY, toward="past")
    assert (caught.value.reason, caught.value.text) == (reason, text)


def test_two_numbers_with_a_slash_follow_the_order_that_is_known() -> None:
    assert parse_day("6/3", TUESDAY, toward="past", month_first=True) == date(2024, 6, 3)
    assert parse_day("6/3", TUESDAY, toward="past", month_first=False) == date(2024, 3, 6)
    assert parse_day("6/3/2023", TUESDAY, toward="past", month_first=False) == date(2023, 3, 6)


@pytest.mark.parametrize(("text", "meant"), [("6/3", ("03-06", "06-03")), ("6/3/2024", ("2024-03-06", "2024-06-03"))])
def test_an_ambiguous_day_names_both_readings_as_they_can_be_typed(text: str, meant: tuple[str, ...]) -> None:
    with pytest.raises(DayError) as caught:
        parse_day(text, TUESDAY, toward="past")
    assert caught.value.meant == meant
    assert {parse_day(one, TUESDAY, toward="past") for one in meant} == {date(2024, 3, 6), date(2024, 6, 3)}


@pytest.mark.parametrize(("text", "start", "end"), RANGES)
def test_a_range_has_its_first_and_last_day(text: str, start: str, end: str) -> None:
    assert parse_range(text, TUESDAY) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("joint", ["-", "－", "−", "–", "—", " - ", "..", "~", "～", "至", "到"])
@pytest.mark.parametrize(
    ("first", "last"), [("5月27日", "6月1日"), ("5-27", "6-1"), ("2024-05-27", "2024-06-01"), ("27 May", "1 June"), ("5月27日", "6-1")]
)
def test_two_days_with_a_sign_between_them_are_a_range(first: str, last: str, joint: str) -> None:
    assert parse_range(f"{first}{joint}{last}", TUESDAY) == (date(2024, 5, 27), date(2024, 6, 1))


@pytest.mark.parametrize("text", ["2024-05-31", "5-31"])
def test_a_hyphen_inside_a_date_parts_nothing(text: str) -> None:
    assert parse_range(text, TUESDAY) == (date(2024, 5, 31), date(2024, 5, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("7d", date(2024, 6, 4), date(2024, 6, 10)),
        ("近7天", date(2024, 5, 28), date(2024, 6, 3)),
        ("7月", date(2024, 7, 1), date(2024, 7, 31)),
        ("七月", date(2024, 7, 1), date(2024, 7, 31)),
        ("十二月", date(2024, 12, 1), date(2024, 12, 31)),
        ("5月", date(2025, 5, 1), date(2025, 5, 31)),
        ("Q2", date(2024, 4, 1), date(2024, 6, 30)),
        ("6-20..6-30", date(2024, 6, 20), date(2024, 6, 30)),
        ("5-26..6-18", date(2024, 5, 26), date(2024, 6, 18)),
        ("5-1..5-31", date(2025, 5, 1), date(2025, 5, 31)),
    ],
)
def test_toward_the_future_a_range_is_the_one_that_is_not_over(text: str, start: date, end: date) -> None:
    assert parse_range(text, TUESDAY, toward="future") == (start, end)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", DayReason.EMPTY),
        ("soon", DayReason.NOT_A_RANGE),
        ("1..2..3", DayReason.NOT_A_RANGE),
        ("2024-05-01..", DayReason.NOT_A_RANGE),
        ("0d", DayReason.IMPOSSIBLE),
        ("13月", DayReason.IMPOSSIBLE),
        ("2024-02-30..2024-03-01", DayReason.IMPOSSIBLE),
        ("2024-06-03..2024-06-01", DayReason.BACKWARDS),
        ("9999", DayReason.TOO_FAR),
        ("6/3..6/5", DayReason.AMBIGUOUS),
    ],
)
def test_what_is_no_range_is_refused_with_the_reason(text: str, reason: DayReason) -> None:
    with pytest.raises(DayError) as caught:
        parse_range(text, TUESDAY)
    assert (caught.value.reason, caught.value.text) == (reason, text)


TODAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
TOWARDS = st.sampled_from(get_args(Toward))
WORDS = (
    "last",
    "next",
    "上",
    "下",
    "周",
    "五",
    "week",
    "month",
    "fri",
    "jun",
    "3",
    "2024",
    "Q2",
    "d",
    "天",
    "..",
    "至",
    "-",
    "+",
    "6月",
    "前",
    "in",
    "ago",
)
LIKELY = st.one_of(
    st.text(alphabet="0123456789-/.年月日号上下周五天前后dqwagon ~至０／", max_size=12),
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
    st.text(),
)


@given(LIKELY, TODAYS, TOWARDS, st.sampled_from([None, True, False]))
def test_any_text_is_a_day_and_a_range_or_a_day_error(text: str, today: date, toward: Toward, month_first: bool | None) -> None:
    with suppress(DayError):
        assert isinstance(parse_day(text, today, toward=toward, month_first=month_first), date)
    with suppress(DayError):
        start, end = parse_range(text, today, toward=toward, month_first=month_first)
        assert start <= end


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), TODAYS, TOWARDS)
def test_every_full_writing_of_a_date_is_that_date(day: date, today: date, toward: Toward) -> None:
    writings = [
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%b} {day.day}, {day.year}",
    ]
    assert {parse_day(text, today, toward=toward) for text in writings} == {day}


@given(st.dates(date(2023, 1, 1), date(2025, 12, 31)), TODAYS)
def test_a_month_and_day_alone_is_within_reach_on_the_right_side(day: date, today: date) -> None:
    past, future = (parse_day(f"{day.month}-{day.day}", today, toward=toward) for toward in ("past", "future"))
    assert past <= today <= future
    assert (past.month, past.day) == (future.month, future.day) == (day.month, day.day)


@given(TODAYS, st.sampled_from(["周一", "星期三", "fri", "sunday"]))
def test_a_weekday_is_at_most_a_week_away_and_today_only_toward_the_future(today: date, weekday: str) -> None:
    past, future = parse_day(weekday, today, toward="past"), parse_day(weekday, today, toward="future")
    assert today - timedelta(days=7) <= past < today <= future < today + timedelta(days=7)
