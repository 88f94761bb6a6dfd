"""Are days said as people of each language say them?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.day_ranges import parse_range
from core.domain.days import parse_day
from core.domain.periods import CALENDAR_GRAINS, Grain, Period, period_of
from core.domain.workspaces import Locale
from core.i18n.dates import say_date, say_day, say_period, say_range, say_time, say_weekday

TODAY = date(2024, 6, 6)
SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2024, 6, 4), "前天 周二 6月4日", "Tue 4 Jun"),
        (date(2024, 6, 5), "昨天 周三 6月5日", "yesterday Wed 5 Jun"),
        (date(2024, 6, 6), "今天 周四 6月6日", "today Thu 6 Jun"),
        (date(2024, 6, 7), "明天 周五 6月7日", "tomorrow Fri 7 Jun"),
        (date(2024, 6, 8), "后天 周六 6月8日", "Sat 8 Jun"),
        (date(2024, 6, 18), "周二 6月18日", "Tue 18 Jun"),
        (date(2023, 12, 31), "周日 2023年12月31日", "Sun 31 Dec 2023"),
    ],
)
def test_a_day_is_said_by_its_word_weekday_and_date(day: date, chinese: str, english: str) -> None:
    assert [say_day(day, TODAY, locale) for locale in Locale] == [chinese, english]


@pytest.mark.parametrize(
    ("start", "end", "chinese", "english"),
    [
        (date(2024, 5, 26), date(2024, 6, 18), "5月26日–6月18日", "26 May – 18 Jun"),
        (date(2024, 6, 7), date(2024, 6, 7), "6月7日", "7 Jun"),
        (date(2023, 5, 1), date(2023, 5, 31), "2023年5月1日–2023年5月31日", "1 May 2023 – 31 May 2023"),
        (date(2023, 12, 20), date(2024, 1, 10), "2023年12月20日–2024年1月10日", "20 Dec 2023 – 10 Jan 2024"),
    ],
)
def test_a_range_shows_years_only_where_they_are_needed(start: date, end: date, chinese: str, english: str) -> None:
    assert [say_range(start, end, locale, today=TODAY) for locale in Locale] == [chinese, english]


def test_a_range_without_a_today_shows_years_only_when_they_differ() -> None:
    assert say_range(date(2023, 5, 1), date(2023, 5, 31), Locale.EN) == "1 May – 31 May"


@pytest.mark.parametrize(
    ("grain", "chinese", "english"),
    [
        (Grain.DAY, "周二 6月4日", "Tue 4 Jun"),
        (Grain.WEEK, "6月3日–6月9日", "3 Jun – 9 Jun"),
        (Grain.MONTH, "6月", "Jun"),
        (Grain.QUARTER, "2024年二季度", "Q2 2024"),
        (Grain.YEAR, "2024年", "2024"),
    ],
)
def test_a_period_is_said_by_its_name(grain: Grain, chinese: str, english: str) -> None:
    period = period_of(grain, date(2024, 6, 4))
    assert [say_period(period, TODAY, locale) for locale in Locale] == [chinese, english]


def test_a_campaigns_period_is_its_days_and_an_hour_has_no_name() -> None:
    campaign = Period(Grain.CAMPAIGN, date(2024, 5, 26), campaign=1, last=date(2024, 6, 18))
    assert say_period(campaign, TODAY, Locale.ZH) == "5月26日–6月18日"
    with pytest.raises(ValueError, match="zone"):
        say_period(Period(Grain.HOUR, TODAY), TODAY, Locale.ZH)


def test_a_time_names_its_offset_only_where_two_people_differ() -> None:
    moment = datetime(2024, 6, 4, 1, 0, tzinfo=UTC)
    assert say_time(moment, SHANGHAI) == "09:00"
    assert say_time(moment, SHANGHAI, other=ZoneInfo("Asia/Singapore")) == "09:00"
    assert say_time(moment, SHANGHAI, other=LONDON) == "09:00 (UTC+8)"
    assert say_time(moment, ZoneInfo("Asia/Kolkata"), other=LONDON) == "06:30 (UTC+5:30)"
    assert say_time(moment, ZoneInfo("America/St_Johns"), other=LONDON) == "22:30 (UTC−2:30)"


def test_every_weekday_and_month_has_its_name_in_both_languages() -> None:
    days = [date(2024, 1, 1) + timedelta(days=day) for day in range(366)]
    assert {locale: len({say_weekday(day, locale) for day in days}) for locale in Locale} == dict.fromkeys(Locale, 7)
    assert {locale: len({say_date(day, TODAY, locale) for day in days}) for locale in Locale} == dict.fromkeys(Locale, 366)


DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS, DAYS, st.sampled_from(Locale))
def test_a_said_date_is_read_back(day: date, today: date, locale: Locale) -> None:
    if day <= today:
        assert parse_day(say_date(day, today, locale), today, toward="past") == day


@given(DAYS, st.integers(0, 300), DAYS, st.sampled_from(Locale))
def test_a_said_range_is_read_back(start: date, length: int, today: date, locale: Locale) -> None:
    if start <= today:
        end = start + timedelta(days=length)
        assert parse_range(say_range(start, end, locale, today=today), today) == (start, end)


@given(DAYS, DAYS, st.sampled_from(CALENDAR_GRAINS[1:]), st.sampled_from(Locale))
def test_a_said_period_is_read_back(day: date, today: date, grain: Grain, locale: Locale) -> None:
    period = period_of(grain, day)
    if period.start <= today:
        assert parse_range(say_period(period, today, locale), today) == (period.start, period.end)
