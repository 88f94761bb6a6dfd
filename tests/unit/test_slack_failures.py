"""Does every refusal of Slack's mean the right thing, and does none of them tell a secret?"""

from __future__ import annotations

import socket
import ssl
from http.client import IncompleteRead, RemoteDisconnected
from urllib.error import URLError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bot.platforms.slack.failures import REASONS, UNTAKEN, Untaken, failure, telling
from bot.platforms.slack.rotation import App
from core.errors import Reason, SendError

TOKEN = "xoxb-9-secret"

# What each word means for a post: the table once more, in other eyes than the code's.
EXPECTED = {
    Reason.RATE_LIMITED: "accesslimited message_limit_exceeded rate_limited ratelimited",
    Reason.AMBIGUOUS: "fatal_error internal_error request_timeout",
    Reason.UNAVAILABLE: "external_channel_migrating service_unavailable team_added_to_org token_expired",
    Reason.TOO_LARGE: "file_too_large file_upload_size_restricted msg_blocks_too_long msg_too_long",
    Reason.NO_CHANNEL: "channel_not_found is_archived thread_not_found user_disabled user_not_found",
    Reason.NO_ACCESS: (
        "access_denied cannot_dm_bot cant_post_message ekm_access_denied messages_tab_disabled missing_scope no_permission not_allowed_token_type "
        "not_in_channel restricted_action restricted_action_non_threadable_channel restricted_action_read_only_channel "
        "restricted_action_thread_only_channel team_access_not_granted user_not_visible"
    ),
    Reason.BAD_CREDENTIALS: (
        "account_inactive bad_client_secret invalid_auth invalid_client_id invalid_refresh_token not_authed org_login_required token_revoked "
        "two_factor_setup_required"
    ),
}
AGAIN = {Reason.RATE_LIMITED, Reason.AMBIGUOUS, Reason.UNAVAILABLE, Reason.UNREACHABLE}


def refused(word: str, status: int = 200, **headers: str) -> SlackApiError:
    said = {"ok": False, "error": word, "token": TOKEN}
    request = {"headers": {"Authorization": f"Bearer {TOKEN}"}}
    response = SlackResponse(
        client=WebClient(token=TOKEN),
        http_verb="POST",
        api_url="https://slack.com/api/x",
        req_args=request,
        data=said,
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)  # type: ignore[no-untyped-call]  # the kit's own


@pytest.mark.parametrize(("reason", "word"), [(reason, word) for reason, words in EXPECTED.items() for word in words.split()])
def test_every_word_of_slacks_has_its_meaning(reason: Reason, word: str) -> None:
    error = failure(refused(word), posting=True).error
    assert (error.reason, error.retryable) == (reason, reason in AGAIN)


def test_the_list_above_is_the_whole_table() -> None:
    assert set(REASONS) == {word for words in EXPECTED.values() for word in words.split()}


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_a_post_that_ends_in_a_servers_error_may_have_got_through(status: int) -> None:
    assert failure(refused("x", status), posting=True).error.reason is Reason.AMBIGUOUS
    assert failure(refused("x", status), posting=False).error.reason is Reason.UNAVAILABLE


@pytest.mark.parametrize("word", ["some_new_word", "<html>", ""])
def test_a_word_that_nobody_knows_is_a_refusal_unless_it_is_no_word(word: str) -> None:
    error = failure(refused(word), posting=True).error
    assert error.reason is (Reason.REFUSED if word.isidentifier() else Reason.AMBIGUOUS)


@pytest.mark.parametrize(("written", "seconds"), [("30", 30.0), ("", 30.0), ("soon", 30.0), ("7", 7.0)])
def test_a_limit_says_how_long_to_wait(written: str, seconds: float) -> None:
    error = failure(refused("ratelimited", 429, **{"Retry-After": written}), posting=True).error
    assert (error.reason, error.retry_after) == (Reason.RATE_LIMITED, seconds)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (URLError(socket.gaierror("no name")), Reason.UNREACHABLE),
        (URLError(ConnectionRefusedError()), Reason.UNREACHABLE),
        (URLError(ssl.SSLCertVerificationError()), Reason.UNREACHABLE),
        (URLError(TimeoutError()), Reason.AMBIGUOUS),
        (URLError(ConnectionResetError()), Reason.AMBIGUOUS),
        (RemoteDisconnected(""), Reason.AMBIGUOUS),
        (IncompleteRead(b""), Reason.AMBIGUOUS),
        (ConnectionResetError(), Reason.AMBIGUOUS),
        (TimeoutError(), Reason.AMBIGUOUS),
        (SlackRequestError("failed to upload"), Reason.AMBIGUOUS),
    ],
)
def test_a_broken_line_is_in_doubt_unless_nothing_was_sent(fault: Exception, reason: Reason) -> None:
    error = failure(fault, posting=True).error
    assert (error.reason, error.retryable) == (reason, True)
    assert failure(fault, posting=False).error.reason is not Reason.AMBIGUOUS


@pytest.mark.parametrize("word", sorted(UNTAKEN))
def test_a_payload_that_is_refused_can_be_told_from_other_refusals(word: str) -> None:
    with pytest.raises(Untaken), telling("chat.postMessage", posting=True):
        raise refused(word)


@pytest.mark.parametrize("word", [*REASONS, "some_new_word"])
def test_no_secret_leaks_from_an_error(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SendError) as caught, telling("chat.postMessage"):
        raise refused(word)
    told = f"{caught.value!r} {caught.value} {caught.value.args} {caught.value.__cause__!r} {capsys.readouterr()}"
    assert TOKEN not in told
    assert caught.value.__suppress_context__


def test_the_apps_secret_does_not_show() -> None:
    assert "hidden" not in repr(App("1.2", "hidden"))
