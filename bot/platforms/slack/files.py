"""How does a file get to Slack and back? Uploaded in three steps and waited for; fetched with the team's token from Slack's own hosts alone."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import httpx
from slack_sdk import WebClient

from bot.platforms.fields import Body, number, part, parts, word
from bot.platforms.slack.failures import telling
from bot.platforms.slack.hosts import is_slacks_own
from bot.platforms.spreadsheets import LARGEST_FILE
from core.errors import Reason, SendError

LOOKS = 8
FIRST_WAIT_SECONDS = 0.25
TIMEOUT_SECONDS = 20.0

# Waits so many seconds.
Wait = Callable[[float], None]


def upload(client: WebClient, name: str, content: bytes, title: str = "", channel: str | None = None, thread: str | None = None) -> str:
    """Keeps a file, shared to the channel where one is named. Returns its id. Raises SendError."""
    with telling("files.uploadV2"):
        answer = client.files_upload_v2(filename=name, content=content, title=title or name, channel=channel, thread_ts=thread)
    kept = next((word(file, "id") for file in parts(answer.data, "files")), "")
    if not kept:
        raise SendError(Reason.REFUSED, retryable=False)
    return kept


def wait_until_shown(client: WebClient, file: str, wait: Wait) -> None:
    """Returns when a block may show the picture, or after some seconds in any case: then the post tells."""
    for look in range(LOOKS):
        if word(info(client, file), "mimetype"):
            return
        wait(FIRST_WAIT_SECONDS * 2 ** min(look, 3))


def info(client: WebClient, file: str) -> Body:
    """What Slack says of the file. Raises SendError."""
    with telling("files.info"):
        answer = client.files_info(file=file)
    return part(answer.data, "file")


def download(client: WebClient, file: str) -> tuple[str, bytes]:
    """The file's name and content. Raises SendError: TOO_LARGE, and NO_ACCESS where it is gone or kept elsewhere."""
    found = info(client, file)
    if number(found, "size") > LARGEST_FILE:
        raise SendError(Reason.TOO_LARGE, retryable=False)
    url = word(found, "url_private_download") or word(found, "url_private")
    if not is_slacks_own(url, client.base_url):
        raise SendError(Reason.NO_ACCESS, retryable=False)
    try:
        return word(found, "name"), _fetched(url, client.token or "")
    except httpx.HTTPError:
        raise SendError(Reason.UNAVAILABLE, retryable=True) from None


def _fetched(url: str, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}"}
    pieces, length = [], 0
    # Redirects lead to the log-in page, and the token must not follow them elsewhere.
    with httpx.stream("GET", url, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False) as answer:
        _check(answer.status_code)
        for piece in answer.iter_bytes():
            length += len(piece)
            if length > LARGEST_FILE:
                raise SendError(Reason.TOO_LARGE, retryable=False)
            pieces.append(piece)
    return b"".join(pieces)


def _check(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        raise SendError(Reason.UNAVAILABLE, retryable=True)
    raise SendError(Reason.NO_ACCESS, retryable=False)
