"""Does one morning's digest come to each channel in that channel's language, from the same rows?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from bot.deliveries import Deliveries
from bot.demo.shop import load_demo
from bot.dispatch import Dispatcher
from core.clock import FixedClock
from core.domain.moments import business_time
from core.domain.workspaces import Channel, Locale, Workspace
from core.messages.tokens import Signer
from core.services.channels import ChannelWish, set_up
from core.storage.unit_of_work import Database
from handlers.kernel.command import REGISTRY
from tests.fakes import FakePlatform, FakeRenderer, no_engine

DUE = datetime(2024, 6, 4, 1, tzinfo=UTC)


def english_group(database: Database, shop: Workspace, clock: FixedClock) -> None:
    """A channel elsewhere, to which the digest comes in English."""
    with database.write() as uow:
        binding = uow.places.bind(shop.id, "slack", "T1")
        group = uow.places.ensure_channel(shop.id, Channel(0, binding, "C1", "ops-global"))
        owner = uow.members.all(shop.id)[0]
        set_up(uow, shop, group, ChannelWish(Locale.EN, digest=True), owner, business_time(shop, clock.now()))
        uow.commit()


def told(post: str) -> str:
    """The sentence of a post, with what its figures say alone."""
    return str(json.loads(post)["fallback"])


def test_each_channel_reads_the_morning_in_its_language(embedded: Database, clock: FixedClock) -> None:
    shop = load_demo(embedded, clock, Locale.ZH)
    english_group(embedded, shop, clock)
    signer, platform = Signer(b"k" * 32), FakePlatform()
    dispatcher = Dispatcher(embedded, clock, REGISTRY, signer)
    deliveries = Deliveries(embedded, clock, signer, dispatcher, lambda _binding: platform, lambda _binding, _message: {}, no_engine, DUE)
    deliveries.renderer = FakeRenderer()
    sent = [outcome.message for outcome in deliveries.tick() if outcome.message]
    assert sorted(message.locale for message in sent) == ["en", "zh-CN"]
    assert len({replace(message, blocks=(), fallback="", locale="") for message in sent}) == 1
    texts = sorted(told(post) for _, post in platform.posts)
    assert all("25.7" in text or "257" in text for text in texts), texts
    assert len(set(texts)) == 2
