"""Does what falls in quiet hours wait for their end, wherever and whatever the clocks do?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.quiet import after_quiet
from core.domain.workspaces import Quiet

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = Quiet(time(22), time(8))

zones = st.sampled_from(sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right")))).map(ZoneInfo)
instants = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
quiets = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@given(instants, zones, quiets)
def test_nothing_comes_earlier_and_nothing_waits_longer_than_a_night(instant: datetime, zone: ZoneInfo, quiet: Quiet) -> None:
    told = after_quiet(instant, zone, quiet)
    # A zone may skip a date or move its clocks meanwhile.
    assert instant <= told <= instant + timedelta(hours=49)


@given(instants, zones, quiets)
def test_who_has_waited_waits_no_more(instant: datetime, zone: ZoneInfo, quiet: Quiet) -> None:
    told = after_quiet(instant, zone, quiet)
    assert after_quiet(told, zone, quiet) == told


@given(instants, zones, quiets)
def test_what_is_not_in_quiet_hours_comes_at_once(instant: datetime, zone: ZoneInfo, quiet: Quiet) -> None:
    inside = quiet.holds(instant.astimezone(zone).time())
    assert inside or after_quiet(instant, zone, quiet) == instant
    assert after_quiet(instant, zone, None) == instant


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        (utc(2024, 6, 3, 14), utc(2024, 6, 4)),  # 22:00 in Shanghai
        (utc(2024, 6, 3, 23, 59), utc(2024, 6, 4)),  # 07:59
        (utc(2024, 6, 4), utc(2024, 6, 4)),  # 08:00
        (utc(2024, 6, 3, 13, 59), utc(2024, 6, 3, 13, 59)),  # 21:59
    ],
)
def test_a_night_ends_in_the_morning(instant: datetime, told: datetime) -> None:
    assert after_quiet(instant, SHANGHAI, NIGHT) == told


def test_an_end_that_clocks_jump_over_is_the_first_instant_after_it() -> None:
    assert after_quiet(utc(2024, 3, 31, 0, 30), BERLIN, Quiet(time(22), time(2, 30))) == utc(2024, 3, 31, 1)


def test_an_end_that_clocks_show_twice_is_not_waited_for_twice() -> None:
    quiet = Quiet(time(22), time(2, 30))
    assert after_quiet(utc(2024, 10, 26, 23), BERLIN, quiet) == utc(2024, 10, 27, 0, 30)
    second = utc(2024, 10, 27, 1, 15)
    assert second.astimezone(BERLIN).time() == time(2, 15)
    assert after_quiet(second, BERLIN, quiet) == second
