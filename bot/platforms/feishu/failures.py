"""What does a refusal by Feishu, or none at all, mean for what was to be sent? One table, from Feishu's numbers to the house's words."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from core.errors import Reason, SendError

# The limit of a chat is 5 messages a second; Feishu names no wait for it.
DEFAULT_WAIT = 1.0
TOKEN_INVALID = 99991663
APPS_LIMIT = 99991400
SCOPE_MISSING = 99991672
RESET_HEADER = "x-ogw-ratelimit-reset"

# https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code and the tables of the calls made here.
REASONS: dict[int, tuple[Reason, bool]] = {
    # Too often: the app's own limit, then those of a chat.
    **dict.fromkeys((APPS_LIMIT, 230020, 11232, 11233, 11247, 1000040350), (Reason.RATE_LIMITED, True)),
    # The same message is on its way, or Feishu stumbled before it did anything.
    **dict.fromkeys((230049, 232096), (Reason.UNAVAILABLE, True)),
    # Feishu stumbled, and does not say how far it had come.
    **dict.fromkeys((2200, 5000, 55001, 1663), (Reason.AMBIGUOUS, True)),
    **dict.fromkeys((230025, 234006), (Reason.TOO_LARGE, False)),
    # No such chat or person, or the bot is not there.
    **dict.fromkeys((230002, 230034, 232006, 232009, 232011), (Reason.NO_CHANNEL, False)),
    # The app may not: no bot, not allowed to speak, the person out of its range, a scope missing.
    **dict.fromkeys((230006, 230013, 230018, 230027, 230035, 230053, 232025, 41050, 40004, SCOPE_MISSING), (Reason.NO_ACCESS, False)),
    # App id, secret or token wrong, or the app was stopped; the last three when a long connection is asked for.
    **dict.fromkeys(
        (10003, 10012, 10014, 10015, 99991543, 99991661, 99991662, TOKEN_INVALID, 99991664, 99991665, 514, 403, 1000040344),
        (Reason.BAD_CREDENTIALS, False),
    ),
}  # fmt: skip

# The card itself was not taken; as plain text the message may be.
UNTAKEN = frozenset({230025, 230099})
# These happen before anything is sent.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Refused(SendError):
    """What Feishu, or the way there, said no with. `code` is Feishu's number, the HTTP status where it sent none, 0 where nothing came back."""

    def __init__(self, code: int, reason: Reason, *, retryable: bool, retry_after: float | None = None, whole: bool = False) -> None:
        super().__init__(reason, retryable=retryable, retry_after=retry_after, whole=whole)
        self.code = code


def of_answer(code: int, response: httpx.Response, *, posting: bool) -> Refused:
    """What Feishu's number means, or its status where it says nothing (0 is none). Only a post can be in doubt: the rest may be done twice."""
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        reason, retryable = Reason.RATE_LIMITED, True
    elif code in REASONS:
        reason, retryable = REASONS[code]
    elif code and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        reason, retryable = Reason.REFUSED, False
    else:
        reason, retryable = Reason.AMBIGUOUS, True
    if reason is Reason.AMBIGUOUS and not posting:
        reason = Reason.UNAVAILABLE
    wait = _wait(response) if reason is Reason.RATE_LIMITED else None
    return Refused(code or status, reason, retryable=retryable, retry_after=wait, whole=code in (0, APPS_LIMIT))


def of_fault(error: httpx.HTTPError, *, posting: bool) -> Refused:
    """What it means that no answer came."""
    if isinstance(error, _UNSENT):
        return Refused(0, Reason.UNREACHABLE, retryable=True)
    return Refused(0, Reason.AMBIGUOUS if posting else Reason.UNAVAILABLE, retryable=True)


def _wait(response: httpx.Response) -> float:
    written = response.headers.get(RESET_HEADER, "") or response.headers.get("retry-after", "")
    return float(written) if written.isascii() and written.isdigit() and len(written) < len("10000") else DEFAULT_WAIT
