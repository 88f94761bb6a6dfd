"""Does a request come from Slack, and now? Its signature over the raw bytes says so, before any library looks at it.

The algorithm is Slack's: hex HMAC-SHA256 of `v0:TIMESTAMP:BODY` under the signing secret, https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest, digest
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

from bot.platforms.inbound import Junk, header, whole_number
from core.ports import Clock

WINDOW_SECONDS = 300
MEDIA_TYPES = ("application/json", "application/x-www-form-urlencoded")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
# A check of the certificate that changes nothing, and that Slack does not promise to sign.
_SSL_CHECK = re.compile(rb"(?:^|&)ssl_check=1(?:&|$)")


class Guard:
    """Checks Slack's requests. One of the secrets must fit: an app has one, and a second while it is being changed."""

    def __init__(self, secrets: Sequence[str], clock: Clock) -> None:
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._clock = clock

    def __call__(self, headers: Headers, body: bytes) -> Response | bytes:
        """The body when it is genuine; the answer to Slack's own checks of the address. Raises Junk."""
        form = _media_type(headers) == MEDIA_TYPES[1]
        if form and _SSL_CHECK.search(body):
            return Response()
        self._verify(header(headers, "x-slack-request-timestamp"), header(headers, "x-slack-signature"), body)
        written = _decoded(body)
        challenge = None if form else _challenge(written)
        return body if challenge is None else PlainTextResponse(challenge)

    def _verify(self, timestamp: str, signature: str, body: bytes) -> None:
        if abs(self._clock.now().timestamp() - whole_number(timestamp)) > WINDOW_SECONDS:
            raise Junk(HTTPStatus.UNAUTHORIZED, "stale")
        if not _SIGNATURE.fullmatch(signature):
            raise Junk(HTTPStatus.BAD_REQUEST, "signature malformed")
        signed = b"v0:" + timestamp.encode() + b":" + body
        # Every secret is tried, so that the time taken tells nothing.
        if not any([compare_digest(f"v0={digest(secret, signed, sha256).hex()}", signature) for secret in self._secrets]):  # noqa: C419
            raise Junk(HTTPStatus.UNAUTHORIZED, "signature wrong")


def _media_type(headers: Headers) -> str:
    found = headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in MEDIA_TYPES:
        raise Junk(HTTPStatus.BAD_REQUEST, "media type")
    return found


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Junk(HTTPStatus.BAD_REQUEST, "not UTF-8") from None


def _challenge(written: str) -> str | None:
    """What Slack wants echoed when the address is entered; None for everything else."""
    if '"url_verification"' not in written:
        return None
    try:
        asked = json.loads(written)
    except (ValueError, RecursionError):
        raise Junk(HTTPStatus.BAD_REQUEST, "not JSON") from None
    if not isinstance(asked, dict) or asked.get("type") != "url_verification":
        return None
    challenge = asked.get("challenge")
    return challenge if isinstance(challenge, str) else ""
