"""Does what an older version left in the ledger still go out? `ledger/` holds rows as they were written: `first` by the first release."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.courier import taken_up
from bot.platforms.feishu.render import render as on_feishu
from bot.platforms.slack.render import render as on_slack
from bot.platforms.web.render import render as on_web
from core.clock import FixedClock
from core.domain.deliveries import Delivery, Kind, Request
from core.messages.codec import freeze, thaw
from core.ports import InvocationKind
from core.storage.repositories.deliveries import DELIVERIES
from core.storage.sealing import Place
from core.storage.unit_of_work import Database
from tests.fakes import FakeRenderer
from tests.house import house_on, open_shop

ROWS = Path(__file__).parent / "ledger"
PAYLOADS = sorted(ROWS.glob("payload.*.json"))
DIGESTS = sorted(ROWS.glob("request.digest.*.json"))


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("render", [on_web, on_slack, on_feishu], ids=["web", "slack", "feishu"])
@pytest.mark.parametrize("path", PAYLOADS, ids=name)
def test_a_kept_message_renders_everywhere(path: Path, render: Any) -> None:
    frozen = thaw(path.read_bytes())
    shown = str(render(frozen.message, frozen.refs))
    assert "林晓" in shown
    assert "ref-1" in shown


@pytest.mark.parametrize("path", PAYLOADS, ids=name)
def test_a_kept_message_is_kept_again_without_loss(path: Path) -> None:
    frozen = thaw(path.read_bytes())
    assert thaw(freeze(frozen)) == frozen


def planned(database: Database, row: Delivery, path: Path, clock: FixedClock) -> int:
    """A row whose request is what the file says, to the letter."""
    with database.write() as uow:
        kept = uow.deliveries.plan(row, Request(), clock.now())
        assert kept is not None
        sealed = database.sealer.seal(path.read_bytes(), Place("deliveries", str(kept), "request"))
        uow.session.execute(update(DELIVERIES).where(DELIVERIES.c.id == kept).values(request=sealed))
        uow.commit()
    return kept


@pytest.mark.parametrize("path", DIGESTS, ids=name)
def test_a_digest_that_was_planned_is_built_and_sent(embedded: Database, sqlite_url: str, clock: FixedClock, path: Path) -> None:
    shop = open_shop(embedded, clock).workspace
    with embedded.read() as uow:
        channel = next(channel for channel in uow.places.channels(shop.id) if channel.direct_to is None)
    row = Delivery(0, shop.id, "kept", Kind.DIGEST, channel.binding, channel.external_id, clock.now() - timedelta(minutes=1))
    house = house_on(sqlite_url)
    vars(house).update(clock=clock)
    house.deliveries.renderer = FakeRenderer()
    outcome = house.deliveries.worker.run(planned(embedded, row, path, clock))
    house.close()
    assert outcome is not None
    assert outcome.sent


def test_an_act_that_was_put_off_is_taken_up_as_it_was_done(embedded: Database, clock: FixedClock) -> None:
    shop = open_shop(embedded, clock).workspace
    with embedded.read() as uow:
        channel = uow.places.channels(shop.id)[0]
    row = Delivery(0, shop.id, "command:k1", Kind.COMMAND, channel.binding, channel.external_id, clock.now())
    kept = planned(embedded, row, ROWS / "request.command.first.json", clock)
    with embedded.read() as uow:
        request = uow.deliveries.request(kept)
    act = taken_up(request)
    assert (act.kind, act.payload, dict(act.fields)) == (InvocationKind.COMMAND, "/kpi import orders.csv", {"file": "F1"})
    assert request.replaces == act.answer_key
