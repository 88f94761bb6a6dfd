"""What does a refusal by Slack, or none at all, mean for what was to be sent? One table, from Slack's words to the house's."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import URLError

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from core.errors import Reason, SendError

log = structlog.get_logger()

DEFAULT_WAIT = 30.0

# https://docs.slack.dev/reference/methods/chat.postMessage and the pages of the other methods that are called here.
REASONS: dict[str, tuple[Reason, bool]] = {
    **dict.fromkeys(("ratelimited", "rate_limited", "message_limit_exceeded", "accesslimited"), (Reason.RATE_LIMITED, True)),
    # Slack says of these that part of the work may have been done.
    **dict.fromkeys(("internal_error", "fatal_error", "request_timeout"), (Reason.AMBIGUOUS, True)),
    **dict.fromkeys(("service_unavailable", "team_added_to_org", "external_channel_migrating", "token_expired"), (Reason.UNAVAILABLE, True)),
    **dict.fromkeys(("msg_too_long", "msg_blocks_too_long", "file_too_large", "file_upload_size_restricted"), (Reason.TOO_LARGE, False)),
    **dict.fromkeys(("channel_not_found", "is_archived", "user_not_found", "user_disabled", "thread_not_found"), (Reason.NO_CHANNEL, False)),
    **dict.fromkeys(
        (
            "not_in_channel", "missing_scope", "no_permission", "not_allowed_token_type", "access_denied", "restricted_action", "cannot_dm_bot",
            "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel",
            "messages_tab_disabled", "ekm_access_denied", "team_access_not_granted", "user_not_visible", "cant_post_message",
        ),
        (Reason.NO_ACCESS, False),
    ),
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "org_login_required", "two_factor_setup_required",
         "invalid_refresh_token", "invalid_client_id", "bad_client_secret"),
        (Reason.BAD_CREDENTIALS, False),
    ),
}  # fmt: skip

# What a whole team, and not a channel alone, has too much of.
_WHOLE = frozenset({"message_limit_exceeded", "accesslimited"})
# Of messages, and of views, of whose blocks Slack says no more than that the arguments are wrong.
UNTAKEN = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "block_mismatch", "too_many_blocks", "invalid_attachments",
        "invalid_arguments", "view_too_large",
    }
)  # fmt: skip
# These happen before anything is sent.
_UNSENT = (socket.gaierror, ConnectionRefusedError, ssl.SSLCertVerificationError)
_FAULTS = (SlackClientError, OSError, HTTPException)


class Untaken(SendError):
    """Slack refuses the message as it is made; with less in it, it may be taken."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Slack's word for it (`http_503` or the fault's name where it sent none) and what it means for what was to be sent."""

    word: str
    error: SendError


@contextmanager
def telling(method: str, *, posting: bool = False) -> Iterator[None]:
    """Turns every failure of the call inside into SendError. Only a post can be in doubt: the rest may be done twice."""
    try:
        yield
    except _FAULTS as error:
        found = failure(error, posting=posting)
        log.warning("slack_call_failed", method=method, why=found.word, reason=found.error.reason.value)
        # Without its cause: what the library says of a request may hold a token.
        raise found.error from None


def failure(error: Exception, *, posting: bool) -> Failure:
    """What the library's exception means."""
    word = code(error)
    reason, retryable = _meaning(error, word)
    if reason is Reason.AMBIGUOUS and not posting:
        reason = Reason.UNAVAILABLE
    wait = _wait(error) if reason is Reason.RATE_LIMITED else None
    kind = Untaken if word in UNTAKEN else SendError
    return Failure(word, kind(reason, retryable=retryable, retry_after=wait, whole=word in _WHOLE))


def refused_there(status: int) -> SendError:
    """What a response_url's HTTP status means. It tells little, so that any other refusal may lie in how the message is made.

    A 5xx does not: Slack may even have taken the message, so that it is not said there again in other words.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return SendError(Reason.RATE_LIMITED, retryable=True)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SendError(Reason.UNAVAILABLE, retryable=True)
    return Untaken(Reason.REFUSED, retryable=False)


def code(error: Exception) -> str:
    """Slack's word for what went wrong."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    if error.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"http_{error.response.status_code}"
    if error.response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    word = error.response.get("error")
    return word if isinstance(word, str) and word.isidentifier() else "unreadable"


def _meaning(error: Exception, word: str) -> tuple[Reason, bool]:
    if isinstance(error, SlackApiError):
        doubtful = word.startswith("http_") or word == "unreadable"
        return (Reason.AMBIGUOUS, True) if doubtful else REASONS.get(word, (Reason.REFUSED, False))
    if isinstance(error, URLError) and isinstance(error.reason, _UNSENT):
        return Reason.UNREACHABLE, True
    return Reason.AMBIGUOUS, True


def _wait(error: Exception) -> float:
    """The seconds that Slack asks to wait."""
    written = str(error.response.headers.get("Retry-After", "")) if isinstance(error, SlackApiError) else ""
    return float(written) if written.isascii() and written.isdigit() else DEFAULT_WAIT
