"""Does a call to Feishu end in an answer or in an error of ours, with one token for all threads, and without a secret in any word?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import httpx
import pytest
from structlog.testing import capture_logs

from bot.platforms.feishu import calls, failures
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.client import TIMEOUT, Client
from bot.platforms.feishu.domain import domain_url
from bot.platforms.feishu.failures import REASONS, Refused
from bot.platforms.feishu.tokens import AHEAD, Token, Tokens
from bot.platforms.fields import part, word
from core.clock import FixedClock
from core.domain.deliveries import SEND_LEASE
from core.errors import ConfigurationError, Reason, SendError
from tests.feishu_server import UNLIMITED, DropAfter, DropBefore, Endpoint, Fail, FeishuServer

NOW = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
SECRET = "baBqE5um9LbFGDy3X7LcfxQX1sqpXlwy"

# What each of Feishu's numbers means, and whether trying again can help.
MEANINGS = {
    Reason.RATE_LIMITED: (True, {99991400, 230020, 11232, 11233, 11247, 1000040350}),
    Reason.UNAVAILABLE: (True, {230049, 232096}),
    Reason.AMBIGUOUS: (True, {2200, 5000, 55001, 1663}),
    Reason.TOO_LARGE: (False, {230025, 234006}),
    Reason.NO_CHANNEL: (False, {230002, 230034, 232006, 232009, 232011}),
    Reason.NO_ACCESS: (False, {230006, 230013, 230018, 230027, 230035, 230053, 232025, 41050, 40004, 99991672}),
    Reason.BAD_CREDENTIALS: (
        False,
        {10003, 10012, 10014, 10015, 99991543, 99991661, 99991662, 99991663, 99991664, 99991665, 514, 403, 1000040344},
    ),
}


@pytest.fixture
def server(clock: FixedClock) -> Iterator[FeishuServer]:
    with FeishuServer(clock, limits=UNLIMITED) as server:
        yield server


@pytest.fixture
def app(server: FeishuServer) -> App:
    return App(1, server.app.app_id, server.app.app_secret, server.app.encrypt_key, server.app.verification_token)


@pytest.fixture
def client(server: FeishuServer, clock: FixedClock) -> Iterator[Client]:
    client = Client(server.url, clock)
    yield client
    client.close()


# ------------------------------------------------------------------ what a refusal means


def test_every_number_in_the_table_has_its_meaning() -> None:
    expected = {code: (reason, retryable) for reason, (retryable, codes) in MEANINGS.items() for code in codes}
    assert expected == REASONS


@pytest.mark.parametrize(
    ("status", "code", "posting", "reason", "retryable"),
    [
        (200, 230099, True, Reason.REFUSED, False),
        (400, 1234567, True, Reason.REFUSED, False),
        (429, 0, True, Reason.RATE_LIMITED, True),
        (500, 0, True, Reason.AMBIGUOUS, True),
        (500, 1234567, True, Reason.AMBIGUOUS, True),
        (500, 230002, True, Reason.NO_CHANNEL, False),
        (502, 0, False, Reason.UNAVAILABLE, True),
        (200, 0, True, Reason.AMBIGUOUS, True),
        (200, 2200, False, Reason.UNAVAILABLE, True),
    ],
)
def test_a_status_without_a_number_leaves_only_posts_in_doubt(status: int, code: int, posting: bool, reason: Reason, retryable: bool) -> None:
    error = failures.of_answer(code, httpx.Response(status), posting=posting)
    assert (error.reason, error.retryable, error.code) == (reason, retryable, code or status)


@pytest.mark.parametrize(("given", "seconds"), [("7", 7.0), ("", 1.0), ("soon", 1.0), ("-3", 1.0), ("99999", 1.0)])
def test_the_wait_is_the_one_that_feishu_names(given: str, seconds: float) -> None:
    error = failures.of_answer(99991400, httpx.Response(429, headers={failures.RESET_HEADER: given}), posting=True)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("fault", "posting", "reason"),
    [
        (httpx.ConnectError("x"), True, Reason.UNREACHABLE),
        (httpx.ConnectTimeout("x"), True, Reason.UNREACHABLE),
        (httpx.PoolTimeout("x"), True, Reason.UNREACHABLE),
        (httpx.ReadTimeout("x"), True, Reason.AMBIGUOUS),
        (httpx.WriteError("x"), True, Reason.AMBIGUOUS),
        (httpx.RemoteProtocolError("x"), True, Reason.AMBIGUOUS),
        (httpx.ReadError("x"), False, Reason.UNAVAILABLE),
    ],
)
def test_only_what_may_have_been_sent_is_in_doubt(fault: httpx.HTTPError, posting: bool, reason: Reason) -> None:
    error = failures.of_fault(fault, posting=posting)
    assert (error.reason, error.retryable) == (reason, True)


# ------------------------------------------------------------------ calls


def test_an_answer_comes_back(client: Client, app: App) -> None:
    assert word(client.ask(app, calls.bot()), "bot", "open_id") == "ou_bot"


def test_an_id_in_a_path_cannot_leave_its_place() -> None:
    assert calls.patch("om_1/../x?y=1", "{}").path == "/open-apis/im/v1/messages/om_1%2F..%2Fx%3Fy%3D1"


def test_a_refusal_is_an_error_that_names_its_number(client: Client, app: App, server: FeishuServer) -> None:
    group = server.world.add_group("运营群", bots=())
    with pytest.raises(Refused) as refused:
        client.ask(app, calls.send(group.chat_id, "text", '{"text": "x"}', "uuid"), posting=True)
    assert (refused.value.code, refused.value.reason) == (230002, Reason.NO_CHANNEL)


def break_off(server: FeishuServer, endpoint: Endpoint, how: str) -> None:
    """Plans that the next call of the endpoint breaks off: before it is done, after, or at a gateway."""
    match how:
        case "before":
            server.faults.plan(endpoint, DropBefore())
        case "after":
            server.faults.plan(endpoint, DropAfter())
        case _:
            server.faults.plan(endpoint, Fail(502))


@pytest.mark.parametrize("how", ["before", "after", "gateway"])
def test_a_post_that_broke_off_is_in_doubt_and_a_question_is_not(client: Client, app: App, server: FeishuServer, how: str) -> None:
    group = server.world.add_group("运营群")
    break_off(server, Endpoint.SEND, how)
    break_off(server, Endpoint.BOT, how)
    with pytest.raises(SendError) as post:
        client.ask(app, calls.send(group.chat_id, "text", '{"text": "x"}', "uuid"), posting=True)
    with pytest.raises(SendError) as question:
        client.ask(app, calls.bot())
    assert (post.value.reason, question.value.reason) == (Reason.AMBIGUOUS, Reason.UNAVAILABLE)


def test_where_nobody_listens_nothing_was_sent(app: App, clock: FixedClock) -> None:
    nowhere = Client("http://127.0.0.1:9", clock)
    with pytest.raises(SendError) as unreached:
        nowhere.ask(app, calls.bot(), posting=True)
    assert unreached.value.reason is Reason.UNREACHABLE
    nowhere.close()


def test_no_secret_is_told_by_an_error_or_the_log(client: Client, app: App, server: FeishuServer, clock: FixedClock) -> None:
    client.ask(app, calls.bot())
    given, wrong = server.tokens.issued[0].token, App(1, app.id, "wrong-secret-of-ours")
    said = [repr(app), repr(calls.token(app.id, app.secret))]
    server.faults.plan(Endpoint.BOT, DropBefore())
    another = Client(server.url, clock)
    with capture_logs() as logs:
        for caller, call, who in ((client, calls.bot(), app), (another, calls.bot(), wrong), (client, calls.user("ou_nobody"), app)):
            with pytest.raises(SendError) as refused:
                caller.ask(who, call)
            said += [str(refused.value), repr(refused.value), repr(refused.value.__cause__)]
    another.close()
    assert len(logs) == 3
    for secret in (SECRET, given, "wrong-secret-of-ours"):
        assert secret not in "\n".join([*said, str(logs)])


# ------------------------------------------------------------------ tokens


def test_twenty_threads_that_start_cold_ask_for_one_token(client: Client, app: App, server: FeishuServer) -> None:
    begin = Barrier(20)

    def asked(_: int) -> str:
        begin.wait()
        return word(client.ask(app, calls.bot()), "bot", "open_id")

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(asked, range(20))) == {"ou_bot"}
    assert len(server.world.calls(Endpoint.TOKEN)) == 1


def test_a_token_that_feishu_will_not_take_is_renewed_once_and_the_call_tried_again(client: Client, app: App, server: FeishuServer) -> None:
    client.ask(app, calls.bot())
    server.tokens.revoke()
    assert word(client.ask(app, calls.bot()), "bot", "open_id") == "ou_bot"
    assert len(server.world.calls(Endpoint.TOKEN)) == 2
    server.faults.plan(Endpoint.BOT, Fail(400, failures.TOKEN_INVALID), times=2)
    with pytest.raises(SendError) as refused:
        client.ask(app, calls.bot())
    assert refused.value.reason is Reason.BAD_CREDENTIALS


def test_threads_whose_token_was_refused_together_renew_it_once(client: Client, app: App, server: FeishuServer) -> None:
    client.ask(app, calls.bot())
    server.tokens.revoke()
    begin = Barrier(8)

    def asked(_: int) -> str:
        begin.wait()
        return word(client.ask(app, calls.bot()), "bot", "open_id")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(asked, range(8)))
    assert len(server.world.calls(Endpoint.TOKEN)) == 2


class Counter:
    """Gives out numbered tokens of two hours; `broken` refuses."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.count = 0
        self.broken = False

    def __call__(self, app: App) -> Token:
        if self.broken:
            raise SendError(Reason.UNAVAILABLE, retryable=True)
        self.count += 1
        return Token(f"t-{self.count}", self.clock.now() + timedelta(hours=2))


def test_a_token_is_renewed_ahead_of_its_end(clock: FixedClock) -> None:
    app, fetch = App(1, "cli", "s"), Counter(clock)
    tokens = Tokens(fetch, clock)
    assert tokens.get(app) == "t-1"
    clock.instant += timedelta(hours=2) - AHEAD - timedelta(seconds=1)
    assert tokens.get(app) == "t-1"
    clock.instant += timedelta(seconds=1)
    assert tokens.get(app) == "t-2"


def test_where_a_token_cannot_be_renewed_ahead_the_old_one_goes_on_to_its_end(clock: FixedClock) -> None:
    app, fetch = App(1, "cli", "s"), Counter(clock)
    tokens = Tokens(fetch, clock)
    tokens.get(app)
    fetch.broken = True
    clock.instant += timedelta(hours=2) - timedelta(seconds=1)
    assert tokens.get(app) == "t-1"
    clock.instant += timedelta(seconds=1)
    with pytest.raises(SendError):
        tokens.get(app)


def test_apps_have_tokens_of_their_own(clock: FixedClock) -> None:
    fetch = Counter(clock)
    tokens = Tokens(fetch, clock)
    assert (tokens.get(App(1, "a", "s")), tokens.get(App(2, "b", "s")), tokens.get(App(1, "a", "s"))) == ("t-1", "t-2", "t-1")


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("feishu", "https://open.feishu.cn"),
        ("Lark", "https://open.larksuite.com"),
        ("https://proxy.example/x/", "https://proxy.example/x"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://localhost:1", "http://localhost:1"),
    ],
)
def test_a_domain_is_one_of_two_names_or_an_address(domain: str, url: str) -> None:
    assert domain_url(domain) == url


@pytest.mark.parametrize("domain", ["", "dingtalk", "http://open.feishu.cn", "ftp://x", "https://", "http://["])
def test_a_domain_that_would_send_secrets_in_the_open_is_refused(domain: str) -> None:
    with pytest.raises(ConfigurationError, match="FEISHU_DOMAIN"):
        domain_url(domain)


def test_a_files_content_is_no_json(client: Client, app: App, server: FeishuServer) -> None:
    lin = server.world.add_user("林晓")
    event = server.events.shares_file(lin, None, "a.json", b'{"code": 7}')
    key = str(server.world.messages()[-1].body["file_key"])
    assert client.download(app, calls.resource(event.message_id, key)) == b'{"code": 7}'
    with pytest.raises(Refused) as missing:
        client.download(app, calls.resource(event.message_id, "file_other"))
    assert missing.value.code == 234003
    assert part({}, "x") == {}


# ------------------------------------------------------------------ time


def test_a_post_that_hangs_at_every_call_ends_within_its_lease() -> None:
    # The kind of the chat, the post, another token, the post with it, its words alone.
    assert 5 * max(TIMEOUT.as_dict().values()) < SEND_LEASE.total_seconds()
