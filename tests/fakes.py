"""What stands in for the world outside? A platform that takes everything, as often as it is asked, and forgets nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import SendError
from core.messages.model import Chart, Message
from core.ports import Address, Capabilities, Clock, Profile, Receipt
from scheduler.stages.pace import Patience

if TYPE_CHECKING:
    from scheduler.engines.common import Engine, Plans
    from scheduler.worker import Worker

ABLE = Capabilities(find=True)
# By a clock that stands every turn comes at once.
UNPACED = Patience(lambda seconds: None, shared=timedelta.max, own=timedelta.max)


def no_engine(plans: Plans, worker: Worker, clock: Clock) -> Engine:
    """For deliveries that the test itself brings out."""
    raise AssertionError("the test wakes nobody")


@dataclass
class FakePlatform:
    """Dedups nothing and counts everything. With a `store` the posts are kept in that file, so that another process finds them.

    `before` and `after` run around the moment at which a post is accepted; what they raise is what the sender sees. `errors` are raised first.
    With `files` every message has one to be put beside it; `attaching` runs before that.
    """

    capabilities: Capabilities = ABLE
    store: Path | None = None
    errors: list[SendError] = field(default_factory=list)
    before: Callable[[str], None] = lambda key: None
    after: Callable[[str], None] = lambda key: None
    refuse_upload: SendError | None = None
    posts: list[tuple[str, str]] = field(default_factory=list)
    edits: list[tuple[str, str]] = field(default_factory=list)
    files: bool = False
    refuse_files: list[SendError] = field(default_factory=list)
    attaching: Callable[[str], None] = lambda key: None
    beside: list[tuple[str, str]] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)

    def render(self, message: Message, refs: Mapping[str, str]) -> str:
        return json.dumps({"fallback": message.fallback, "blocks": [repr(block) for block in message.blocks], "refs": dict(refs)})

    def upload(self, address: Address, name: str, media_type: str, content: bytes) -> str:
        if self.refuse_upload is not None:
            raise self.refuse_upload
        self.uploads.append(name)
        return f"ref-{len(self.uploads)}"

    def send(self, address: Address, payload: str, key: str) -> Receipt:
        if self.errors:
            raise self.errors.pop(0)
        self.before(key)
        number = self._accept(key, payload)
        self.after(key)
        return Receipt(str(number), bare=self.files)

    def attach(self, address: Address, receipt: Receipt, payload: str, key: str) -> None:
        if self.refuse_files:
            raise self.refuse_files.pop(0)
        self.attaching(key)
        if self.files and (receipt.message_id, key) not in self.beside:
            self.beside.append((receipt.message_id, key))

    def edit(self, address: Address, receipt: Receipt, payload: str) -> None:
        self.edits.append((receipt.message_id, payload))

    def download(self, binding: int, ref: str) -> bytes:
        raise NotImplementedError

    def profile(self, binding: int, actor: str) -> Profile | None:
        raise NotImplementedError

    def find(self, address: Address, key: str) -> Receipt | None:
        return next((Receipt(str(number)) for number, (posted, _) in enumerate(self.all_posts()) if posted == key), None)

    def all_posts(self) -> list[tuple[str, str]]:
        """Key and payload of every post, in order, of every process that shares the store."""
        if self.store is None:
            return self.posts
        lines = self.store.read_text().splitlines() if self.store.exists() else []
        return [(key, payload) for key, payload in map(json.loads, lines)]

    def keys(self) -> list[str]:
        return [key for key, _ in self.all_posts()]

    def unable_to_find(self) -> FakePlatform:
        return replace(self, capabilities=replace(self.capabilities, find=False))

    def _accept(self, key: str, payload: str) -> int:
        if self.store is None:
            self.posts.append((key, payload))
            return len(self.posts) - 1
        with self.store.open("a") as file:
            file.write(json.dumps([key, payload]) + "\n")
        return len(self.all_posts()) - 1


class FakeRenderer:
    """Draws the same eight bytes."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def draw(self, chart: Chart) -> bytes:
        if self.error is not None:
            raise self.error
        return b"\x89PNG\r\n\x1a\n"
