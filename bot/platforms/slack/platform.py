"""How is Slack a platform like the others? Posts carry their key in the metadata, by which they are found again after a doubtful send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import structlog
from slack_sdk import WebClient

from bot.platforms.attachments import Attachment
from bot.platforms.fields import word
from bot.platforms.recent import Recent
from bot.platforms.rendered import remembered
from bot.platforms.seams import Ties
from bot.platforms.slack import files
from bot.platforms.slack.directs import Directs
from bot.platforms.slack.failures import telling
from bot.platforms.slack.history import LOOK_BACK, METADATA_TYPE, Standing, find, standing
from bot.platforms.slack.ladder import pictures, taken
from bot.platforms.slack.payload import SlackPayload
from bot.platforms.slack.profiles import profile
from bot.platforms.slack.render import render
from bot.platforms.slack.teams import Teams
from core.domain.paces import Pace
from core.errors import Reason, SendError
from core.messages.model import Message
from core.ports import Address, Capabilities, Clock, Profile, Receipt

log = structlog.get_logger()

# One message a second to a channel; for a team "several hundred a minute", of which more are on the way by other methods.
# https://docs.slack.dev/apis/web-api/rate-limits
CAPABILITIES = Capabilities(find=True, pace=Pace(channel=timedelta(seconds=1), app=timedelta(milliseconds=50)), looks_back=LOOK_BACK)
REMEMBERED = 1_000

_rendered = remembered(render)


class SlackPlatform:
    """All bound teams. `wait` is how a thread waits for a picture to be processed."""

    def __init__(self, ties: Ties, teams: Teams, clock: Clock, wait: files.Wait) -> None:
        self._ties = ties
        self._teams = teams
        self._clock = clock
        self._wait = wait
        self._directs = Directs(ties)
        self._sent: Recent[tuple[Address, str], Receipt] = Recent(REMEMBERED)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def render(self, message: Message, refs: Mapping[str, str]) -> SlackPayload:
        """The message as blocks."""
        return _rendered(message, refs)

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        """Keeps a file, shared to no conversation; the same content is kept once. Returns its id."""
        digest = sha256(content).hexdigest()
        known = self._ties.uploaded(address.binding, digest)
        if known is not None:
            return known
        client = self._teams.client(address.binding)
        file = files.upload(client, name, content)
        if media_type.startswith("image/"):
            files.wait_until_shown(client, file, self._wait)
        self._ties.keep_upload(address.binding, digest, file)
        return file

    def send(self, address: Address, payload: SlackPayload, key: str) -> Receipt:
        """Posts under the key, unless this process has done so already; other processes are kept off by the ledger, and by `find`."""
        if (known := self._sent.get((address, key))) is not None:
            return known
        client = self._teams.client(address.binding)
        place = self._directs.place(client, address)
        receipt, unshown = taken(payload, lambda way: _post(client, place, way, key))
        self._sent[address, key] = receipt = replace(receipt, bare=bool(payload.files or unshown))
        return receipt

    def attach(self, address: Address, receipt: Receipt, payload: SlackPayload, key: str) -> None:
        """Puts into the message's thread what is not there yet: its files, and the pictures that it could not show.

        Raises SendError for what another try may bring; what none will is only told.
        """
        if not (payload.files or pictures(payload)):
            return
        client = self._teams.client(address.binding)
        place = self._directs.place(client, address)
        found = _standing(client, place, receipt)
        for file in (*payload.files, *_fetched(client, () if found.pictured else pictures(payload))):
            title = f"{file.name} · {_mark(key)}"
            if title not in found.titles:
                _put_beside(client, place, receipt, file, title)

    def edit(self, address: Address, receipt: Receipt, payload: SlackPayload) -> None:
        """Replaces a message in place."""
        client = self._teams.client(address.binding)
        place = self._directs.place(client, address)
        taken(payload, lambda way: _update(client, place, receipt, way))

    def download(self, binding: int, ref: str) -> bytes:
        """The content of a shared file, by its id."""
        return files.download(self._teams.client(binding), ref)[1]

    def profile(self, binding: int, actor: str) -> Profile | None:
        """Who the account is; None for guests, strangers of other teams, bots, and those who left."""
        return profile(self._teams.client(binding), actor)

    def find(self, address: Address, key: str) -> Receipt | None:
        """The message with the key in its metadata, among those of the last day."""
        client = self._teams.client(address.binding)
        return find(client, self._directs.place(client, address), key, self._clock.now())


def _standing(client: WebClient, place: Address, receipt: Receipt) -> Standing:
    try:
        return standing(client, place, receipt)
    except SendError as error:
        if error.reason is not Reason.NO_ACCESS:
            raise
        # The app may not look: a file twice is better than none, and pictures are mostly shown.
        return Standing(pictured=True, titles=frozenset())


def _fetched(client: WebClient, unshown: tuple[str, ...]) -> Iterator[Attachment]:
    """The pictures that no block could show, once more as files."""
    for picture in unshown:
        try:
            name, content = files.download(client, picture)
            yield Attachment(name, "image/png", content)
        except SendError as error:
            if error.retryable:
                raise
            log.warning("picture_lost", reason=error.reason.value)


def _put_beside(client: WebClient, place: Address, receipt: Receipt, file: Attachment, title: str) -> None:
    try:
        files.upload(client, file.name, file.content, title, place.conversation, place.thread or receipt.message_id)
    except SendError as error:
        if error.retryable:
            raise
        log.warning("attachment_lost", file=file.name, reason=error.reason.value)


def _mark(key: str) -> str:
    """By which a file's title tells, to whoever must look, which message it belongs to."""
    return sha256(key.encode()).hexdigest()[:8]


def _post(client: WebClient, place: Address, payload: SlackPayload, key: str) -> Receipt:
    with telling("chat.postMessage", posting=True):
        answer = client.chat_postMessage(
            channel=place.conversation,
            thread_ts=place.thread,
            text=payload.text,
            blocks=[dict(block) for block in payload.blocks],
            metadata={"event_type": METADATA_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
    return Receipt(word(answer.data, "ts"))


def _update(client: WebClient, place: Address, receipt: Receipt, payload: SlackPayload) -> None:
    with telling("chat.update"):
        client.chat_update(channel=place.conversation, ts=receipt.message_id, text=payload.text, blocks=[dict(block) for block in payload.blocks])
