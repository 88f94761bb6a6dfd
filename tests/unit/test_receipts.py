"""What does a slot that did not go out mean, and are there words for it? Pure rules, and the words of every reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.cadences import Timed, Workdays
from core.domain.deliveries import OUT, STEPS, Delivery, DeliveryState, Kind, Why, missed, reopened, rests, seen, tells
from core.domain.notices import grouped, route
from core.domain.receipts import CUT_OFF, LASTING, Slot, Trouble, lasting, may_go_again, trouble
from core.domain.schedules import Schedule
from core.domain.workspaces import Binding, Channel, Locale
from core.errors import Reason
from core.i18n.texts import text
from core.messages.cards.deliveries import explained
from core.messages.cards.delivery_words import state, why
from core.messages.cards.notice import notice_card
from core.messages.cards.task_words import Reader
from core.messages.model import Actions
from core.messages.phrases import plain

NINE = datetime(2024, 6, 4, 1, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
ROW = Delivery(1, 1, "digest:1:2024-06-04:0:1/ops", Kind.DIGEST, 1, "ops", NINE, schedule=1)
SCHEDULE = Schedule(1, 3, Kind.DIGEST, Timed(time(9), Workdays()), 1, owner=5)
READER = Reader(Locale.EN, NINE.date(), UTC, {}, 5)
BINDINGS = (Binding(1, 1, "web", "1"), Binding(2, 1, "slack", "T1"), Binding(3, 1, "feishu", "cli"))

states = st.sampled_from(DeliveryState)
reasons = st.sampled_from([None, *(each.value for each in (*Why, *Reason))])
rows = st.builds(
    lambda state, reason, held, receipt: replace(ROW, state=state, reason=reason, lease_until=NOON if held else None, receipt=receipt),
    states,
    reasons,
    st.booleans(),
    st.sampled_from([None, "17.1"]),
)


def slot(**changed: object) -> Slot:
    return Slot(replace(ROW, **changed), SCHEDULE, Channel(1, 1, "ops", "ops"))  # type: ignore[arg-type]  # as a Delivery takes them


# ------------------------------------------------------------------ going again


@given(rows)
def test_only_what_rests_and_stands_nowhere_goes_again(row: Delivery) -> None:
    try:
        again = reopened(row, NOON)
    except ValueError:
        assert row.receipt is not None or row.state in OUT or (row.state in STEPS and STEPS[row.state] and not rests(row))
        return
    assert row.receipt is None
    assert row.state not in OUT
    assert again.state in (DeliveryState.PLANNED, DeliveryState.BUILT)
    assert (again.attempts, again.reason, again.error, again.asked_at) == (0, None, None, NOON)


@given(rows)
def test_what_a_button_offers_to_send_again_may_go_again(row: Delivery) -> None:
    if may_go_again(row):
        reopened(row, NOON)


def test_what_goes_again_is_not_too_late_though_its_time_is_long_over() -> None:
    again = reopened(replace(ROW, state=DeliveryState.MISSED), NINE + timedelta(days=2))
    assert again.due_at == NINE
    assert not missed(again.kind, again.wanted_at, NINE + timedelta(days=2, minutes=1))
    assert missed(again.kind, again.wanted_at, NINE + timedelta(days=3))


@given(rows)
def test_only_a_doubt_that_rests_can_be_taken_for_seen(row: Delivery) -> None:
    if rests(row):
        assert seen(row).state is DeliveryState.SENT
    else:
        with pytest.raises(ValueError, match="not in doubt"):
            seen(row)


# ------------------------------------------------------------------ telling


@given(rows)
def test_whatever_is_told_of_a_slot_is_some_trouble(row: Delivery) -> None:
    assert tells(row) == (trouble(row) is not None)


def test_nobody_is_told_of_what_belongs_to_no_schedule() -> None:
    failed = replace(ROW, state=DeliveryState.FAILED)
    assert not tells(replace(failed, kind=Kind.ANSWER, schedule=None))
    assert tells(replace(failed, kind=Kind.NOTICE, schedule=None))


def test_the_reasons_that_last_are_reasons() -> None:
    assert {each.value for each in (*Why, *Reason)} >= LASTING | CUT_OFF


@pytest.mark.parametrize("reason", [each.value for each in Reason])
def test_a_schedule_is_off_only_for_what_no_further_try_can_mend(reason: str) -> None:
    assert lasting(replace(ROW, state=DeliveryState.FAILED, reason=reason)) == (reason in {"bad_credentials", "no_channel", "no_access"})
    assert not lasting(replace(ROW, state=DeliveryState.IN_DOUBT, reason=reason))


def test_troubles_are_told_together_by_owner_reason_and_platform() -> None:
    def row(id_: int, schedule: int, binding: int, **how: object) -> Delivery:
        return replace(ROW, id=id_, schedule=schedule, binding=binding, **how)  # type: ignore[arg-type]  # as a Delivery takes them

    gone = {"state": DeliveryState.FAILED, "reason": "no_channel"}
    late, over = {"state": DeliveryState.LATE}, {"state": DeliveryState.MISSED, "reason": "too_late"}
    found = grouped(
        [row(1, 1, 2, **gone), row(2, 1, 2, **gone), row(3, 2, 2, **gone), row(4, 1, 3, **gone), row(5, 1, 2, **late), row(6, 1, 3, **over)],
        {1: 5, 2: 5, 3: None, 4: 5, 5: 5, 6: 5},
    )
    assert sorted([row.id for row in of_group] for of_group in found.values()) == [[1, 2], [3], [4], [5, 6]]


@pytest.mark.parametrize(
    ("near", "closed", "told"),
    [(2, (), 2), (3, (), 3), (2, (2,), 3), (2, (2, 3), 1), (0, (), 2), (1, (), 2), (2, (1, 2, 3), None)],
)
def test_a_person_is_told_near_where_it_happened_unless_that_way_is_closed(near: int, closed: tuple[int, ...], told: int | None) -> None:
    found = route(BINDINGS, frozenset(closed), near, "web")
    assert (found.id if found else None) == told


def test_a_platform_that_wants_no_more_of_the_house_is_no_way() -> None:
    off = tuple(replace(binding, on=binding.id != 2) for binding in BINDINGS)
    found = route(off, frozenset(), 2, "web")
    assert found is not None
    assert found.id == 3


# ------------------------------------------------------------------ words


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("reason", [each.value for each in (*Why, *Reason)])
def test_every_reason_says_what_happened_and_what_to_do(reason: str, locale: Locale) -> None:
    for part in ("what", "do"):
        said = text(locale, f"delivery.why.{reason}.{part}")
        assert said.endswith(("。", "."))
        assert "_" not in said


@pytest.mark.parametrize("locale", list(Locale))
def test_every_kind_and_state_has_a_name(locale: Locale) -> None:
    assert all(text(locale, f"delivery.kind.{kind.value}") for kind in Kind)
    assert all(text(locale, f"delivery.state.{each.value}") for each in DeliveryState)


@pytest.mark.parametrize(
    ("late", "said"), [(timedelta(minutes=12, seconds=40), "sent late by 12 min"), (timedelta(hours=2, minutes=5), "sent late by 2 h 5 min")]
)
def test_what_came_late_says_by_how_much(late: timedelta, said: str) -> None:
    assert plain(state(slot(state=DeliveryState.LATE, sent_at=NINE + late), READER)) == said


@pytest.mark.parametrize("standing", sorted(OUT))
def test_what_a_person_had_sent_again_says_so(standing: DeliveryState) -> None:
    assert plain(state(slot(state=standing, sent_at=NOON, asked_at=NOON), READER)) == "sent again"


def test_a_link_is_shown_where_it_leads_to_the_web() -> None:
    assert len(state(slot(state=DeliveryState.SENT, link="https://shop.example/1"), READER)) == 2
    assert len(state(slot(state=DeliveryState.SENT, link="/w/1/c/1"), READER)) == 1


def test_what_goes_its_way_needs_no_reason() -> None:
    assert why(slot(state=DeliveryState.SENT, reason="as_planned"), READER) is None
    assert why(slot(state=DeliveryState.FAILED, reason="no_channel"), READER) is not None


@given(rows)
def test_whatever_became_of_a_slot_it_can_be_explained(row: Delivery) -> None:
    assert explained(Slot(row, SCHEDULE, None), READER)


@pytest.mark.parametrize("count", [1, 3, 9, 40])
def test_a_notice_of_many_stays_short_and_its_button_has_room_for_them(count: int) -> None:
    failed = [slot(id=2**62 + number, state=DeliveryState.FAILED, reason="bad_credentials") for number in range(count)]
    card = notice_card(Trouble.FAILED, failed, READER, off=True)
    (actions,) = (block for block in card.blocks if isinstance(block, Actions))
    assert [button.press.command for button in actions.buttons] == ["ops reenable", "ops deliveries"]
    assert len(card.blocks) <= 6
