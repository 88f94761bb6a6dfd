"""How does a call get to Feishu and back? Over connections that stay open, with a token, and with every failure as an error of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TypeVar

import httpx
import structlog

from bot.platforms.feishu import calls, failures
from bot.platforms.feishu.apps import App
from bot.platforms.feishu.calls import Call
from bot.platforms.feishu.domain import is_local
from bot.platforms.feishu.failures import Refused
from bot.platforms.feishu.reading import read
from bot.platforms.feishu.tokens import Token, Tokens
from bot.platforms.fields import NONE, Body, number, word
from bot.platforms.spreadsheets import LARGEST_FILE
from core.errors import Reason
from core.ports import Clock

log = structlog.get_logger()

# Seconds of silence in a step of a call, not of the whole call: what trickles in may take longer. A post is at most five calls (the kind of the chat,
# the post, another token, the post with it, its words alone), so that one that hangs ends within the 30 seconds for which the ledger lends a row.
# Where one that trickles outlasts them, whoever takes the row posts under the same uuid, which Feishu knows.
TIMEOUT = httpx.Timeout(5, connect=4, pool=4)
LIMITS = httpx.Limits(max_connections=16, max_keepalive_connections=16)
JSON = "application/json"

T = TypeVar("T")


class Client:
    """Calls of all apps. Threads may share it. A `quiet` one leaves refusals out of the log: for looking what would be refused."""

    def __init__(self, domain: str, clock: Clock, *, quiet: bool = False) -> None:
        # On this machine no proxy stands between.
        self._http = httpx.Client(base_url=domain, timeout=TIMEOUT, limits=LIMITS, trust_env=not is_local(domain))
        self._clock = clock
        self._tokens = Tokens(self._fetched, clock)
        self._quiet = quiet

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def ask(self, app: App, call: Call, *, posting: bool = False) -> Body:
        """The answer, whose results mostly stand in its `data`. Raises Refused; a `posting` call that broke off is in doubt."""
        return self._with_token(app, lambda token: self._answer(call, token, posting=posting))

    def open(self, call: Call) -> Body:
        """The answer to a call that needs no token, as it carries the app's secret. Raises Refused."""
        return self._answer(call, None, posting=False)

    def download(self, app: App, call: Call) -> bytes:
        """The content of a file. Raises Refused, TOO_LARGE for more than 64 MiB."""
        return self._with_token(app, lambda token: self._content(call, token))

    def date(self) -> str:
        """What Feishu's clock says, as the Date header has it; empty where it says nothing. Raises Refused."""
        with self._telling(Call("HEAD", "/"), posting=False):
            return str(self._http.head("/").headers.get("date", ""))

    def _with_token(self, app: App, run: Callable[[str], T]) -> T:
        token = self._tokens.get(app)
        try:
            return run(token)
        except Refused as error:
            if error.code != failures.TOKEN_INVALID:
                raise
        return run(self._tokens.renew(app, token))

    def _fetched(self, app: App) -> Token:
        # Counted from before the call, so that it never ends earlier than we think.
        now = self._clock.now()
        found = self.open(calls.token(app.id, app.secret))
        return Token(word(found, "tenant_access_token"), now + timedelta(seconds=number(found, "expire")))

    def _answer(self, call: Call, token: str | None, *, posting: bool) -> Body:
        with self._telling(call, posting=posting):
            response = self._http.send(self._request(call, token))
        return self._checked(call, response, posting=posting)

    def _content(self, call: Call, token: str) -> bytes:
        content = bytearray()
        with self._telling(call, posting=False), closing(self._http.send(self._request(call, token), stream=True)) as response:
            if not response.is_success or JSON in response.headers.get("content-type", ""):
                response.read()
                self._checked(call, response, posting=False)
            for piece in response.iter_bytes():
                content += piece
                if len(content) > LARGEST_FILE:
                    raise Refused(0, Reason.TOO_LARGE, retryable=False)
        return bytes(content)

    def _request(self, call: Call, token: str | None) -> httpx.Request:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if call.upload is not None:
            files = {call.upload.part: (call.upload.name, call.upload.content)}
            return self._http.build_request(call.method, call.path, data=dict(call.form), files=files, headers=headers)
        headers |= {"Content-Type": f"{JSON}; charset=utf-8"}
        return self._http.build_request(call.method, call.path, params=list(call.query), content=call.body, headers=headers)

    @contextmanager
    def _telling(self, call: Call, *, posting: bool) -> Iterator[None]:
        """Turns faults of the way there into Refused."""
        try:
            yield
        except httpx.HTTPError as error:
            told = failures.of_fault(error, posting=posting)
            self._log(call, told, fault=type(error).__name__)
            # Without its cause, which holds the request with its token.
            raise told from None

    def _checked(self, call: Call, response: httpx.Response, *, posting: bool) -> Body:
        """The answer where it is a good one. Raises Refused."""
        found = read(response.content)
        if found is not None and response.is_success and found.get("code") == 0:
            return found
        error = failures.of_answer(number(found or NONE, "code"), response, posting=posting)
        self._log(call, error, code=error.code)
        raise error

    def _log(self, call: Call, error: Refused, **more: object) -> None:
        if not self._quiet:
            log.warning("feishu_call_failed", method=call.method, path=call.path, reason=error.reason.value, **more)
