"""Does a card that stands somewhere show the task as it is now, wherever it was finished?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import FixedClock
from core.domain.deliveries import Delivery, DeliveryState, Kind, Request, Why
from core.domain.moments import business_time
from core.messages.cards.task_words import Reader
from core.messages.codec import Frozen, freeze
from core.messages.model import Code, Message
from core.messages.phrases import spoken
from core.ports import Profile
from core.services import cards
from core.services.newcomers import take_in
from core.services.people import names_of
from core.storage.unit_of_work import Database
from scheduler.ledger import Ledger
from scheduler.stages.mute import mute
from scheduler.stages.send import Send
from scheduler.stages.work import Settle, Work
from tests.delivering import MovingClock
from tests.fakes import FakePlatform
from tests.office import Office, open_office

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)


@dataclass
class Wall:
    """Where cards of a team stand."""

    office: Office
    binding: int

    def put_up(self, message: Message, receipt: str, conversation: str = "ops", visible_to: int | None = None, at: datetime = NOW) -> None:
        """The message as it was sent and stands there."""
        self.record(self.send_off(message, receipt, conversation, visible_to, at), receipt, at)

    def send_off(self, message: Message, name: str, conversation: str = "ops", visible_to: int | None = None, at: datetime = NOW) -> Delivery:
        """The message on its way there."""
        planned = Delivery(
            0, self.office.shop.id, f"answer:{name}", Kind.ANSWER, self.binding, conversation, NOW, visible_to=visible_to, subject=message.subject
        )
        held = replace(planned, state=DeliveryState.SENDING, attempts=1, lease_until=NOW)
        with self.office.database.write() as uow:
            row = uow.deliveries.plan(held, Request(), at, freeze(Frozen(message, NOW)))
            uow.commit()
        assert row is not None
        return replace(held, id=row)

    def record(self, held: Delivery, receipt: str, at: datetime = NOW) -> None:
        """It has arrived."""
        sent = replace(held, state=DeliveryState.SENT, lease_until=None, receipt=receipt, sent_at=at)
        assert Ledger(self.office.database, MovingClock(at)).move(held, sent)

    def renewals(self) -> list[Delivery]:
        return [row for row in self.office.deliveries() if row.kind is Kind.CARD]

    def shown(self, renewal: Delivery) -> Message:
        shop = self.office.shop
        with self.office.database.read() as uow:
            return cards.renewed(uow, shop, uow.deliveries.request(renewal.id), business_time(shop, NOW))

    def reader(self, member: int | None) -> Reader:
        with self.office.database.read() as uow:
            shop = self.office.shop
            return Reader(shop.locale, business_time(shop, NOW).today, shop.zone, names_of(uow, shop), member)

    def state(self, subject: str, member: int | None = None) -> Message | None:
        with self.office.database.read() as uow:
            return cards.state(uow, self.office.shop, subject, self.reader(member), business_time(self.office.shop, NOW))


@pytest.fixture
def wall(embedded: Database, clock: FixedClock) -> Wall:
    office = open_office(embedded, clock)
    with embedded.write() as uow:
        binding = uow.places.bind(office.shop.id, "slack", "T1")
        uow.commit()
    return Wall(office, binding)


def test_cards_say_what_they_show_the_state_of(wall: Wall) -> None:
    owner = wall.office.owner
    said = [wall.office.say(line).message.subject for line in ("/task add 备货", "/task mine", "/task done T-1", "/task done T-1", "/task list")]
    assert said == ["task:1", f"mine:{owner.id}", "task:1", "task:1", ""]


def test_a_task_done_here_is_shown_done_where_its_cards_stand(wall: Wall) -> None:
    added, mine = wall.office.say("/task add 备货").message, wall.office.say("/task mine").message
    wall.put_up(added, "17.1", "C1")
    wall.put_up(mine, "17.2", "D1", visible_to=wall.office.owner.id)
    wall.office.say("/task done T-1 已入仓")
    renewals = {row.edits: row for row in wall.renewals()}
    assert {(row.binding, row.conversation, row.subject, row.visible_to) for row in renewals.values()} == {
        (wall.binding, "C1", "task:1", None),
        (wall.binding, "D1", mine.subject, wall.office.owner.id),
    }
    assert wall.shown(renewals["17.1"]).fallback == "T-1 已完成：备货"
    assert wall.shown(renewals["17.2"]).fallback == "你没有未完成的任务"


def test_a_persons_page_is_shown_as_it_is_now_and_to_nobody_else(wall: Wall) -> None:
    wall.office.say("/task add 备货 今天")
    page = wall.office.say("/ops home").message
    wall.put_up(page, "17.3", "D1", visible_to=wall.office.owner.id)
    wall.office.say("/task done T-1")
    [renewal] = [row for row in wall.renewals() if row.edits == "17.3"]
    assert "备货" in str(page.blocks)
    assert "备货" not in str(wall.shown(renewal).blocks)
    assert wall.state(page.subject, wall.office.owner.id) is not None
    assert wall.state(page.subject, wall.office.viewer.id) is None


def test_a_card_keeps_the_language_in_which_it_stands(wall: Wall) -> None:
    wall.office.say("/ops language en")
    wall.put_up(wall.office.say("/task add Stock").message, "17.1")
    wall.office.say("/ops language 中文")
    wall.office.say("/task done 1")
    [renewal] = wall.renewals()
    assert wall.shown(renewal).fallback == "T-1 is done: Stock"


def test_a_task_handed_over_stands_in_its_owners_lists_at_once(wall: Wall) -> None:
    wall.put_up(wall.office.say("/task mine", wall.office.viewer).message, "17.1")
    wall.office.say("/task add 备货 owner=@vera")
    [renewal] = wall.renewals()
    assert wall.shown(renewal).fallback == "Your tasks: 1 for later"


def test_every_change_is_shown_and_what_changes_nothing_is_not(wall: Wall) -> None:
    wall.put_up(wall.office.say("/task mine").message, "17.1")
    for title in ("备货", "上架"):
        wall.office.say(f"/task add {title}")
    assert len(wall.renewals()) == 2
    wall.office.say("/task done 1")
    wall.office.say("/task done 1")
    assert len(wall.renewals()) == 3


def test_a_state_that_had_to_wait_never_takes_a_later_one_back(wall: Wall) -> None:
    wall.put_up(wall.office.say("/task add 备货").message, "17.1")
    wall.put_up(wall.office.say("/task mine").message, "17.2")
    wall.office.say("/task add 上架")
    [early] = wall.renewals()
    ledger = Ledger(wall.office.database, MovingClock(NOW))
    assert not _work(ledger, early).overtaken
    wall.office.clock.instant += timedelta(seconds=1)
    wall.office.say("/task done 1")
    late = [row for row in wall.renewals() if row.id != early.id]
    assert [_work(ledger, row).overtaken for row in (early, *late)] == [True, False, False]
    doubted = replace(_work(ledger, early), delivery=replace(early, state=DeliveryState.IN_DOUBT, attempts=1))
    assert Send(ledger, lambda binding: FakePlatform(), lambda binding, message: {})(doubted) == Settle(doubted, DeliveryState.MISSED, Why.OVERTAKEN)
    assert mute(_work(ledger, early)) == Settle(_work(ledger, early), DeliveryState.MUTED, Why.OVERTAKEN)


def test_a_card_that_was_on_its_way_when_its_task_was_finished_is_drawn_anew_once_it_stands(wall: Wall) -> None:
    added = wall.office.say("/task add 备货").message
    late, other = wall.send_off(added, "late", "C1"), wall.send_off(wall.office.say("/task add 上架").message, "other")
    wall.office.say("/task done T-1 已入仓")
    assert wall.renewals() == []
    for held in (late, other):
        wall.record(held, f"17.{held.id}")
    [renewal] = wall.renewals()
    assert (renewal.edits, renewal.conversation, renewal.subject) == (f"17.{late.id}", "C1", "task:1")
    assert wall.shown(renewal).fallback == "T-1 已完成：备货"


def test_a_new_state_that_was_on_its_way_when_a_newer_one_came_does_not_stay(wall: Wall) -> None:
    """Nobody knows in which order two edits arrive: the newest state goes there once more."""
    wall.put_up(wall.office.say("/task mine").message, "17.1")
    wall.office.say("/task add 备货")
    [early] = wall.renewals()
    held = replace(early, state=DeliveryState.SENDING, attempts=1, lease_until=NOW)
    with wall.office.database.write() as uow:
        assert uow.deliveries.move(early, replace(early, state=DeliveryState.BUILT), freeze(Frozen(wall.shown(early), NOW)))
        assert uow.deliveries.move(replace(early, state=DeliveryState.BUILT), held)
        uow.commit()
    wall.office.say("/task add 上架")
    wall.record(held, "17.1")
    assert [wall.shown(row).fallback for row in wall.renewals() if row.id != early.id] == ["你的任务：不急的 2 项"] * 2


def _work(ledger: Ledger, row: Delivery) -> Work:
    work = ledger.work(row.id)
    assert work is not None
    return work


def test_joined_accounts_have_one_list_wherever_it_stands(wall: Wall) -> None:
    """The one who gave the code spoke in the playground, the one who typed it on Slack."""
    office = wall.office
    with office.database.write() as uow:
        chen = take_in(uow, office.shop, wall.binding, "U1", Profile("Chen"))
        uow.commit()

    def there(line: str) -> Message:
        return office.say(line, platform="slack", tenant="T1", actor="U1", conversation="D1").message

    mine, theirs = office.say("/task mine").message, there("/task mine")
    wall.put_up(mine, "17.1")
    wall.put_up(theirs, "17.2", "C1", visible_to=chen.id)
    office.say("/task add 备货")
    there(f"/ops link {code_of(office.say('/ops link').message)}")
    on_join = {row.edits: row for row in wall.renewals() if row.subject == mine.subject}
    assert {wall.shown(row).fallback for row in on_join.values()} == {"你的任务：不急的 1 项"}
    with office.database.read() as uow:
        assert (on_join["17.2"].visible_to, uow.members.account(wall.binding, office.owner.id)) == (office.owner.id, "U1")
    known = {row.id for row in wall.renewals()}
    there("/task done 1")
    assert {row.edits for row in wall.renewals() if row.id not in known} == {"17.1", "17.2"}


def code_of(given: Message) -> str:
    return next(piece.text for piece in spoken(given) if isinstance(piece, Code))


def test_cards_of_long_ago_and_of_a_crowd_are_left_alone(wall: Wall) -> None:
    mine = wall.office.say("/task mine").message
    wall.put_up(mine, "old", at=NOW - cards.LIVELY - timedelta(seconds=1))
    for number in range(cards.MOST + 2):
        wall.put_up(mine, f"17.{number}")
    wall.office.say("/task add 备货")
    renewals = wall.renewals()
    assert len(renewals) == cards.MOST
    assert "old" not in {row.edits for row in renewals}


def test_a_list_is_shown_to_its_member_alone_and_a_task_to_everyone(wall: Wall) -> None:
    wall.office.say('/task add 备货 standard="齐了" due=2024-06-07')
    owner, other = wall.office.owner.id, wall.office.viewer.id
    assert wall.state(f"mine:{owner}", owner) is not None
    assert wall.state(f"mine:{owner}", other) is None
    assert wall.state(f"mine:{owner}") is None
    open_ = wall.state("task:1", other)
    assert open_ is not None
    assert (open_.fallback, open_.subject, open_.card) == ("T-1 备货", "task:1", "task.state")


@pytest.mark.parametrize("subject", ["", "task:", "task:99", "task:x", "task:99999999999999999999", "mine:", f"mine:{'9' * 40}", "role:1", "task:１"])
def test_what_is_no_subject_shows_nothing(wall: Wall, subject: str) -> None:
    assert wall.state(subject, 1) is None
