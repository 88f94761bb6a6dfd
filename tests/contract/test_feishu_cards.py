"""Would Feishu take every card of the product, and is each still what it was?"""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings

from bot.platforms.feishu.payload import FeishuPayload
from bot.platforms.feishu.render import render
from core.domain.workspaces import Locale
from core.messages.model import Link, Message, Paragraph
from tests.contract.cards import every_card
from tests.contract.feishu_rules import problems
from tests.contract.feishu_words import fallback, mentioned, skeleton, targets, words
from tests.contract.kept import kept, settled, written
from tests.contract.messages import messages
from tests.contract.platform_contract import ATTACKS, BAD_ADDRESSES, PLAIN
from tests.contract.samples import blocks, inlines, sample

REFS = {"digest": "img_v3_digest", "member:7": "ou_lin"}
# One of each kind of card, by what was said to get it; the sample has every block.
KEPT = {
    "digest": "/ops digest",
    "board": "/kpi board",
    "metrics": "/kpi metrics",
    "settings": "/ops settings",
    "log-again": "/kpi log dau=很多",
    "task-form": "/task add",
    "task-list": "/task list all",
    "task-mine": "/task mine",
    "import-preview": "orders.csv dropped",
    "schedule": "/schedule show S-2",
    "schedules": "/ops schedules",
}


@cache
def rendered(locale: Locale) -> dict[str, FeishuPayload]:
    return {name: render(message, REFS) for name, message in every_card(locale).items()}


def told(line: str, locale: Locale) -> Message:
    """The answer to the line, whoever said it."""
    return next(message for name, message in every_card(locale).items() if name.rpartition(": ")[2] == line)


@pytest.mark.parametrize("locale", Locale)
def test_feishu_takes_every_card(locale: Locale) -> None:
    refused = {name: found for name, payload in rendered(locale).items() if (found := problems(payload.card))}
    assert not refused


@pytest.mark.parametrize("locale", Locale)
def test_every_card_has_a_fallback_and_its_name(locale: Locale) -> None:
    for name, payload in rendered(locale).items():
        assert fallback(payload).strip(), name
        assert payload.name == every_card(locale)[name].card


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("name", ["sample", *KEPT])
def test_a_card_is_what_it_was(name: str, locale: Locale) -> None:
    message = sample(locale) if name == "sample" else told(KEPT[name], locale)
    payload = render(settled(message), REFS)
    now = written({"text": payload.text, "card": payload.card})
    assert now == kept("feishu", name, locale, now)


@given(message=messages)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example], deadline=None)
def test_any_message_is_a_card_that_feishu_takes(message: Message) -> None:
    payload = render(message, REFS)
    assert problems(payload.card) == []
    assert set(mentioned(payload)) <= {"ou_lin"}
    assert "<" not in payload.text


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("number", range(len(blocks(PLAIN))))
def test_markup_in_words_stays_words(number: int, attack: str) -> None:
    def shown(word: str) -> FeishuPayload:
        return render(Message((blocks(word)[number],), word), {})

    assert skeleton(shown(attack)) == skeleton(shown(PLAIN))
    assert attack in words(shown(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_stays_words_beside_every_piece(attack: str) -> None:
    for before in inlines("x"):
        for after in inlines("y"):
            payload = render(Message((Paragraph(((before, attack, after),)),), "x"), REFS)
            assert attack in words(payload)
            assert skeleton(payload) == skeleton(render(Message((Paragraph(((before, PLAIN, after),)),), "x"), REFS))


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_a_link_leads_only_to_the_web(url: str) -> None:
    payload = render(Message((Paragraph(((Link("here", url),),)),), "x"), {})
    assert targets(payload) == []
    assert "here" in words(payload)


@pytest.mark.parametrize("url", ["https://example.org/?a=1&b=%3C", "https://example.org/a_b~c*"])
def test_a_web_link_leads_where_it_says(url: str) -> None:
    payload = render(Message((Paragraph(((Link("here", url),),)),), "x"), {})
    assert targets(payload) == [url.replace("*", "%2A")]
