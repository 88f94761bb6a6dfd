"""Do the figures of a process say what they are called by?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.metrics import Metrics
from core.clock import FixedClock
from core.domain.deliveries import Delivery, DeliveryState, Kind, Request, Why
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Workspace
from core.messages.model import Message
from core.storage.unit_of_work import Database
from scheduler.planner import Planner
from scheduler.stages.record import Outcome
from scheduler.stages.work import Work
from tests.delivering import DUE, HOUR, MovingClock, PlainWeek, open_shop, states

SHOP = Workspace(1, "Tea shop", Locale.EN, "Asia/Shanghai", "CNY", "CN")
ROW = Delivery(1, 1, "k", Kind.DIGEST, 1, "ops", DUE)
SENT = replace(ROW, state=DeliveryState.SENT, sent_at=DUE + timedelta(seconds=7))


def told(before: DeliveryState, after: Delivery, message: Message | None = None) -> str:
    metrics = Metrics(FixedClock(DUE))
    work = Work(replace(ROW, state=before), SHOP, business_time(SHOP, DUE), Request(), True, None)
    metrics.looked(work, Outcome(after, Why.AS_PLANNED, message), 3.0)
    return metrics.text().decode()


def test_a_look_that_sent_what_was_built_is_a_sending() -> None:
    text = told(DeliveryState.BUILT, SENT, Message((), ""))
    assert 'morningbell_send_seconds_sum{kind="digest"} 3.0' in text
    assert 'morningbell_build_seconds_sum{kind="digest"}' not in text


def test_a_look_that_only_waited_or_gave_up_neither_built_nor_sent() -> None:
    for before, after in ((DeliveryState.BUILT, DeliveryState.BUILT), (DeliveryState.PLANNED, DeliveryState.MUTED)):
        text = told(before, replace(ROW, state=after))
        assert "_seconds_sum{" not in text


def test_what_a_person_sends_again_is_late_from_their_wish_on() -> None:
    again = replace(SENT, asked_at=DUE + timedelta(hours=2), sent_at=DUE + timedelta(hours=2, seconds=4))
    assert 'morningbell_lag_seconds_sum{kind="digest"} 4.0' in told(DeliveryState.BUILT, again, Message((), ""))


def test_what_was_too_late_when_it_was_planned_counts_as_missed(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    metrics, clock = Metrics(FixedClock(DUE)), MovingClock(DUE + 4 * HOUR)
    planner = Planner(embedded, clock, lambda workspace, schedule, team, today: PlainWeek(), metrics.missed)
    planner.run()
    assert "missed" in states(embedded, shop)
    assert 'morningbell_deliveries_total{kind="digest",reason="too_late",state="missed"} 1.0' in metrics.text().decode()
