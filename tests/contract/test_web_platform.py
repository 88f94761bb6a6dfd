"""Does the playground do what every platform must?"""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

import pytest

from bot.platforms.web.platform import WebPlatform
from core.clock import FixedClock
from core.errors import Reason, SendError
from core.messages.model import Message, Paragraph
from core.ports import Address, Platform
from core.storage.unit_of_work import Database
from tests.contract.platform_contract import PlatformContract
from tests.playground import Shop, open_shop


class Read(HTMLParser):
    """A payload as a browser takes it apart."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.label = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, tuple(values)))
        self.texts.extend(values.values())
        self.label = self.label or values.get("aria-label", "")
        if tag == "a" and "target" in values:
            self.links.append(values["href"])

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


class TestWebPlatform(PlatformContract[str]):
    @pytest.fixture
    def shop(self, embedded: Database) -> Shop:
        return open_shop(embedded)

    @pytest.fixture
    def platform(self, embedded: Database, shop: Shop, clock: FixedClock) -> Platform[str]:
        self._database, self._shop = embedded, shop
        return WebPlatform(embedded, clock)

    @pytest.fixture
    def address(self, shop: Shop) -> Address:
        return shop.address()

    def words(self, payload: str) -> str:
        return "\n".join(Read(payload).texts)

    def skeleton(self, payload: str) -> object:
        return Read(payload).tags

    def targets(self, payload: str) -> Sequence[str]:
        return Read(payload).links

    def fallback(self, payload: str) -> str:
        return Read(payload).label

    def standing(self, address: Address) -> Sequence[str]:
        with self._database.read() as uow:
            channel = uow.places.channel(address.binding, address.conversation)
            assert channel is not None
            return ["".join(Read(message.content).texts[-1:]) for message in uow.chat.before(channel.id, self._shop.owner.id, 50)]

    def test_a_channel_that_is_not_there_is_told(self, platform: Platform[str], shop: Shop) -> None:
        with pytest.raises(SendError) as refused:
            platform.send(Address(shop.binding, "nowhere"), "x", "key")
        assert refused.value.reason is Reason.NO_CHANNEL

    def test_a_message_carries_the_time_of_the_demo(self, platform: Platform[str], shop: Shop, embedded: Database, clock: FixedClock) -> None:
        clock.instant = clock.instant.replace(year=2031)
        platform.send(shop.address(), platform.render(Message((Paragraph((("x",),)),), "x"), {}), "key")
        with embedded.read() as uow:
            assert uow.chat.before(shop.ops.id, shop.owner.id, 1)[0].said_at == shop.workspace.frozen_at
