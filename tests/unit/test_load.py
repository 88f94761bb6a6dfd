"""How early is built, and whose turn is it to be worked on?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.deliveries import Delivery, Kind
from core.domain.load import LEAST_AHEAD, MOST_AHEAD, ahead, fairly
from scheduler.stages.build_time import ASSUMED, BuildTime

NOON = datetime(2024, 6, 4, 12, tzinfo=UTC)
ROW = Delivery(1, 1, "k", Kind.DIGEST, 1, "ops", NOON)
TENTH = timedelta(milliseconds=100)


def test_little_is_built_five_minutes_ahead_much_by_its_load_and_nothing_more_than_two_hours() -> None:
    assert [ahead(planned, TENTH) for planned in (0, 2_000, 10_000, 10**6)] == [LEAST_AHEAD, LEAST_AHEAD, timedelta(minutes=25), MOST_AHEAD]


@given(st.integers(0, 10**5), st.timedeltas(timedelta(0), timedelta(seconds=10)))
def test_more_load_is_never_built_later(planned: int, each: timedelta) -> None:
    assert LEAST_AHEAD <= ahead(planned, each) <= ahead(planned + 1, each) <= MOST_AHEAD


def test_a_long_queue_keeps_no_other_workspace_waiting() -> None:
    rows = [*(replace(ROW, id=number) for number in range(5)), replace(ROW, id=9, workspace=2)]
    assert [row.id for row in fairly(rows)] == [0, 9, 1, 2, 3, 4]


def test_what_somebody_waits_for_comes_before_what_comes_by_itself() -> None:
    assert [row.kind for row in fairly([ROW, replace(ROW, kind=Kind.ANSWER)])] == [Kind.ANSWER, Kind.DIGEST]


@given(st.lists(st.integers(1, 4), max_size=30))
def test_every_row_has_its_turn_and_no_workspace_a_second_before_all_had_a_first(workspaces: list[int]) -> None:
    ordered = fairly(replace(ROW, id=number, workspace=workspace) for number, workspace in enumerate(workspaces))
    assert sorted(row.id for row in ordered) == list(range(len(workspaces)))
    served: Counter[int] = Counter()
    for row in ordered:
        assert all(served[other] >= served[row.workspace] for other in set(workspaces) if workspaces.count(other) > served[row.workspace])
        served[row.workspace] += 1


def test_the_measured_time_follows_what_is_measured() -> None:
    time = BuildTime()
    assert time.each == ASSUMED
    for _ in range(200):
        time.note(0.5)
    assert abs(time.each - timedelta(seconds=0.5)) < timedelta(milliseconds=1)
