"""Does the second demo workspace stand on a file of real orders, and on nothing that is made up?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.demo.orders import load_demo_orders
from core.clock import FixedClock
from core.domain.deliveries import Kind
from core.domain.moments import business_time
from core.domain.readings import State
from core.errors import UserError
from core.services.board import board
from core.storage.unit_of_work import Database
from tests.order_files import HEADER, Line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [
        Line("489434", "2010-12-07", 12, "6.95", "13085"),
        Line("538000", "2010-12-08", 2, "3.75", "17530"),
        Line("C538001", "2010-12-08", -1, "3.75", "17530"),
        Line("538171", "2010-12-09", 2, "1.95", "17530", time="08:01:00"),
    ]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([HEADER, *(line.row() for line in lines)]))
    return path


def test_the_board_of_the_morning_shows_what_the_orders_tell(embedded: Database, clock: FixedClock, file: Path) -> None:
    workspace = load_demo_orders(embedded, clock, file)
    moment = business_time(workspace, clock.now())
    with embedded.read() as uow:
        rows = {row.metric.code: row.figure for row in board(uow, workspace, moment).rows}
        today = {row.metric.code: row.figure for row in board(uow, workspace, moment, date(2010, 12, 9)).rows}
        (schedule,) = uow.schedules.of(workspace.id)
    assert (workspace.currency, workspace.timezone, workspace.demo) == ("GBP", "Europe/London", True)
    assert moment.local.isoformat() == "2010-12-09T08:55:00+00:00"
    assert (rows["gmv"].value, rows["refunds"].value, rows["basket"].value) == (Decimal("7.50"), Decimal("3.75"), Decimal("7.5"))
    assert today["gmv"].state is State.PROVISIONAL
    assert not {"visitors", "dau", "ad_cost", "first_response"} & rows.keys(), "what orders do not tell is not made up"
    assert schedule.kind is Kind.DIGEST


def test_a_file_that_was_no_orders_can_be_followed_by_one_that_is(embedded: Database, clock: FixedClock, file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(UserError):
        load_demo_orders(embedded, clock, wrong)
    assert load_demo_orders(embedded, clock, file).opened_on == date(2010, 12, 7)
    with embedded.read() as uow:
        assert len(uow.workspaces.all()) == 1
