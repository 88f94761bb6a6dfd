"""Does a request come from Feishu, for one of our apps, and for the first time? What passes goes on in plain text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hmac import compare_digest
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from bot.platforms.feishu.apps import App, Apps
from bot.platforms.feishu.crypto import Undeciphered, decrypted, signature
from bot.platforms.feishu.reading import read
from bot.platforms.fields import Body, word
from bot.platforms.inbound import Junk, header, whole_number
from core.ports import Clock

FRESH = timedelta(minutes=5)
# Feishu tries again after 15 seconds, 5 minutes, 1 hour and 6 hours, and does not say whether it signs afresh.
OLDEST = timedelta(hours=8)
MOST_SEEN = 50_000
LONGEST_CHALLENGE = 500
SIGNATURE, TIMESTAMP, NONCE = "x-lark-signature", "x-lark-request-timestamp", "x-lark-request-nonce"
URL_VERIFICATION = "url_verification"


class Guard:
    """Checks webhooks. A rightly signed but old one passes when its event was not seen before; the inbox takes care of doubles besides."""

    def __init__(self, apps: Apps, clock: Clock) -> None:
        self._apps = apps
        self._clock = clock
        self._seen = Seen()

    def __call__(self, headers: Headers, body: bytes) -> Response | bytes:
        """The decrypted event; the answer where there is nothing more to do. Raises Junk."""
        outer = read(body)
        if outer is None:
            raise Junk(HTTPStatus.BAD_REQUEST, "not JSON")
        if not word(outer, "encrypt"):
            return _asked_openly(outer, self._apps.all())
        age = _age(headers, self._clock) if headers.get(SIGNATURE) else None
        apps = self._apps.all() if age is None else _signers(headers, body, self._apps.all())
        content = _deciphered(word(outer, "encrypt"), apps)
        event = read(content)
        if event is None:
            raise Junk(HTTPStatus.BAD_REQUEST, "event not JSON")
        if word(event, "type") == URL_VERIFICATION:
            return _challenge(event, apps)
        if age is None:
            raise Junk(HTTPStatus.UNAUTHORIZED, "not signed")
        _check_owner(event, apps)
        return self._again(event, age) or content

    def forget(self, event_id: str) -> None:
        """Lets an event pass again that could not be done: Feishu may bring it hours later, signed as it was."""
        self._seen.remove(event_id)

    def _again(self, event: Body, age: timedelta) -> Response | None:
        """The answer to an old request whose event came before; None for what is to be looked at."""
        event_id = word(event, "header", "event_id")
        if not event_id:
            raise Junk(HTTPStatus.BAD_REQUEST, "event without id")
        return JSONResponse({}) if self._seen.add(event_id, self._clock.now()) and age > FRESH else None


class Seen:
    """The events of the last hours, by their ids."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, datetime] = OrderedDict()

    def add(self, event_id: str, now: datetime) -> bool:
        """Whether it was there already."""
        while self._ids and (len(self._ids) >= MOST_SEEN or now - next(iter(self._ids.values())) > OLDEST):
            self._ids.popitem(last=False)
        if event_id in self._ids:
            return True
        self._ids[event_id] = now
        return False

    def remove(self, event_id: str) -> None:
        """As if it had not come."""
        self._ids.pop(event_id, None)


def _asked_openly(outer: Body, apps: Sequence[App]) -> Response:
    """Answers whoever knows a verification token: the address of an app may be tried before its encrypt key is set. Events are not taken so."""
    if word(outer, "type") != URL_VERIFICATION or not any(app.verification_token for app in apps):
        raise Junk(HTTPStatus.UNAUTHORIZED, "not encrypted")
    return _challenge(outer, [app for app in apps if app.verification_token])


def _age(headers: Headers, clock: Clock) -> timedelta:
    age = timedelta(seconds=clock.now().timestamp() - whole_number(header(headers, TIMESTAMP)))
    if not -FRESH <= age <= OLDEST:
        raise Junk(HTTPStatus.UNAUTHORIZED, "stale")
    return age


def _signers(headers: Headers, body: bytes, apps: Sequence[App]) -> Sequence[App]:
    """The apps with whose key the request was signed."""
    timestamp, nonce, given = (header(headers, name) for name in (TIMESTAMP, NONCE, SIGNATURE))
    # Every key is tried, so that the time taken tells nothing.
    signers = [app for app in apps if app.encrypt_key and _same(signature(timestamp, nonce, app.encrypt_key, body), given)]
    if not signers:
        raise Junk(HTTPStatus.UNAUTHORIZED, "signature wrong")
    return signers


def _deciphered(encrypted: str, apps: Sequence[App]) -> bytes:
    for key in dict.fromkeys(app.encrypt_key for app in apps if app.encrypt_key):
        with suppress(Undeciphered):
            return decrypted(encrypted, key)
    raise Junk(HTTPStatus.BAD_REQUEST, "not decipherable")


def _challenge(asked: Body, apps: Sequence[App]) -> Response:
    """The echo that Feishu wants when an address is entered, for one of these apps."""
    challenge = word(asked, "challenge")
    if not any([_has_token(app, word(asked, "token")) for app in apps]):  # noqa: C419  # all are tried
        raise Junk(HTTPStatus.UNAUTHORIZED, "verification token wrong")
    if not challenge.isascii() or len(challenge) > LONGEST_CHALLENGE:
        raise Junk(HTTPStatus.BAD_REQUEST, "challenge malformed")
    return JSONResponse({"challenge": challenge})


def _check_owner(event: Body, apps: Sequence[App]) -> None:
    """Raises Junk for an event that is not for one of the apps whose key it was signed with."""
    app = next((app for app in apps if app.id == word(event, "header", "app_id")), None)
    if app is None:
        raise Junk(HTTPStatus.UNAUTHORIZED, "another app")
    if not _has_token(app, word(event, "header", "token")):
        raise Junk(HTTPStatus.UNAUTHORIZED, "verification token wrong")


def _has_token(app: App, given: str) -> bool:
    """Whether the token is the app's, where one is set."""
    return not app.verification_token or _same(app.verification_token, given)


def _same(expected: str, given: str) -> bool:
    return compare_digest(expected.encode(), given.encode(errors="replace"))
