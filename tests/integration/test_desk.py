"""Does the house keep what an edge tells it of its platform?"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.courier import Courier
from bot.desk import HouseDesk
from bot.lates import Lates
from bot.ties import StoredTies
from core.clock import FixedClock
from core.domain.workspaces import Channel
from core.i18n.texts import text
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer
from tests.office import Jobs, Office, open_office, unsent


@dataclass
class Front:
    """An office with its desk, bound to a Slack team, in whose channel C1 the owner speaks."""

    office: Office
    desk: HouseDesk

    def channel(self) -> Channel:
        with self.office.database.read() as uow:
            [found] = [channel for channel in uow.places.channels(self.office.shop.id) if channel.external_id == "C1"]
        return found

    def say(self, line: str) -> Answer:
        return self.office.say(line, platform="slack", tenant="T1", actor="U1", conversation="C1")


@pytest.fixture
def front(database: Database, clock: FixedClock) -> Front:
    office = open_office(database, clock)
    ties = StoredTies(database, clock, lambda: office.shop.id)
    dispatcher, jobs = office.dispatcher(), Jobs()
    lates = Lates(database, clock, dispatcher, Courier(clock, jobs, unsent), jobs)
    ties.adopt("slack", "T1", {})
    with database.write() as uow:
        uow.members.link(office.shop.id, office.owner.id, ties.every("slack")[0].binding, "U1")
        uow.commit()
    return Front(office, HouseDesk(database, clock, office.signer, dispatcher, ties, lates))


def test_a_channel_has_the_name_that_it_was_given_last_and_keeps_the_rest(front: Front) -> None:
    front.desk.meet("slack", "T1", "C1", "C1")
    front.say("/ops channel locale=English")
    front.desk.meet("slack", "T1", "C1", "operations")
    front.desk.meet("slack", "T2", "C1", "of nobody")
    assert (front.channel().name, front.channel().locale) == ("operations", "en")


def test_a_channel_that_the_bot_was_put_out_of_says_so_until_it_is_back(front: Front) -> None:
    front.desk.meet("slack", "T1", "C1", "ops")
    for nobodys in (("T2", "C1"), ("T1", "C2")):
        front.desk.part("slack", *nobodys)
    assert not front.channel().gone
    front.desk.part("slack", "T1", "C1")
    said = text(front.office.shop.locale, "ops.channel.gone")
    for line in ("/ops channel", "/ops channel digest=on"):
        assert said in str(front.say(line).message.blocks)
    front.desk.meet("slack", "T1", "C1", "ops")
    assert said not in str(front.say("/ops channel").message.blocks)
