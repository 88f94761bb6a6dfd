"""What must every platform do, whatever its markup? A class to inherit: give the hooks, get the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import pytest

from core.domain.workspaces import Locale
from core.messages.model import Chart, Heading, Link, Message, Panel, Paragraph
from core.ports import Address, Platform
from tests.contract.samples import blocks, sample

Payload = TypeVar("Payload")

PLAIN = "word"
ATTACKS = (
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<at id=all></at>",
    '<at user_id="all">all</at>',
    "*_~[](",
    "**bold** `code` ~gone~",
    "[click](https://evil.example)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "{{7*7}} ${x} {% raw %}",
)
BAD_ADDRESSES = ("javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.example", "http://[")
CHART = Chart("digest", "DAU fell by 15%", "28 days", (Panel("DAU", "85K"),))


class PlatformContract(Generic[Payload]):
    """Inherit as `class TestSlack(PlatformContract[...])` with fixtures `platform` and `address`, and the four hooks."""

    def words(self, payload: Payload) -> str:
        """Everything of it that a person can read, unescaped."""
        raise NotImplementedError

    def skeleton(self, payload: Payload) -> object:
        """Its structure without the words: what the platform would act upon."""
        raise NotImplementedError

    def targets(self, payload: Payload) -> Sequence[str]:
        """Where its links lead."""
        raise NotImplementedError

    def fallback(self, payload: Payload) -> str:
        """What a client without cards, or a screen reader, says of it."""
        raise NotImplementedError

    def standing(self, address: Address) -> Sequence[str]:
        """The words of the messages that stand at the address, the oldest first."""
        raise NotImplementedError

    @pytest.mark.parametrize("locale", Locale)
    def test_every_block_renders_and_says_its_words(self, platform: Platform[Payload], locale: Locale) -> None:
        message = sample(locale)
        shown = self.words(platform.render(message, {}))
        for block in message.blocks:
            if isinstance(block, Heading):
                assert str(block.text[0]) in shown
        for expected in ("T-12", "林晓", "2.2:1", "−15%", "orders.csv", "8.5w", "/kpi board", "ops", "618"):
            assert expected in shown

    @pytest.mark.parametrize("locale", Locale)
    def test_the_fallback_is_never_empty(self, platform: Platform[Payload], locale: Locale) -> None:
        assert self.fallback(platform.render(sample(locale), {})).strip()

    @pytest.mark.parametrize("attack", ATTACKS)
    @pytest.mark.parametrize("number", range(10))
    def test_markup_in_words_stays_words(self, platform: Platform[Payload], number: int, attack: str) -> None:
        def rendered(word: str) -> Payload:
            return platform.render(Message((blocks(word)[number],), word), {})

        assert self.skeleton(rendered(attack)) == self.skeleton(rendered(PLAIN))
        assert attack in self.words(rendered(attack))

    @pytest.mark.parametrize("url", BAD_ADDRESSES)
    def test_a_link_leads_only_to_the_web(self, platform: Platform[Payload], url: str) -> None:
        payload = platform.render(Message((Paragraph(((Link("here", url),),)),), "x"), {})
        assert self.targets(payload) == []
        assert "here" in self.words(payload)

    def test_a_web_link_leads_where_it_says(self, platform: Platform[Payload]) -> None:
        url = "https://example.org/?a=1&b=%3C"
        payload = platform.render(Message((Paragraph(((Link("here", url),),)),), "x"), {})
        assert list(self.targets(payload)) == [url]

    def test_a_chart_shows_the_picture_that_was_uploaded(self, platform: Platform[Payload], address: Address) -> None:
        ref = platform.upload(address, "digest.png", "image/png", b"picture")
        assert ref in str(platform.render(Message((CHART,), "x"), {"digest": ref}))

    def test_a_chart_without_its_picture_is_told_in_words(self, platform: Platform[Payload]) -> None:
        assert CHART.alt in self.words(platform.render(Message((CHART,), "x"), {}))

    def test_sending_twice_under_one_key_is_one_message(self, platform: Platform[Payload], address: Address) -> None:
        first = platform.send(address, self._said(platform, "first"), "key")
        assert platform.send(address, self._said(platform, "second"), "key") == first
        assert self._standing(address, "first", "second") == ["first"]

    def test_two_keys_are_two_messages(self, platform: Platform[Payload], address: Address) -> None:
        platform.send(address, self._said(platform, "first"), "one")
        platform.send(address, self._said(platform, "second"), "two")
        assert self._standing(address, "first", "second") == ["first", "second"]

    def test_find_tells_what_was_sent_and_what_was_not(self, platform: Platform[Payload], address: Address) -> None:
        receipt = platform.send(address, self._said(platform, "first"), "key")
        assert platform.find(address, "key") == receipt
        assert platform.find(address, "other") is None

    def test_an_edit_replaces_the_message(self, platform: Platform[Payload], address: Address) -> None:
        receipt = platform.send(address, self._said(platform, "first"), "key")
        platform.edit(address, receipt, self._said(platform, "second"))
        assert self._standing(address, "first", "second") == ["second"]

    def test_a_shared_file_comes_back_as_it_was(self, platform: Platform[Payload], address: Address) -> None:
        content = bytes(range(256))
        assert platform.download(address.binding, platform.upload(address, "a.bin", "application/octet-stream", content)) == content

    def _said(self, platform: Platform[Payload], words: str) -> Payload:
        return platform.render(Message((Paragraph(((words,),)),), words), {})

    def _standing(self, address: Address, *expected: str) -> list[str]:
        """Which of the words stand there, message by message."""
        return [word for message in self.standing(address) for word in expected if word in message]
