"""Does what a team keeps survive a step to other tables, and back?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.domain.cadences import Cron
from core.domain.deliveries import Kind
from core.domain.schedules import Schedule
from core.domain.workspaces import Member, Permission
from core.services import schedules
from core.services.schedules import MORNING
from core.storage.migrate import changing_tables, migrate
from core.storage.unit_of_work import Database
from tests.delivering import OPENING, MovingClock, Post, open_shop
from tests.integration.test_schedules import moment


def step_down(database: Database, version: str) -> None:
    with changing_tables(database.engine) as config:
        command.downgrade(config, version)


def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture
def stepped(database: Database) -> Iterator[Database]:
    yield database
    migrate(database.engine)


def test_schedules_keep_their_deliveries_when_they_get_numbers_and_lose_them_again(stepped: Database) -> None:
    shop, channel, first = open_shop(stepped)
    other, _, elsewhere = open_shop(stepped, name="Book shop")
    with stepped.write() as uow:
        ann = uow.members.add(shop.id, Member(0, "Ann", Permission.LEAD, handle="ann"))
        uow.members.link(shop.id, ann.id, channel.binding, "U1")
        second = schedules.add(uow, shop, Schedule(0, 0, Kind.DIGEST, Cron("0 10 * * *"), channel.id), moment(shop))
        uow.commit()
    assert Post(stepped, MovingClock(OPENING)).planner.run() == 3

    step_down(stepped, "0002")
    assert rows(stepped, "SELECT id, channel_id FROM schedules ORDER BY id") == [(first.id, first.channel), (elsewhere.id, elsewhere.channel)]
    brought = "SELECT schedule_id FROM deliveries ORDER BY schedule_id IS NULL, schedule_id"
    assert rows(stepped, brought) == [(first.id,), (elsewhere.id,), (None,)], f"S-{second.number} is nothing that the version before can hold"

    migrate(stepped.engine)
    with stepped.read() as uow:
        assert [(each.number, each.cadence) for each in uow.schedules.of(shop.id)] == [(1, MORNING)]
        assert [each.number for each in uow.schedules.of(other.id)] == [1]
        assert uow.members.by_account(channel.binding, "U1") == ann
    assert rows(stepped, brought) == [(first.id,), (elsewhere.id,), (None,)]


def test_the_version_before_keeps_what_it_can_say_and_nothing_that_was_stopped_comes_again(stepped: Database) -> None:
    shop, channel, first = open_shop(stepped)
    _, _, off = open_shop(stepped, name="Book shop")
    _, _, paused = open_shop(stepped, name="Pen shop")
    with stepped.write() as uow:
        for kind in (Kind.BOARD, Kind.TASKS):
            schedules.add(uow, shop, Schedule(0, 0, kind, MORNING, channel.id), moment(shop))
        schedules.switch_off(uow, off, "forbidden", moment(shop))
        schedules.pause(uow, paused, date.max, moment(shop))
        uow.commit()

    step_down(stepped, "0002")
    kept = "SELECT id, kind, enabled FROM schedules ORDER BY id"
    assert rows(stepped, kept) == [(first.id, "digest", True), (off.id, "digest", False), (paused.id, "digest", False)]


def test_a_step_that_loses_what_others_refer_to_is_undone(embedded: Database) -> None:
    open_shop(embedded)
    with pytest.raises(RuntimeError, match="others refer to"), changing_tables(embedded.engine) as config:
        config.attributes["connection"].execute(text("DELETE FROM bindings"))
    assert rows(embedded, "SELECT count(*) FROM bindings") == [(1,)]
    with pytest.raises(IntegrityError), embedded.write() as uow:
        uow.session.execute(text("DELETE FROM bindings"))
