"""What does each stage decide, and what stands in the ledger and in the channel afterwards?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import update

from core.domain.deliveries import MAX_ATTEMPTS, POST_LASTS, SEND_LEASE, Delivery, DeliveryState, Kind, Request
from core.domain.load import LEAST_AHEAD
from core.domain.moments import Moment, business_time
from core.domain.workspaces import Workspace
from core.errors import Busy, PictureError, Reason, SendError
from core.messages.model import Heading, Message
from core.ports import Address, Alive, Receipt
from core.services.deliveries import order
from core.services.receipts import chosen, send_again
from core.storage.tables.deliveries import DeliveryRow
from core.storage.unit_of_work import Database
from scheduler.stages.send import Names
from scheduler.worker import Look
from tests.delivering import BUILDERS, DAY, DUE, HOUR, MINUTE, OPENING, PICTURE, MovingClock, Post, answer, digest, ledger_of, open_shop, states
from tests.fakes import ABLE, FakePlatform, FakeRenderer

LIMITED = SendError(Reason.RATE_LIMITED, retryable=True, retry_after=42)
REFUSED = SendError(Reason.NO_CHANNEL, retryable=False)
UNSURE = SendError(Reason.AMBIGUOUS, retryable=True)
BLIND = SendError(Reason.NO_ACCESS, retryable=False)


class Blind(FakePlatform):
    """The bot may not read what stands in the channel."""

    def find(self, address: Address, key: str) -> Receipt | None:
        raise BLIND


def only(database: Database, shop: Workspace) -> Delivery:
    return ledger_of(database, shop)[0]


def until_rest(post: Post, clock: MovingClock, rounds: int = 60) -> None:
    for _ in range(rounds):
        post.worker.run_due()
        clock.instant += MINUTE


def test_a_digest_goes_out_with_its_picture(database: Database) -> None:
    shop, *_ = open_shop(database)
    post = Post(database, MovingClock(DUE))
    post.planner.run()
    [outcome] = post.worker.run_due()
    assert (outcome.sent, outcome.why, outcome.delivery.state) == (True, "as_planned", DeliveryState.SENT)
    assert outcome.message is not None
    assert outcome.message.fallback == "Digest of 2024-06-04 as of 2024-06-04 09:00"
    row = only(database, shop)
    assert row == outcome.delivery
    assert (row.receipt, row.sent_at, row.lease_until, row.error) == ("0", DUE, None, None)
    assert post.platform.uploads == ["leading.png"]
    assert '"leading": "ref-1"' in post.platform.posts[0][1]


def test_nothing_comes_by_itself_where_the_bot_was_put_out_and_what_somebody_waits_for_does(database: Database) -> None:
    shop, channel, _ = open_shop(database)
    post = Post(database, MovingClock(DUE))
    post.planner.run()
    with database.write() as uow:
        order(uow, shop, Address(channel.binding, channel.external_id), "key", Request({"text": "done"}), business_time(shop, DUE), DUE)
        uow.places.save_channel(replace(channel, gone=True))
        uow.commit()
    ended = {outcome.delivery.kind: (outcome.delivery.state, outcome.why) for outcome in post.worker.run_due()}
    assert ended == {Kind.DIGEST: (DeliveryState.MUTED, "put_out"), Kind.COMMAND: (DeliveryState.SENT, "as_planned")}


def slow(database: Database) -> Delivery:
    """A slow command that somebody waits for."""
    shop, channel, _ = open_shop(database)
    with database.write() as uow:
        place = Address(channel.binding, "ops")
        row = order(uow, shop, place, "key", Request({"text": "done"}), business_time(shop, DUE), DUE)
        uow.commit()
        found = uow.deliveries.get(row)
    assert found is not None
    return found


def test_long_work_that_gives_signs_of_life_is_never_taken_up_twice(database: Database) -> None:
    asked, clock, begun = slow(database), MovingClock(DUE), []

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        begun.append(clock.instant)
        for _ in range(10):
            clock.instant += timedelta(seconds=40)
            assert other.worker.run_due() == (), "the row is held"
            alive()
        return answer(request, workspace, moment, alive)

    builders = {Kind.COMMAND: build}
    other = Post(database, clock, builders=builders)
    post = Post(database, clock, builders=builders)
    [outcome] = [outcome for outcome in post.worker.run_due() if outcome.delivery.id == asked.id]
    assert (outcome.delivery.state, len(begun)) == (DeliveryState.SENT, 1)


def test_an_attempt_that_meets_another_waits_and_then_tells_what_that_one_brought(database: Database) -> None:
    asked, clock, busy = slow(database), MovingClock(DUE), [True] * MAX_ATTEMPTS * 2

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        if busy:
            busy.pop()
            raise Busy
        return answer(request, workspace, moment, alive)

    post = Post(database, clock, builders={Kind.COMMAND: build})
    for _ in range(MAX_ATTEMPTS * 2):
        post.worker.run(asked.id)
        clock.instant += MINUTE
    assert post.platform.posts == []
    outcome = post.worker.run(asked.id)
    assert outcome is not None
    assert outcome.delivery.state is DeliveryState.SENT


def test_a_message_is_sent_only_once_its_files_stand_beside_it(database: Database) -> None:
    shop, *_ = open_shop(database)
    # That the message stands need not be looked for: the row knows.
    clock, platform = MovingClock(DUE), FakePlatform(files=True, refuse_files=[LIMITED]).unable_to_find()
    post = Post(database, clock, platform)
    post.planner.run()
    post.worker.run_due()
    row = only(database, shop)
    assert (row.state, row.receipt, platform.beside) == (DeliveryState.IN_DOUBT, "0", [])
    assert row.lease_until == DUE + timedelta(seconds=42)
    clock.instant += MINUTE
    post.worker.run_due()
    row = only(database, shop)
    assert (row.state, platform.keys(), platform.beside) == (DeliveryState.SENT, [row.key], [("0", row.key)])


@pytest.mark.parametrize("errors", [[REFUSED], [UNSURE] * MAX_ATTEMPTS], ids=["never", "not in all tries"])
def test_a_message_whose_files_cannot_be_put_beside_it_is_sent_all_the_same(embedded: Database, errors: list[SendError]) -> None:
    shop, *_ = open_shop(embedded)
    clock, platform = MovingClock(DUE), FakePlatform(files=True, refuse_files=errors)
    post = Post(embedded, clock, platform)
    post.planner.run()
    until_rest(post, clock)
    row = only(embedded, shop)
    assert (row.state, platform.keys(), platform.refuse_files, platform.beside) == (DeliveryState.SENT, [row.key], [], [])


def test_files_that_break_every_try_without_a_word_do_not_keep_their_message_in_doubt_for_ever(embedded: Database) -> None:
    def broken(key: str) -> None:
        raise RuntimeError

    shop, *_ = open_shop(embedded)
    clock, platform = MovingClock(DUE), FakePlatform(files=True, attaching=broken)
    post = Post(embedded, clock, platform)
    post.planner.run()
    for _ in range(MAX_ATTEMPTS * 2):
        post.worker.run_due()
        clock.instant += MINUTE
    row = only(embedded, shop)
    assert (row.state, platform.keys(), platform.beside) == (DeliveryState.SENT, [row.key], [])


def test_a_slow_commands_result_that_takes_its_notes_place_brings_its_files_and_a_card_that_is_edited_none(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    platform = FakePlatform(files=True)
    post = Post(embedded, MovingClock(DUE), platform, builders={**BUILDERS, Kind.CARD: answer})
    note = platform.send(Address(channel.binding, channel.external_id), "working", "note")
    with embedded.write() as uow:
        place = Address(channel.binding, channel.external_id)
        order(uow, shop, place, "key", Request({"text": "done"}, replaces="note"), business_time(shop, DUE), DUE)
        card = Delivery(0, shop.id, "card:1", Kind.CARD, channel.binding, channel.external_id, DUE, edits=note.message_id)
        uow.deliveries.plan(card, Request({"text": "changed"}), DUE)
        uow.commit()
    post.worker.run_due()
    assert len(platform.edits) == 2
    assert platform.beside == [(note.message_id, "command:key")]


def test_a_sent_digest_is_not_looked_at_again(embedded: Database) -> None:
    open_shop(embedded)
    post = Post(embedded, MovingClock(DUE))
    assert [post.tick(), post.tick()] == [["sent"], []]


def test_it_is_built_ahead_and_posted_at_its_time(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock(DUE - 4 * MINUTE)
    post = Post(embedded, clock)
    post.planner.run()
    [built] = post.worker.run_due(ahead=LEAST_AHEAD)
    assert (built.delivery.state, built.why, built.sent) == (DeliveryState.BUILT, "not_due", False)
    assert post.worker.run_due(ahead=LEAST_AHEAD) == ()
    assert post.worker.agenda(LEAST_AHEAD, 5 * MINUTE) == (Look(only(embedded, shop).id, DUE),)
    assert post.platform.posts == []
    clock.instant = DUE
    assert [outcome.delivery.state for outcome in post.worker.run_due()] == [DeliveryState.SENT]
    assert post.platform.uploads == ["leading.png"]


def test_figures_that_changed_before_the_due_time_are_in_the_post(embedded: Database) -> None:
    open_shop(embedded)
    figures = ["8.5万"]

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        return Message((Heading((figures[-1],)),), figures[-1])

    clock = MovingClock(DUE - MINUTE)
    post = Post(embedded, clock, builders={Kind.DIGEST: build})
    post.planner.run()
    post.worker.run_due(ahead=LEAST_AHEAD)
    figures.append("9万")
    clock.instant = DUE
    [outcome] = post.worker.run_due()
    assert outcome.message is not None
    assert outcome.message.fallback == "9万"


def test_nothing_is_built_ahead_where_the_clock_stands(embedded: Database) -> None:
    open_shop(embedded, frozen_at=OPENING)
    post = Post(embedded, MovingClock(OPENING))
    post.planner.run()
    assert post.worker.run_due(ahead=LEAST_AHEAD) == ()
    assert post.worker.agenda(LEAST_AHEAD, HOUR) == ()


def test_without_the_picture_the_text_goes_out_and_says_so(embedded: Database) -> None:
    open_shop(embedded)
    post = Post(embedded, MovingClock(DUE), renderer=FakeRenderer(PictureError("no font")))
    assert post.tick() == ["sent"]
    assert "The picture could not be made" in post.platform.posts[0][1]


NEVER, AWAY = SendError(Reason.TOO_LARGE, retryable=False), SendError(Reason.UNAVAILABLE, retryable=True)


@pytest.mark.parametrize(("error", "tries"), [(NEVER, 1), (AWAY, 4), (LIMITED, 4)])
def test_a_picture_that_cannot_be_uploaded_is_tried_for_until_the_digest_is_due_which_is_then_in_time(
    embedded: Database, error: SendError, tries: int
) -> None:
    shop, *_ = open_shop(embedded)
    clock, built = MovingClock(DUE - LEAST_AHEAD), []

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        built.append(moment)
        return digest(request, workspace, moment, alive)

    post = Post(embedded, clock, FakePlatform(refuse_upload=error), builders={Kind.DIGEST: build})
    post.planner.run()
    while clock.instant < DUE:
        post.worker.run_due(ahead=LEAST_AHEAD)
        clock.instant += timedelta(seconds=1)
    assert len(built) == tries
    post.worker.run_due()
    assert "The picture could not be made" in post.platform.posts[0][1]
    assert only(embedded, shop).sent_at == DUE


def test_a_digest_that_is_due_does_not_wait_for_its_picture(embedded: Database) -> None:
    open_shop(embedded)
    post = Post(embedded, MovingClock(DUE), FakePlatform(refuse_upload=AWAY))
    assert post.tick() == ["sent"]
    assert "The picture could not be made" in post.platform.posts[0][1]


def test_an_answer_waits_for_its_picture_as_long_as_it_may_come(embedded: Database) -> None:
    asked, clock = slow(embedded), MovingClock(DUE)

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        return Message((Heading(("done",)), PICTURE), "done", locale="en")

    post = Post(embedded, clock, FakePlatform(refuse_upload=AWAY), builders={Kind.COMMAND: build})
    post.worker.run(asked.id)
    post.platform.refuse_upload = None
    clock.instant += MINUTE
    post.worker.run(asked.id)
    assert '"leading": "ref-1"' in post.platform.posts[0][1]


def test_one_that_comes_late_says_so(embedded: Database) -> None:
    open_shop(embedded)
    post = Post(embedded, MovingClock(DUE + HOUR))
    assert post.tick() == ["late"]
    assert "so it comes late" in post.platform.posts[0][1]


def test_one_that_comes_too_late_does_not_come(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.run()
    clock.instant = DUE + 3 * HOUR + MINUTE
    [outcome] = post.worker.run_due()
    assert (outcome.delivery.state, outcome.why) == (DeliveryState.MISSED, "too_late")
    assert post.platform.posts == []
    assert states(embedded, shop) == ["missed"]


def test_a_schedule_that_is_off_is_muted(embedded: Database) -> None:
    *_, schedule = open_shop(embedded)
    clock = MovingClock()
    post = Post(embedded, clock)
    post.planner.run()
    with embedded.write() as uow:
        uow.schedules.save(replace(schedule, enabled=False))
        uow.commit()
    clock.instant = DUE
    [outcome] = post.worker.run_due()
    assert (outcome.delivery.state, outcome.why) == (DeliveryState.MUTED, "schedule_off")
    assert post.platform.posts == []


def test_a_rate_limit_is_waited_out(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock(DUE)
    post = Post(embedded, clock, FakePlatform(errors=[LIMITED]))
    assert post.tick() == ["built"]
    assert only(embedded, shop).reason == "rate_limited"
    clock.instant += timedelta(seconds=41)
    assert post.tick() == []
    clock.instant += timedelta(seconds=1)
    assert post.tick() == ["sent"]


def test_a_refusal_for_good_fails_at_once(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    post = Post(embedded, MovingClock(DUE), FakePlatform(errors=[REFUSED]))
    assert [post.tick(), post.tick()] == [["failed"], []]
    assert only(embedded, shop).reason == "no_channel"


AWAY = SendError(Reason.UNAVAILABLE, retryable=True)


def test_a_platform_that_is_down_for_long_is_tried_as_long_as_the_digest_is_of_use(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock(DUE)
    post = Post(embedded, clock, FakePlatform(errors=[AWAY] * 100))
    post.planner.run()
    until_rest(post, clock, rounds=170)
    row = only(embedded, shop)
    assert (row.state, row.attempts < MAX_ATTEMPTS) == (DeliveryState.BUILT, True)
    assert 30 < 100 - len(post.platform.errors) < 50, "every five minutes"
    until_rest(post, clock, rounds=20)
    assert (only(embedded, shop).state, only(embedded, shop).reason) == (DeliveryState.MISSED, "unavailable")


def test_a_digest_goes_out_late_when_its_platform_is_back_within_the_grace(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock = MovingClock(DUE)
    post = Post(embedded, clock, FakePlatform(errors=[AWAY] * (MAX_ATTEMPTS * 2)))
    post.planner.run()
    until_rest(post, clock, rounds=120)
    assert states(embedded, shop)[0] == "late"
    assert len(post.platform.posts) == 1


def accepted_but_unsure(key: str) -> None:
    raise UNSURE


def test_after_a_long_time_away_one_unsure_failure_is_looked_for_and_a_look_may_have_to_wait_too(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock, platform = MovingClock(DUE), FakePlatform(errors=[AWAY] * MAX_ATTEMPTS * 2, after=accepted_but_unsure)
    away = [AWAY] * MAX_ATTEMPTS * 2

    def look(address: Address, key: str) -> Receipt | None:
        if away:
            raise away.pop()
        return FakePlatform.find(platform, address, key)

    platform.find = look  # type: ignore[method-assign]  # away once more
    post = Post(embedded, clock, platform)
    post.planner.run()
    until_rest(post, clock, rounds=150)
    assert (states(embedded, shop)[0], len(platform.posts), away) == ("late", 1, [])


def test_a_picture_that_could_not_be_brought_for_hours_leaves_tries_for_what_comes_then(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock, faults = MovingClock(DUE - HOUR), [ZeroDivisionError]

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        if clock.instant > DUE - 10 * MINUTE and faults:
            raise faults.pop()
        return digest(request, workspace, moment, alive)

    post = Post(embedded, clock, FakePlatform(refuse_upload=AWAY), builders={Kind.DIGEST: build})
    post.planner.run()
    while clock.instant < DUE + MINUTE:
        post.worker.run_due(ahead=HOUR)
        clock.instant += MINUTE
    assert (states(embedded, shop)[0], faults) == ("sent", [])


def test_a_slow_look_leaves_a_post_all_its_time_so_that_no_other_replica_posts_beside_it(database: Database) -> None:
    open_shop(database)
    clock, platform = MovingClock(DUE), FakePlatform()
    post = Post(database, clock, platform)
    post.planner.run()
    platform.before = accepted_but_unsure
    post.worker.run_due()

    def slow_look(address: Address, key: str) -> Receipt | None:
        clock.instant += timedelta(seconds=25)
        return FakePlatform.find(platform, address, key)

    def slow_post(key: str) -> None:
        platform.before = lambda key: None
        clock.instant += timedelta(seconds=6)
        Post(database, clock, platform).worker.run_due()

    platform.find, platform.before = slow_look, slow_post  # type: ignore[method-assign]  # as slow as its history is long
    clock.instant += MINUTE
    post.worker.run_due()
    assert len(platform.posts) == 1


def test_who_has_too_little_of_the_lease_left_for_a_post_does_not_begin_one(embedded: Database) -> None:
    open_shop(embedded)
    clock = MovingClock(DUE)

    def names(binding: int, message: Message) -> Mapping[str, str]:
        clock.instant += SEND_LEASE - POST_LASTS
        return {}

    post = Post(embedded, clock, names=names)
    post.planner.run()
    assert [outcome.why for outcome in post.worker.run_due()] == ["taken"]
    assert post.platform.posts == []


def faulty(faults: list[Exception]) -> Names:
    """Names that cannot be read as long as there are faults."""

    def names(binding: int, message: Message) -> Mapping[str, str]:
        if faults:
            raise faults.pop()
        return {}

    return names


def test_names_that_cannot_be_read_are_read_again(database: Database) -> None:
    shop, *_ = open_shop(database)
    clock = MovingClock(DUE)
    post = Post(database, clock, names=faulty([OSError("database is locked")]))
    post.planner.run()
    post.worker.run_due()
    row = only(database, shop)
    assert (row.state, row.reason, row.error) == (DeliveryState.BUILT, "broken", "OSError")
    clock.instant += MINUTE
    assert post.tick() == ["sent"]
    assert len(post.platform.posts) == 1


def test_a_message_that_was_found_is_known_to_stand_whatever_befalls_its_names(database: Database) -> None:
    shop, *_ = open_shop(database)
    faults: list[Exception] = []
    clock, platform = MovingClock(DUE), FakePlatform(after=accepted_but_unsure)
    post = Post(database, clock, platform, names=faulty(faults))
    assert post.tick() == ["in_doubt"]
    faults.append(OSError("database is locked"))
    clock.instant += MINUTE
    post.worker.run_due()
    row = only(database, shop)
    assert (row.state, row.receipt) == (DeliveryState.IN_DOUBT, "0")
    clock.instant += MINUTE
    assert post.tick() == ["sent"]
    assert len(platform.posts) == 1


def test_what_rests_in_doubt_goes_again_as_it_was_built_whatever_the_figures_are_by_then(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    figures = ["8.5万"]

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        return Message((Heading((figures[-1],)),), figures[-1])

    clock, platform = MovingClock(DUE - MINUTE), Blind(after=accepted_but_unsure)
    post = Post(embedded, clock, platform, builders={Kind.DIGEST: build})
    post.planner.run()
    post.worker.run_due(ahead=LEAST_AHEAD)
    clock.instant = DUE
    until_rest(post, clock, rounds=3)
    figures.append("9万")
    with embedded.write() as uow:
        moment = business_time(shop, clock.now())
        assert send_again(uow, shop, chosen(uow, shop, [only(embedded, shop).id]), moment).done
        uow.commit()
    platform.after = lambda key: None
    assert post.tick() == ["sent"]
    assert ["8.5万" in payload or json.loads(payload)["fallback"] == "8.5万" for _, payload in platform.posts] == [True, True]


@pytest.mark.parametrize("accepted", [True, False])
def test_after_an_unsure_failure_the_channel_is_searched_first(database: Database, accepted: bool) -> None:
    shop, *_ = open_shop(database)
    clock, platform = MovingClock(DUE), FakePlatform()
    platform.before, platform.after = (platform.before, accepted_but_unsure) if accepted else (accepted_but_unsure, platform.after)
    post = Post(database, clock, platform)
    assert post.tick() == ["in_doubt"]
    platform.before = platform.after = lambda key: None
    clock.instant += MINUTE
    assert post.tick() == ["sent"]
    assert len(platform.posts) == 1
    assert only(database, shop).receipt == "0"


def test_where_nobody_can_look_a_doubt_stays_and_nothing_is_sent_twice(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock, platform = MovingClock(DUE), FakePlatform(after=accepted_but_unsure).unable_to_find()
    post = Post(embedded, clock, platform)
    post.tick()
    until_rest(post, clock)
    assert (only(embedded, shop).state, only(embedded, shop).reason) == (DeliveryState.IN_DOUBT, "cannot_look")
    assert len(platform.posts) == 1


@pytest.mark.parametrize(("same_for", "ends"), [(timedelta(0), "in_doubt"), (HOUR, "sent")])
def test_where_the_bot_may_not_look_it_sends_again_only_what_the_platform_takes_for_the_same(
    embedded: Database, same_for: timedelta, ends: str
) -> None:
    shop, *_ = open_shop(embedded)
    platform = Blind(capabilities=replace(ABLE, same_for=same_for), errors=[UNSURE])
    clock = MovingClock(DUE)
    post = Post(embedded, clock, platform)
    post.tick()
    clock.instant += MINUTE
    assert post.tick() == [ends]
    row = only(embedded, shop)
    assert (row.reason, row.lease_until, len(platform.posts)) == (("as_planned", None, 1) if ends == "sent" else ("cannot_look", None, 0))


def test_an_hour_later_nothing_is_sent_again_unseen(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    platform, clock = Blind(capabilities=replace(ABLE, same_for=HOUR), errors=[UNSURE]), MovingClock(DUE)
    post = Post(embedded, clock, platform)
    post.tick()
    clock.instant += HOUR
    post.tick()
    assert (only(embedded, shop).reason, platform.posts) == ("cannot_look", [])


def test_a_doubt_that_never_clears_waits_for_a_person(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    clock, platform = MovingClock(DUE), FakePlatform(errors=[UNSURE] * 50)
    post = Post(embedded, clock, platform)
    post.planner.run()
    until_rest(post, clock)
    assert only(embedded, shop).state is DeliveryState.IN_DOUBT
    assert only(embedded, shop).lease_until is None
    assert len(platform.errors) == 50 - MAX_ATTEMPTS


def test_a_digest_that_cannot_be_built_is_tried_again_and_then_fails(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)

    def broken(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        raise ZeroDivisionError

    clock = MovingClock(DUE)
    post = Post(embedded, clock, builders={Kind.DIGEST: broken})
    post.planner.run()
    until_rest(post, clock)
    row = only(embedded, shop)
    assert (row.state, row.reason, row.error, row.attempts) == (DeliveryState.FAILED, "not_built", "ZeroDivisionError", MAX_ATTEMPTS)


def test_a_fault_in_one_does_not_stop_the_next(embedded: Database) -> None:
    first, *_ = open_shop(embedded, name="First")
    second, *_ = open_shop(embedded, name="Second")
    clock, platform = MovingClock(DUE), FakePlatform()

    def broken(key: str) -> None:
        platform.before = lambda key: None
        raise RuntimeError("lost the connection object")

    platform.before = broken
    post = Post(embedded, clock, platform)
    assert sorted(post.tick()) == ["planned", "sent"]
    assert sorted(states(embedded, first)[:1] + states(embedded, second)[:1]) == ["sending", "sent"]
    clock.instant += SEND_LEASE
    assert post.tick() == ["sent"]
    assert len(platform.posts) == 2


def test_a_row_that_cannot_be_unsealed_keeps_no_other_from_its_time(database: Database) -> None:
    shop, channel, _ = open_shop(database)
    post = Post(database, MovingClock(DUE))
    post.planner.run()
    spoiled = ordered(database, shop, None, Address(channel.binding, "ops"))
    with database.write() as uow:
        uow.session.execute(update(DeliveryRow).where(DeliveryRow.id == spoiled).values(request=b"spoiled"))
        uow.commit()
    assert post.tick() == ["sent"]


def ordered(database: Database, shop: Workspace, replaces: str | None, address: Address) -> int:
    with database.write() as uow:
        row = order(uow, shop, address, "ask-1", Request({"text": "done"}, replaces), business_time(shop, DUE), DUE)
        uow.commit()
    return row


def test_the_answer_to_a_slow_command_takes_the_place_of_the_working_note(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    post = Post(embedded, MovingClock(DUE))
    address = Address(channel.binding, channel.external_id)
    post.platform.send(address, "working", "note")
    row = ordered(embedded, shop, "note", address)
    assert ordered(embedded, shop, "note", address) == row
    outcome = post.worker.run(row)
    assert outcome is not None
    assert outcome.delivery.state is DeliveryState.SENT
    assert [(note, "done" in payload) for note, payload in post.platform.edits] == [("0", True)]
    assert len(post.platform.posts) == 1


def test_an_answer_that_comes_before_its_note_takes_the_note_s_place(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    post = Post(embedded, MovingClock(DUE))
    post.worker.run(ordered(embedded, shop, "note", Address(channel.binding, channel.external_id, visible_to=7)))
    assert post.platform.keys() == ["note"]


def test_an_answer_without_a_note_is_posted(embedded: Database) -> None:
    shop, channel, _ = open_shop(embedded)
    post = Post(embedded, MovingClock(DUE))
    post.worker.run(ordered(embedded, shop, None, Address(channel.binding, channel.external_id)))
    assert post.platform.keys() == ["command:ask-1"]


def test_stepping_a_demo_clock_brings_each_morning_on_its_way(embedded: Database) -> None:
    shop, *_ = open_shop(embedded, frozen_at=OPENING)
    post = Post(embedded, MovingClock(OPENING + 100 * DAY), builders=BUILDERS)
    outcomes = post.standing.step(shop.id, OPENING + 6 * DAY + HOUR)
    assert [outcome.delivery.key.split(":")[2] for outcome in outcomes if outcome.sent] == [
        "2024-06-04",
        "2024-06-05",
        "2024-06-06",
        "2024-06-07",
        "2024-06-10",
    ]
    assert {outcome.delivery.state for outcome in outcomes} == {DeliveryState.SENT}
    with embedded.read() as uow:
        assert uow.workspaces.get(shop.id).frozen_at == OPENING + 6 * DAY + HOUR


def test_a_demo_clock_never_goes_back(embedded: Database) -> None:
    shop, *_ = open_shop(embedded, frozen_at=OPENING + 6 * DAY)
    post = Post(embedded, MovingClock(OPENING + 100 * DAY), builders=BUILDERS)
    assert post.standing.step(shop.id, OPENING) == ()
    with embedded.read() as uow:
        assert uow.workspaces.get(shop.id).frozen_at == OPENING + 6 * DAY


def test_steps_of_a_demo_clock_wait_for_each_other(embedded: Database) -> None:
    shop, *_ = open_shop(embedded, frozen_at=OPENING)
    stands: list[datetime | None] = []

    def build(request: Request, workspace: Workspace, moment: Moment, alive: Alive) -> Message:
        if not stands:
            other.start()
            # Long enough for the other to get in the way where nothing stops it.
            other.join(0.3)
        with embedded.read() as uow:
            stands.append(uow.workspaces.get(workspace.id).frozen_at)
        return digest(request, workspace, moment, alive)

    post = Post(embedded, MovingClock(OPENING + 100 * DAY), builders={Kind.DIGEST: build})
    other = Thread(target=post.standing.step, args=(shop.id, OPENING + DAY + HOUR))
    post.standing.step(shop.id, OPENING + HOUR)
    other.join()
    assert stands == [DUE, DUE + DAY]


def test_time_that_flows_cannot_be_stepped(embedded: Database) -> None:
    shop, *_ = open_shop(embedded)
    with pytest.raises(ValueError, match="flows"):
        Post(embedded, MovingClock()).standing.step(shop.id, DUE)


def test_what_is_for_a_platform_of_another_process_is_left_for_it(database: Database) -> None:
    open_shop(database)
    clock = MovingClock()
    here, there = Post(database, clock, serves=False), Post(database, clock)
    here.planner.run()
    clock.instant = DUE
    assert [outcome.why for outcome in here.worker.run_due()] == ["elsewhere"]
    assert [outcome.sent for outcome in there.worker.run_due()] == [True]
