"""Do orders come in whole or not at all, once however often they are sent, and with the figures that they come to?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from core.domain.imports import ImportResult
from core.domain.periods import Grain
from core.domain.readings import State
from core.errors import Busy, UserError
from core.services import order_import
from core.services.imports import Attempt
from core.services.order_import import OrderImport, Settle, Tally, sweep
from core.storage.tables.orders import ImportRow, InvoiceLineRow, InvoiceRow
from core.storage.unit_of_work import Database, UnitOfWork
from tests.order_files import Line, Shop, open_shop

MONDAY, TUESDAY = date(2024, 5, 27), date(2024, 5, 28)
TODAY = date(2024, 6, 4)


@pytest.fixture
def shop(database: Database) -> Shop:
    return open_shop(database)


def counted(shop: Shop, table: type[InvoiceRow] | type[InvoiceLineRow]) -> int:
    with shop.database.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_becomes_the_figures_of_its_days(shop: Shop) -> None:
    result = shop.take(
        [
            Line("1001", "2024-05-27", 2, "9.90", "A"),
            Line("1001", "2024-05-27", 2, "9.90", "A"),
            Line("1002", "2024-05-27", 1, "5.00", ""),
            Line("1003", "2024-05-27", 3, "0", "B"),
            Line("C1004", "2024-05-28", -1, "9.90", "A"),
            Line("A1005", "2024-05-28", 1, "-53.20", ""),
        ]
    )
    assert (result.rows, result.kept, result.invoices, result.changed, result.days) == (6, 6, 5, 5, 2)
    monday = {metric: shop.value(metric, MONDAY) for metric in ("gmv", "net_gmv", "refunds", "orders", "units", "customers")}
    assert monday == {
        "gmv": Decimal("44.60"),
        "net_gmv": Decimal("44.60"),
        "refunds": 0,
        "orders": 2,
        "units": 5,
        "customers": 1,
    }
    assert [shop.value(metric, TUESDAY) for metric in ("gmv", "net_gmv", "refunds", "orders")] == [0, Decimal("-9.90"), Decimal("9.90"), 0]


def test_a_customer_of_two_days_is_one_customer_of_the_week(shop: Shop) -> None:
    shop.take([Line("1", "2024-05-27", customer="A"), Line("2", "2024-05-28", customer="A"), Line("3", "2024-05-28", customer="B")])
    assert shop.value("customers", TUESDAY) == 2
    assert shop.value("customers", MONDAY, Grain.WEEK) == 2
    assert shop.value("customers", date(2024, 1, 1), Grain.YEAR) == 2
    assert shop.value("gmv", MONDAY, Grain.WEEK) is None, "sums of a week follow from its days and are not kept twice"


def test_the_same_file_again_changes_nothing(shop: Shop) -> None:
    lines = [Line("1", "2024-05-27"), Line("2", "2024-05-28", customer="B")]
    shop.take(lines)
    before = shop.figures()
    again = shop.take(reversed(lines))
    assert again.unchanged
    assert shop.figures() == before
    assert counted(shop, InvoiceRow) == 2


def test_a_fuller_file_completes_a_day(shop: Shop) -> None:
    shop.take([Line("1", "2024-05-27")])
    fuller = shop.take([Line("1", "2024-05-27"), Line("2", "2024-05-27")])
    assert (fuller.changed, fuller.days) == (1, 1)
    assert shop.value("orders", MONDAY) == 2


def test_an_invoice_sent_again_is_replaced_whole(shop: Shop) -> None:
    shop.take([Line("1", "2024-05-27", 2), Line("1", "2024-05-27", 5), Line("2", "2024-05-27")])
    shop.take([Line("1", "2024-05-27", 3)])
    assert (shop.value("units", MONDAY), shop.value("orders", MONDAY)) == (4, 2)
    assert (counted(shop, InvoiceRow), counted(shop, InvoiceLineRow)) == (2, 2), "what was replaced is swept"


def test_an_invoice_that_moves_takes_its_figures_along(shop: Shop) -> None:
    shop.take([Line("1", "2024-05-27"), Line("2", "2024-05-29")])
    moved = shop.take([Line("1", "2024-05-28")])
    assert (shop.value("orders", MONDAY), shop.value("orders", TUESDAY)) == (None, 1)
    assert moved.days == 1
    with shop.database.read() as uow:
        revised = uow.session.scalar(text("select count(*) from reading_revisions where metric = 'orders'"))
    assert revised == 1, "what was said of Monday is kept among the revisions"


def test_the_day_under_way_is_provisional_until_it_is_sent_again(shop: Shop) -> None:
    shop.take([Line("1", "2024-06-03"), Line("2", "2024-06-04", time="08:30:00")])
    assert shop.figures()["gmv", Grain.DAY, date(2024, 6, 3)].state is State.FINAL
    assert shop.figures()["gmv", Grain.DAY, TODAY].state is State.PROVISIONAL
    assert shop.figures()["customers", Grain.WEEK, date(2024, 6, 3)].state is State.PROVISIONAL
    shop.clock.instant += timedelta(days=1)
    assert shop.take([Line("2", "2024-06-04", time="08:30:00")]).days == 1
    assert shop.figures()["gmv", Grain.DAY, TODAY].state is State.FINAL


def test_a_count_over_a_missing_day_is_provisional(shop: Shop) -> None:
    shop.take([Line("1", "2024-05-13"), Line("2", "2024-05-16"), Line("3", "2024-05-20")])
    assert shop.figures()["customers", Grain.WEEK, date(2024, 5, 13)].state is State.PROVISIONAL


def test_the_shop_is_open_since_its_first_order_and_closed_days_are_learned(shop: Shop) -> None:
    first = date(2024, 3, 4)
    days = [first + timedelta(days=offset) for offset in range(70)]
    shop.take([Line(str(1000 + n), day.isoformat()) for n, day in enumerate(days) if day.weekday() != 5 and day != date(2024, 4, 17)])
    with shop.database.read() as uow:
        assert uow.workspaces.get(shop.workspace.id).opened_on == first
    closed = shop.closed()
    assert {day for day in days if day.weekday() == 5} <= closed
    assert date(2024, 4, 17) not in closed, "a Wednesday without orders is missing"


def test_customers_are_kept_as_pseudonyms_that_differ_between_shops(shop: Shop) -> None:
    other = open_shop(shop.database, "Other shop")
    for each in (shop, other):
        each.take([Line("1", "2024-05-27", customer="13085")])
    with shop.database.read() as uow:
        kept = list(uow.session.scalars(select(InvoiceRow.customer)))
    assert len(set(kept)) == 2
    assert not any("13085" in str(customer) for customer in kept)


def test_shops_do_not_see_one_another(shop: Shop) -> None:
    other = open_shop(shop.database, "Other shop")
    shop.take([Line("1", "2024-05-27")])
    assert other.take([Line("1", "2024-05-27", 7)]).changed == 1
    assert (shop.value("units", MONDAY), other.value("units", MONDAY)) == (1, 7)


def test_an_import_that_fails_in_the_middle_leaves_nothing_to_see(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.take([Line("1", "2024-05-27")])
    before = shop.figures()
    monkeypatch.setattr(order_import, "PIECE_INVOICES", 1)
    with pytest.raises(KeyboardInterrupt):
        shop.take([Line("1", "2024-05-28"), Line("2", "2024-05-28"), Line("3", "2024-05-28")], _interrupt)
    assert shop.figures() == before
    assert shop.take([Line("1", "2024-05-27")]).unchanged, "and the next import begins at once"
    assert counted(shop, InvoiceRow) == 1


def test_a_killed_import_is_swept_by_the_next_one_once_it_is_silent(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_import, "PIECE_INVOICES", 1)
    monkeypatch.setattr(OrderImport, "_abandon", lambda self, running: None)
    with pytest.raises(KeyboardInterrupt):
        shop.take([Line("1", "2024-05-28"), Line("2", "2024-05-28")], _interrupt)
    assert shop.figures() == {}
    assert counted(shop, InvoiceRow) == 1
    with pytest.raises(UserError) as caught:
        shop.take([Line("1", "2024-05-27")])
    assert caught.value.key == "imports.running"
    shop.clock.instant += timedelta(minutes=3)
    shop.take([Line("3", "2024-05-27")])
    assert (counted(shop, InvoiceRow), shop.value("orders", MONDAY), shop.value("orders", TUESDAY)) == (1, 1, None)


def test_another_file_is_told_what_runs_and_another_attempt_at_the_same_request_waits(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [Line("1", "2024-05-28")]
    met: list[Exception] = []

    finish = OrderImport._finish

    def meanwhile(run: OrderImport, running: int, tally: Tally, settle: Settle) -> int:
        for request in ("one", "two"):
            with pytest.raises((UserError, Busy)) as caught:
                shop.take(lines, attempt=Attempt(request))
            met.append(caught.value)
        return finish(run, running, tally, settle)

    monkeypatch.setattr(OrderImport, "_finish", meanwhile)
    assert shop.take(lines, attempt=Attempt("one")).changed == 1
    same, other = met
    assert isinstance(same, Busy)
    assert isinstance(other, UserError)
    assert (other.key, other.args_) == ("imports.running", {"file": "orders.csv"})


def test_what_cannot_be_settled_does_not_count(shop: Shop) -> None:
    def late(uow: UnitOfWork, result: ImportResult) -> None:
        raise Busy

    with pytest.raises(Busy):
        shop.take([Line("1", "2024-05-28")], attempt=Attempt("one", late))
    assert shop.figures() == {}


def test_an_import_taken_for_dead_stops(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_import, "PIECE_INVOICES", 1)

    def overtake(_done: int, _total: int) -> None:
        with shop.database.write() as uow:
            uow.session.query(ImportRow).filter(ImportRow.state == "running").update({"state": "dead"})
            uow.commit()

    with pytest.raises(UserError) as caught:
        shop.take([Line("1", "2024-05-27"), Line("2", "2024-05-27")], overtake)
    assert caught.value.key == "imports.overtaken"
    assert shop.figures() == {}


def test_sweeping_takes_many_short_steps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(order_import, "sweep", lambda database, workspace: None)
        shop.take([Line(str(number), "2024-05-27", quantity) for number in range(6) for quantity in (1, 2)])
        shop.take([Line(str(number), "2024-05-27", 9) for number in range(6)])
    assert counted(shop, InvoiceRow) == 12
    monkeypatch.setattr(order_import, "PIECE_LINES", 3)
    sweep(shop.database, shop.workspace.id)
    assert (counted(shop, InvoiceRow), counted(shop, InvoiceLineRow)) == (6, 6)


def test_progress_ends_where_it_said_it_would(shop: Shop) -> None:
    seen: list[tuple[int, int]] = []
    shop.take([Line("1", "2024-05-27"), Line("2", "2024-05-28")], lambda done, total: seen.append((done, total)))
    assert seen[-1] == (4, 4)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


ORDERS = st.lists(
    st.builds(
        Line,
        invoice=st.sampled_from([str(number) for number in range(1001, 1013)]),
        day=st.sampled_from([(date(2024, 4, 1) + timedelta(days=offset)).isoformat() for offset in range(0, 40, 3)]),
        quantity=st.integers(-3, 5).filter(bool),
        price=st.sampled_from(["0", "9.90", "120.05"]),
        customer=st.sampled_from(["", "A", "B", "C"]),
    ),
    min_size=1,
    max_size=24,
)


class Shops:
    """As many shops as an example asks for, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made = 0

    def fresh(self) -> Shop:
        self._made += 1
        return open_shop(self._database, f"Shop {self._made}")


@pytest.fixture
def shops(embedded: Database) -> Shops:
    return Shops(embedded)


@settings(max_examples=20)
@given(lines=ORDERS, parts=st.lists(st.sets(st.integers(0, 11)), max_size=4), chance=st.randoms(use_true_random=False))
def test_any_overlapping_parts_in_any_order_come_to_the_figures_of_the_whole(
    shops: Shops, lines: list[Line], parts: list[set[int]], chance: Random
) -> None:
    numbers = sorted({line.invoice for line in lines})
    chosen = [{numbers[place] for place in part if place < len(numbers)} for part in parts]
    chosen.append(set(numbers) - set().union(*chosen))
    files = [[line for line in lines if line.invoice in part] for part in chosen]
    chance.shuffle(files)
    whole, split = shops.fresh(), shops.fresh()
    whole.take(lines)
    for file in files:
        if file:
            split.take(file)
    assert split.figures() == whole.figures()
    assert split.closed() == whole.closed()


def _interrupt(done: int, total: int) -> None:
    """Once the first piece is written; while the file is read there is no total yet."""
    if total and done > total // 2:
        raise KeyboardInterrupt


def test_others_read_and_write_between_the_pieces(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_import, "PIECE_INVOICES", 1)
    seen: list[int] = []

    def work(done: int, total: int) -> None:
        with shop.database.write() as uow:
            uow.workspaces.save(replace(uow.workspaces.get(shop.workspace.id), name=f"Renamed at {done} of {total}"))
            uow.commit()
        seen.append(len(shop.figures()))

    shop.take([Line("1", "2024-05-27"), Line("2", "2024-05-28")], work)
    with shop.database.read() as uow:
        kept = uow.workspaces.get(shop.workspace.id)
    assert kept.name == "Renamed at 4 of 4", "what was changed meanwhile stays"
    assert set(seen) == {0}
    assert shop.figures()
