"""Does a message get to Slack once, in the best form that Slack takes, and nowhere else?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from structlog.testing import capture_logs

from bot.platforms.attachments import Attachment
from bot.platforms.seams import Keys
from bot.platforms.slack import files
from bot.platforms.slack.history import PAGES
from bot.platforms.slack.payload import SlackPayload
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.rotation import App, Rotation
from bot.platforms.slack.teams import Teams, web_client
from core.clock import FixedClock
from core.domain.workspaces import Locale
from core.errors import Reason, SendError
from core.messages.model import Chart, Heading, Message, Panel, Paragraph
from core.ports import Address, Profile, Receipt
from tests.delivering import MovingClock
from tests.slack_house import BINDING, FakeTies, card
from tests.slack_server import Channel, Person, Rules, SlackServer

PICTURE = b"\x89PNG\r\n\x1a\npicture"


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    with SlackServer(clock, Rules(burst=50)) as server:
        # Here nobody listens.
        server.acts.subscribed = frozenset()
        yield server


@pytest.fixture
def lin(slack: SlackServer) -> Person:
    return slack.add_person("lin", "林晓")


@pytest.fixture
def ops(slack: SlackServer, lin: Person) -> Channel:
    return slack.add_channel("ops", lin)


@pytest.fixture
def ties(slack: SlackServer, lin: Person) -> FakeTies:
    return FakeTies({BINDING: Keys(BINDING, slack.team.id, {"bot_token": slack.token})}, {7: lin.id})


@pytest.fixture
def platform(slack: SlackServer, ties: FakeTies, clock: FixedClock) -> SlackPlatform:
    return SlackPlatform(ties, Teams(ties, slack.api_url, clock), clock, lambda seconds: None)


@pytest.fixture
def address(ops: Channel) -> Address:
    return Address(BINDING, ops.id)


def said(platform: SlackPlatform, words: str) -> SlackPayload:
    return platform.render(Message((Paragraph(((words,),)),), words, card="test.words"), {})


def chart(platform: SlackPlatform, ref: str) -> SlackPayload:
    picture = Chart("digest", "DAU fell by 15%", "28 days", (Panel("DAU", "85K"),))
    return platform.render(Message((Heading(("Digest",)), picture), "Digest", card="digest"), {"digest": ref})


# ------------------------------------------------------------ once


def test_a_post_that_got_out_although_the_line_broke_is_found_by_its_key(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel
) -> None:
    slack.faults.drop_after("chat.postMessage")
    with pytest.raises(SendError) as doubt:
        platform.send(address, said(platform, "morning"), "digest:1")
    assert doubt.value.reason is Reason.AMBIGUOUS
    (posted,) = slack.from_bot(ops)
    assert platform.find(address, "digest:1") == Receipt(posted.ts)


def test_a_post_that_did_not_get_out_is_not_found(slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel) -> None:
    slack.faults.drop_before("chat.postMessage")
    with pytest.raises(SendError) as doubt:
        platform.send(address, said(platform, "morning"), "digest:1")
    assert doubt.value.reason is Reason.AMBIGUOUS
    assert platform.find(address, "digest:1") is None
    assert len(slack.calls("chat.postMessage")) == 1


def test_a_key_is_found_behind_pages_of_talk_and_in_threads(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel, lin: Person
) -> None:
    receipt = platform.send(address, said(platform, "morning"), "digest:1")
    threaded = Address(BINDING, ops.id, thread=receipt.message_id)
    answer = platform.send(threaded, said(platform, "in the thread"), "answer:1")
    slack.allow(Rules(history_page=15))
    for number in range(40):
        slack.acts.say(lin, ops, f"talk {number}")
    assert platform.find(address, "digest:1") == receipt
    assert platform.find(threaded, "answer:1") == answer
    assert platform.find(address, "answer:1") is None


def test_where_more_was_said_than_is_read_the_doubt_stays(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel, lin: Person
) -> None:
    platform.send(address, said(platform, "morning"), "digest:1")
    slack.allow(Rules(history_page=15))
    for number in range(PAGES * 15):
        slack.acts.say(lin, ops, f"talk {number}")
    with pytest.raises(SendError) as unseen:
        platform.find(address, "digest:1")
    assert unseen.value.reason is Reason.AMBIGUOUS


def test_what_was_posted_more_than_a_day_ago_is_not_looked_for(
    slack: SlackServer, platform: SlackPlatform, address: Address, clock: FixedClock
) -> None:
    platform.send(address, said(platform, "morning"), "digest:1")
    clock.instant += timedelta(hours=25)
    assert platform.find(address, "digest:1") is None


# ------------------------------------------------------------ where


def test_what_is_for_one_persons_eyes_goes_to_their_direct_conversation(
    slack: SlackServer, platform: SlackPlatform, ops: Channel, lin: Person
) -> None:
    mine = Address(BINDING, ops.id, thread="1.0", visible_to=7)
    receipt = platform.send(mine, said(platform, "for you"), "answer:1")
    assert [(one.text, one.thread_ts) for one in slack.from_bot(slack.direct(lin))] == [("for you", None)]
    assert slack.from_bot(ops) == ()
    assert platform.find(mine, "answer:1") == receipt
    platform.edit(mine, receipt, said(platform, "for you, again"))
    assert [one.text for one in slack.from_bot(slack.direct(lin))] == ["for you, again"]
    assert len(slack.calls("conversations.open")) == 1


def test_a_member_without_an_account_there_is_told_apart(platform: SlackPlatform, ops: Channel) -> None:
    with pytest.raises(SendError) as nobody:
        platform.send(Address(BINDING, ops.id, visible_to=8), said(platform, "x"), "answer:1")
    assert nobody.value.reason is Reason.NO_CHANNEL


def test_an_answer_in_a_thread_stays_there(slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel) -> None:
    head = platform.send(address, said(platform, "head"), "one")
    platform.send(Address(BINDING, ops.id, thread=head.message_id), said(platform, "answer"), "two")
    assert [one.thread_ts for one in slack.from_bot(ops)] == [head.message_id, head.message_id]


@pytest.mark.parametrize("trouble", ["gone", "archived", "not in it"])
def test_a_channel_that_cannot_be_posted_to_is_told(slack: SlackServer, platform: SlackPlatform, ops: Channel, trouble: str) -> None:
    address = Address(BINDING, "C0NOWHERE" if trouble == "gone" else ops.id)
    if trouble == "archived":
        slack.archive(ops)
    if trouble == "not in it":
        slack.remove_bot(ops)
    with pytest.raises(SendError) as refused:
        platform.send(address, said(platform, "x"), "key")
    assert refused.value.reason is (Reason.NO_ACCESS if trouble == "not in it" else Reason.NO_CHANNEL)
    assert not refused.value.retryable


@pytest.mark.parametrize(("word", "whole"), [("ratelimited", False), ("message_limit_exceeded", True)])
def test_a_limit_says_how_long_to_wait_and_whether_the_whole_team_has_met_it(
    slack: SlackServer, platform: SlackPlatform, address: Address, word: str, whole: bool
) -> None:
    slack.faults.refuse("chat.postMessage", word, 200 if whole else 429, headers={"Retry-After": "30"})
    with pytest.raises(SendError) as limited:
        platform.send(address, said(platform, "x"), "key")
    assert (limited.value.reason, limited.value.retry_after, limited.value.whole) == (Reason.RATE_LIMITED, 30.0, whole)


# ------------------------------------------------------------ pictures and files


def test_a_picture_is_kept_once_and_shown_in_the_message(slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel) -> None:
    slack.allow(Rules(burst=50, looks=3))
    first = platform.upload(address, "digest.png", "image/png", PICTURE)
    assert platform.upload(address, "digest.png", "image/png", PICTURE) == first
    platform.send(address, chart(platform, first), "digest:1")
    (posted,) = slack.from_bot(ops)
    assert first in str(posted.blocks)
    assert len(slack.uploads()) == 1


def test_a_picture_that_no_block_may_show_follows_in_the_thread(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.allow(Rules(burst=50, unshared_files=False))
    ref = platform.upload(address, "digest.png", "image/png", PICTURE)
    receipt = platform.send(address, chart(platform, ref), "digest:1")
    assert receipt.bare
    for _ in range(2):
        platform.attach(address, receipt, chart(platform, ref), "digest:1")
    posted, beside = slack.messages(ops)
    assert (posted.ts, "Digest" in str(posted.blocks)) == (receipt.message_id, True)
    assert beside.thread_ts == posted.ts
    shared = next(upload for upload in slack.uploads() if upload.id in beside.files)
    assert shared.content == PICTURE
    assert "card=digest" in "".join(capsys.readouterr())


def test_a_picture_that_a_block_shows_is_not_put_beside_it_too(slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel) -> None:
    ref = platform.upload(address, "digest.png", "image/png", PICTURE)
    receipt = platform.send(address, chart(platform, ref), "digest:1")
    assert not receipt.bare
    platform.attach(address, receipt, chart(platform, ref), "digest:1")
    assert len(slack.messages(ops)) == 1


@pytest.mark.parametrize("word", ["invalid_blocks", "msg_blocks_too_long"])
def test_a_payload_that_is_refused_goes_out_as_words_and_is_logged_with_its_card(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.faults.refuse("chat.postMessage", word)
    platform.send(address, platform.render(card(), {}), "key")
    (posted,) = slack.from_bot(ops)
    assert (posted.text, posted.blocks) == ("Task 12", ())
    assert "card=test.card" in "".join(capsys.readouterr())


def test_an_edit_that_is_refused_goes_out_as_words(slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel) -> None:
    receipt = platform.send(address, platform.render(card(), {}), "key")
    slack.faults.refuse("chat.update", "invalid_blocks")
    platform.edit(address, receipt, said(platform, "done"))
    (posted,) = slack.from_bot(ops)
    assert (posted.text, posted.blocks) == ("done", ())


BOARD = SlackPayload("Board", (), (Attachment("board.csv", "text/csv", b"a,b\n1,2\n"), Attachment("more.csv", "text/csv", b"c\n")))


@pytest.mark.parametrize("threaded", [False, True])
def test_files_beside_a_message_go_into_its_thread_once_whoever_tries(
    slack: SlackServer, platform: SlackPlatform, ties: FakeTies, address: Address, ops: Channel, threaded: bool
) -> None:
    if threaded:
        address = Address(BINDING, ops.id, thread=platform.send(address, said(platform, "head"), "head").message_id)
    receipt = platform.send(address, BOARD, "key")
    assert receipt.bare
    other = SlackPlatform(ties, Teams(ties, slack.api_url, slack.clock), slack.clock, lambda seconds: None)
    for one in (platform, other):
        one.attach(address, receipt, BOARD, "key")
    *_, posted, first, second = slack.messages(ops)
    assert posted.ts == receipt.message_id
    assert {first.thread_ts, second.thread_ts} == {address.thread or receipt.message_id}
    assert [upload.title.split(" · ")[0] for upload in slack.uploads()] == ["board.csv", "more.csv"]


@pytest.mark.parametrize("error", ["ratelimited", "internal_error"])
def test_a_file_that_slack_does_not_take_now_is_put_there_at_the_next_try_and_the_first_not_again(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel, error: str
) -> None:
    receipt = platform.send(address, BOARD, "key")
    slack.faults.refuse("files.completeUploadExternal", error, nth=2)
    with pytest.raises(SendError) as later:
        platform.attach(address, receipt, BOARD, "key")
    assert later.value.retryable
    slack.advance(31)
    platform.attach(address, receipt, BOARD, "key")
    assert [upload.title.split(" · ")[0] for upload in slack.uploads() if upload.channels] == ["board.csv", "more.csv"]


def test_a_file_that_got_there_although_the_line_broke_is_not_put_there_again(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel
) -> None:
    receipt = platform.send(address, BOARD, "key")
    slack.faults.drop_after("files.completeUploadExternal")
    with pytest.raises(SendError):
        platform.attach(address, receipt, BOARD, "key")
    platform.attach(address, receipt, BOARD, "key")
    assert len(slack.messages(ops)) == 3


def test_a_file_that_slack_never_takes_keeps_the_others_from_nothing(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel
) -> None:
    receipt = platform.send(address, BOARD, "key")
    slack.faults.refuse("files.getUploadURLExternal", "file_upload_size_restricted")
    platform.attach(address, receipt, BOARD, "key")
    assert [upload.name for upload in slack.uploads()] == ["more.csv"]


def test_an_app_that_may_not_look_puts_the_files_there_unseen(slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel) -> None:
    receipt = platform.send(address, BOARD, "key")
    slack.faults.refuse("conversations.replies", "missing_scope")
    platform.attach(address, receipt, BOARD, "key")
    assert [upload.name for upload in slack.uploads()] == ["board.csv", "more.csv"]


def test_a_file_is_fetched_with_the_token_and_a_lost_one_is_told(
    slack: SlackServer, platform: SlackPlatform, address: Address, ops: Channel, lin: Person
) -> None:
    slack.acts.share(lin, ops, "orders.csv", b"a,b\n", "text/csv")
    (upload,) = slack.uploads()
    assert platform.download(BINDING, upload.id) == b"a,b\n"
    with pytest.raises(SendError):
        platform.download(BINDING, "F0NOTHING")


def test_a_file_that_slack_calls_too_large_is_not_even_fetched(
    slack: SlackServer, platform: SlackPlatform, ops: Channel, lin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.acts.share(lin, ops, "orders.csv", b"a,b\n", "text/csv")
    (upload,) = slack.uploads()
    monkeypatch.setattr(files, "LARGEST_FILE", 3)
    monkeypatch.setattr(files, "_fetched", lambda url, token: pytest.fail("fetched"))
    with pytest.raises(SendError) as caught:
        platform.download(BINDING, upload.id)
    assert caught.value.reason is Reason.TOO_LARGE


# ------------------------------------------------------------ people


def test_a_full_member_is_described_in_the_houses_words(platform: SlackPlatform, lin: Person) -> None:
    assert platform.profile(BINDING, lin.id) == Profile("lin", handle="lin", locale=Locale.ZH, timezone="Asia/Shanghai")


@pytest.mark.parametrize("standing", ["restricted", "ultra_restricted", "stranger", "bot", "deleted"])
def test_who_does_not_belong_to_the_team_has_no_profile(slack: SlackServer, platform: SlackPlatform, standing: str) -> None:
    assert platform.profile(BINDING, slack.add_person("guest", standing=standing).id) is None


# ------------------------------------------------------------ tokens


def test_a_binding_without_secrets_is_told(platform: SlackPlatform) -> None:
    with pytest.raises(SendError) as unknown:
        platform.send(Address(99, "C1"), SlackPayload("x", ()), "key")
    assert unknown.value.reason is Reason.BAD_CREDENTIALS


@pytest.fixture
def rotating(slack: SlackServer, ties: FakeTies, clock: FixedClock) -> Rotation:
    """A team whose token ends in 12 hours."""
    slack.allow(Rules(burst=50, rotation=True))
    web, app = web_client(None, slack.api_url), App(slack.client_id, slack.client_secret)
    given = web.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=slack.authorise(slack.team))
    secrets = {"bot_token": str(given["access_token"]), "refresh_token": str(given["refresh_token"])}
    ties.bound[BINDING] = Keys(BINDING, slack.team.id, secrets, clock.now() + timedelta(hours=12))
    return Rotation(ties, clock, app, web)


def test_a_token_is_renewed_before_it_ends_and_kept(slack: SlackServer, ties: FakeTies, rotating: Rotation) -> None:
    old = ties.bound[BINDING]
    assert rotating.fresh(old) is old
    slack.advance(11.5 * 3600)
    fresh = rotating.fresh(old)
    assert fresh.secrets["bot_token"] != old.secrets["bot_token"]
    assert ties.bound[BINDING] == fresh
    assert Teams(ties, slack.api_url, slack.clock, rotating).client(BINDING).auth_test()["ok"]
    assert len(slack.calls("oauth.v2.access")) == 2


def test_while_another_renews_the_old_token_serves_as_long_as_it_is_good(slack: SlackServer, ties: FakeTies, rotating: Rotation) -> None:
    old, ties.renewing = ties.bound[BINDING], False
    slack.advance(11.5 * 3600)
    assert rotating.fresh(old) is old
    slack.advance(3600)
    with pytest.raises(SendError) as ended:
        rotating.fresh(old)
    assert (ended.value.reason, ended.value.retryable) == (Reason.UNAVAILABLE, True)
    assert len(slack.calls("oauth.v2.access")) == 1


def test_a_token_that_slack_cannot_renew_now_serves_until_it_ends(slack: SlackServer, ties: FakeTies, rotating: Rotation) -> None:
    old = ties.bound[BINDING]
    slack.advance(11.5 * 3600)
    slack.faults.refuse("oauth.v2.access", "internal_error")
    assert rotating.fresh(old) is old
    slack.advance(3600)
    slack.faults.refuse("oauth.v2.access", "internal_error")
    with pytest.raises(SendError) as ended:
        rotating.fresh(old)
    assert ended.value.retryable


def test_a_token_that_is_revoked_while_running_is_told_with_its_mending_once_an_hour(slack: SlackServer, ties: FakeTies) -> None:
    clock = MovingClock(slack.clock.now())
    teams = Teams(ties, slack.api_url, clock)
    slack.revoke()

    def called() -> list[str]:
        with capture_logs() as logged, pytest.raises(SlackApiError):
            teams.client(BINDING).auth_test()
        return [entry["mend"] for entry in logged if entry["event"] == "slack_token_refused"]

    told = [called(), called()]
    clock.instant += timedelta(hours=1)
    assert [len(mends) for mends in (*told, called())] == [1, 0, 1]
    assert "SLACK_BOT_TOKEN" in told[0][0]
