"""Does the house keep what an edge tells it of its platform?"""

from __future__ import annotations

from bot.courier import Courier
from bot.desk import HouseDesk
from bot.lates import Lates
from bot.ties import StoredTies
from core.clock import FixedClock
from core.storage.unit_of_work import Database
from tests.office import Jobs, open_office, unsent


def test_a_channel_has_the_name_that_it_was_given_last_and_keeps_the_rest(database: Database, clock: FixedClock) -> None:
    office = open_office(database, clock)
    ties = StoredTies(database, clock, lambda: office.shop.id)
    dispatcher, jobs = office.dispatcher(), Jobs()
    lates = Lates(database, clock, dispatcher, Courier(clock, jobs, unsent), jobs)
    desk = HouseDesk(database, clock, office.signer, dispatcher, ties, lates)
    ties.adopt("slack", "T1", {})
    desk.meet("slack", "T1", "C1", "C1")
    with database.write() as uow:
        uow.members.link(office.shop.id, office.owner.id, ties.every("slack")[0].binding, "U1")
        uow.commit()
    office.say("/ops channel locale=English", platform="slack", tenant="T1", actor="U1", conversation="C1")
    desk.meet("slack", "T1", "C1", "operations")
    desk.meet("slack", "T2", "C1", "of nobody")
    with database.read() as uow:
        found = [(channel.name, channel.locale) for channel in uow.places.channels(office.shop.id) if channel.external_id == "C1"]
    assert found == [("operations", "en")]
