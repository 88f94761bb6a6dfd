"""Which steps may a delivery take, and when is it too late?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.deliveries import (
    OPEN,
    SEND_LEASE,
    STEPS,
    Delivery,
    DeliveryState,
    Kind,
    delivery_key,
    free,
    late,
    may,
    missed,
    pause,
    ripe,
    taken,
)

NOON = datetime(2024, 6, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROW = Delivery(1, 1, "k", Kind.DIGEST, 1, "ops", NOON)
states = st.sampled_from(DeliveryState)


def test_every_state_has_its_steps_and_only_open_ones_go_on() -> None:
    assert set(STEPS) == set(DeliveryState)
    assert {state for state in DeliveryState if STEPS[state]} == OPEN


def test_what_may_have_got_out_is_never_planned_or_muted() -> None:
    for state in (DeliveryState.SENDING, DeliveryState.IN_DOUBT):
        assert not may(state, DeliveryState.PLANNED)
        assert not may(state, DeliveryState.MUTED)
    assert not may(DeliveryState.SENDING, DeliveryState.SENDING)


@given(states.filter(OPEN.__contains__), st.timedeltas(timedelta(0), HOUR))
def test_a_taken_row_is_held_until_its_lease_ends_and_by_an_allowed_step(state: DeliveryState, later: timedelta) -> None:
    held = taken(replace(ROW, state=state), NOON)
    assert may(state, held.state)
    assert held.lease_until is not None
    assert free(held, NOON + later) == (NOON + later >= held.lease_until)


def test_an_interrupted_sending_is_in_doubt() -> None:
    sending = taken(replace(ROW, state=DeliveryState.BUILT), NOON)
    assert sending.state is DeliveryState.SENDING
    assert taken(sending, NOON + SEND_LEASE).state is DeliveryState.IN_DOUBT


def test_a_doubt_without_lease_waits_for_a_person() -> None:
    assert not free(replace(ROW, state=DeliveryState.IN_DOUBT), NOON + 100 * HOUR)


@pytest.mark.parametrize(
    ("after", "is_missed", "is_late"), [(0, False, False), (4, False, False), (6, False, True), (180, False, True), (181, True, True)]
)
def test_a_digest_may_come_three_hours_late(after: int, is_missed: bool, is_late: bool) -> None:
    instant = NOON + timedelta(minutes=after)
    assert missed(Kind.DIGEST, NOON, instant) is is_missed
    assert late(Kind.DIGEST, NOON, instant) is is_late


def test_an_answer_that_somebody_waits_for_is_never_too_late() -> None:
    assert not missed(Kind.COMMAND, NOON, NOON + 100 * HOUR)
    assert not late(Kind.COMMAND, NOON, NOON + 100 * HOUR)


def test_only_building_is_done_ahead() -> None:
    early = NOON - timedelta(minutes=3)
    assert ripe(ROW, early, ahead=timedelta(minutes=5))
    assert not ripe(replace(ROW, state=DeliveryState.BUILT), early, ahead=timedelta(minutes=5))
    assert ripe(replace(ROW, state=DeliveryState.BUILT), NOON, ahead=timedelta(0))


def test_pauses_grow_up_to_five_minutes() -> None:
    assert [pause(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 1_000)] == [5, 20, 80, 300, 300, 300]


def test_the_key_names_kind_schedule_date_slot_and_place() -> None:
    assert delivery_key(Kind.DIGEST, 3, date(2024, 6, 4), 0, 1, "ops") == "digest:3:2024-06-04:0:1/ops"
