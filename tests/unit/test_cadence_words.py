"""Is a rhythm read as people mean it, in either language, and do the bot's own words for one mean that one?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.cadence_grains import grain_of
from core.domain.cadence_words import FromDay, Parts, Rhythm, Step, Written, cadence_of, parse_rhythm, parts_of
from core.domain.cadences import Cadence, Cron, Daily, Every, EveryDays, MonthDay, MonthEnd, Once, Timed, Weekdays, Workdays
from core.domain.periods import Grain
from core.domain.workspaces import Locale
from core.messages.cards.schedule_words import cadence_words, rhythm_words

NINE = time(9)
NOON = datetime.combine(date(2024, 6, 4), time(12))


def days(*chosen: int) -> Weekdays:
    return Weekdays(frozenset(chosen))


@pytest.mark.parametrize(
    ("typed", "rhythm"),
    [
        ("daily", Daily()),
        ("every day", Daily()),
        ("每天", Daily()),
        ("workdays", Workdays()),
        ("工作日", Workdays()),
        ("每天 工作日", Workdays()),
        ("weekdays", days(0, 1, 2, 3, 4)),
        ("weekly fri", days(4)),
        ("every Friday", days(4)),
        ("Fridays", days(4)),
        ("每周五", days(4)),
        ("每个周五", days(4)),
        ("星期日", days(6)),
        ("每周一三五", days(0, 2, 4)),
        ("每周一、三、五", days(0, 2, 4)),
        ("周一至周五", days(0, 1, 2, 3, 4)),
        ("mon, wed and fri", days(0, 2, 4)),
        ("fri-mon", days(4, 5, 6, 0)),
        ("month-end", MonthEnd(working=True)),
        ("月末", MonthEnd(working=True)),
        ("last day of the month", MonthEnd(working=False)),
        ("每月最后一天", MonthEnd(working=False)),
        ("monthly on the 15th", MonthDay(15)),
        ("每月15号", MonthDay(15)),
        ("once", FromDay()),
        ("一次", FromDay()),
        ("every 3 days", FromDay(3)),
        ("每3天", FromDay(3)),
        ("每三天", FromDay(3)),
        ("every other week", FromDay(14)),
        ("每两周", FromDay(14)),
        ("every 2 hours", Step(timedelta(hours=2))),
        ("每2小时", Step(timedelta(hours=2))),
        ("hourly", Step(timedelta(hours=1))),
        ("every 90 minutes", Step(timedelta(minutes=90))),
        ("每30分钟", Step(timedelta(minutes=30))),
        ("cron 0 9 * * 1-5", Cron("0 9 * * 1-5")),
        ("CRON */20 8-18 * * MON-FRI", Cron("*/20 8-18 * * MON-FRI")),
    ],
)
def test_a_rhythm_is_read_in_either_language(typed: str, rhythm: Rhythm) -> None:
    assert parse_rhythm(typed) == Written(rhythm)


@pytest.mark.parametrize(
    ("typed", "rhythm", "at"),
    [
        ("daily 09:00 workdays", Workdays(), NINE),
        ("每天 09:00 工作日", Workdays(), NINE),
        ("weekly fri 17:00", days(4), time(17)),
        ("every monday and thursday at 9am", days(0, 3), NINE),
        ("每周五17:00", days(4), time(17)),
        ("每天早上9点半", Daily(), time(9, 30)),
        ("每月15号10:00", MonthDay(15), time(10)),
        ("month-end 16:00", MonthEnd(working=True), time(16)),
        ("every 3 days 09:00", FromDay(3), NINE),
    ],
)
def test_a_time_of_day_may_stand_with_it(typed: str, rhythm: Rhythm, at: time) -> None:
    assert parse_rhythm(typed) == Written(rhythm, at)


@pytest.mark.parametrize("typed", ["", "一", "3", "weekly", "每周", "09:00", "fri #ops", "daily 25:00", "blue moon", "工作日 #ops", "cron"])
def test_what_is_no_rhythm_is_none(typed: str) -> None:
    assert parse_rhythm(typed) is None


rhythms = st.one_of(
    st.sampled_from([Daily(), Workdays(), MonthEnd(working=True), MonthEnd(working=False), FromDay()]),
    st.frozensets(st.integers(0, 6), min_size=1).map(Weekdays),
    st.integers(1, 31).map(MonthDay),
    st.integers(1, 366).map(FromDay),
    st.integers(1, 9999).map(lambda minutes: Step(timedelta(minutes=minutes))),
    st.just(Cron("*/30 9-17 * * 1-5")),
)


@given(rhythms, st.sampled_from(Locale))
def test_the_words_that_the_bot_has_for_a_rhythm_are_read_as_that_rhythm(rhythm: Rhythm, locale: Locale) -> None:
    assert parse_rhythm(rhythm_words(rhythm, locale)) == Written(rhythm)


@given(st.sampled_from([Daily(), Workdays(), MonthDay(3), MonthEnd(working=True), days(0, 4)]), st.times(), st.sampled_from(Locale))
def test_what_a_card_says_of_a_timed_cadence_can_be_typed(of_days: Daily | Workdays, at: time, locale: Locale) -> None:
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    assert parse_rhythm(cadence_words(Timed(at, of_days), date(2024, 6, 4), locale)) == Written(of_days, at)


@pytest.mark.parametrize(
    "cadence",
    [
        Timed(NINE, Workdays()),
        Timed(NINE, Once(date(2024, 12, 31))),
        Timed(NINE, EveryDays(3, date(2024, 6, 4))),
        Every(timedelta(hours=2), datetime.combine(date(2024, 6, 4), time(8))),
        Cron("0 9 * * 1-5"),
    ],
)
def test_the_parts_of_a_cadence_make_it_again(cadence: Cadence) -> None:
    assert cadence_of(parts_of(cadence), NOON) == cadence


@pytest.mark.parametrize(
    "parts",
    [
        Parts(Daily()),
        Parts(Daily(), NINE, date(2024, 6, 4)),
        Parts(FromDay(), NINE),
        Parts(FromDay(), None, date(2024, 6, 4)),
        Parts(FromDay(3)),
        Parts(Cron("0 9 * * *"), NINE),
    ],
)
def test_a_part_that_is_missing_or_too_many_makes_none(parts: Parts) -> None:
    assert cadence_of(parts, NOON) is None


def test_every_few_days_begins_at_the_next_such_time() -> None:
    assert cadence_of(Parts(FromDay(3), time(13)), NOON) == Timed(time(13), EveryDays(3, date(2024, 6, 4)))
    assert cadence_of(Parts(FromDay(3), NINE), NOON) == Timed(NINE, EveryDays(3, date(2024, 6, 5)))


@pytest.mark.parametrize(
    ("cadence", "grain"),
    [
        (Timed(NINE, Daily()), Grain.DAY),
        (Timed(NINE, Workdays()), Grain.DAY),
        (Timed(NINE, days(4)), Grain.WEEK),
        (Timed(NINE, days(0, 3)), Grain.DAY),
        (Timed(NINE, MonthEnd(working=True)), Grain.MONTH),
        (Timed(NINE, MonthDay(1)), Grain.MONTH),
        (Timed(NINE, EveryDays(14, date(2024, 6, 4))), Grain.WEEK),
        (Timed(NINE, Once(date(2024, 6, 4))), Grain.DAY),
        (Every(timedelta(hours=2), NOON), Grain.DAY),
        (Cron("0 9 * * 1"), Grain.WEEK),
        (Cron("0 9 1 * *"), Grain.MONTH),
        (Cron("0 9 * * 1-5"), Grain.DAY),
        (Cron("0 9 1 * 1"), Grain.DAY),
        (Cron("0 9 * * 5L"), Grain.MONTH),
        (Cron("0 9 * * 1#1"), Grain.MONTH),
        (Cron("0 9 L * *"), Grain.MONTH),
        (Cron("0 9 1,15 * *"), Grain.WEEK),
        (Cron("0 9 29 2 *"), Grain.MONTH),
        (Cron("*/30 * * * *"), Grain.DAY),
    ],
)
def test_a_board_speaks_of_as_long_as_it_is_from_one_to_the_next(cadence: Cadence, grain: Grain) -> None:
    assert grain_of(cadence) is grain
