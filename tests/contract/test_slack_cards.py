"""Is every card of the product, in both languages, what Slack takes? Against a schema of its own types, against its limits, and as drawn before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft7Validator

from bot.platforms.slack.payload import Json, Object
from bot.platforms.slack.render import render, render_home, render_view
from bot.platforms.slack.render_form import render_modal
from core.domain.workspaces import Locale
from core.messages.model import Chart, Form, Message
from tests.contract.cards import every_card
from tests.contract.kept import kept, settled, written
from tests.contract.messages import forms, messages
from tests.contract.slack_limits import breaches
from tests.contract.slack_words import shape

SCHEMA = json.loads((Path(__file__).parent / "slack_blocks.schema.json").read_text(encoding="utf-8"))
# Cards whose payloads are kept, by what was done to get them.
KEPT = {
    "digest": "shen: /ops digest",
    "command": "shen: /ops help kpi log",
    "board": "shen: /kpi board",
    "metrics": "shen: /kpi metrics",
    "mistake": "lin: /kpi log dau=很多",
    "mine": "xu: /task mine",
    "preview": "orders.csv dropped",
    "deliveries": "shen: /ops deliveries that morning",
    "notice": "notice: failed for good",
    "schedule": "shen: /schedule show S-2",
    "schedules": "shen: /ops schedules",
}
# Some of those whom a made-up message calls; ids of the product are made by chance.
CALLED = {f"{kind}:{number}": f"{sign}{number}" for kind, sign in (("member", "U"), ("channel", "C")) for number in range(5)}


@cache
def complaints(name: str, shape: str) -> list[str]:
    """What the schema says of a message or a view of that shape."""
    validator = Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": SCHEMA["definitions"]})
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(json.loads(shape))]


def wrong(name: str, shown: Object) -> list[str]:
    """What Slack would refuse, by the schema of each block and by its limits."""
    blocks = shown["blocks"]
    assert isinstance(blocks, Sequence)
    shapes = dict.fromkeys(json.dumps(shape({**shown, "blocks": [block]})) for block in blocks)
    return [*(found for each in shapes for found in complaints(name, each)), *breaches(shown)]


def surfaces(message: Message) -> Iterator[tuple[str, Object]]:
    """The message everywhere that it can be shown, and its forms opened."""
    pictures = {block.name: "F1" for block in message.blocks if isinstance(block, Chart)}
    yield "Message", render(message, {}).body()
    yield "Message", render(message, CALLED | pictures).body()
    yield "Home", render_home(message, CALLED | pictures)
    yield "Modal", render_view(message, pictures)
    for form in message.blocks:
        if isinstance(form, Form):
            yield "Modal", render_modal(form, form.submit.token, Locale(message.locale))


@pytest.mark.parametrize("locale", Locale)
def test_every_card_is_valid_on_slack(locale: Locale) -> None:
    refused = {told: wrong(name, shown) for told, message in every_card(locale).items() for name, shown in surfaces(message)}
    assert {told: why for told, why in refused.items() if why} == {}


@pytest.mark.parametrize("locale", Locale)
def test_no_card_of_the_product_is_cut(locale: Locale) -> None:
    assert {told: len(files) for told, message in every_card(locale).items() if (files := render(message, {}).files)} == {}


@given(message=messages)
def test_any_message_is_within_slack_s_limits(message: Message) -> None:
    for name, shown in surfaces(message):
        assert wrong(name, shown) == []


@given(form=forms())
def test_any_form_is_within_slack_s_limits(form: Form) -> None:
    assert wrong("Modal", render_modal(form, "", Locale.ZH)) == []


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("name", KEPT)
def test_a_card_looks_as_it_was_drawn_before(name: str, locale: Locale) -> None:
    now = written(drawn(name, locale))
    assert now == kept("slack", name, locale, now)


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "markdown", "text": "*not ours*"},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "x"}, "style": "plain"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "emoji": True}]}]},
        {"type": "table", "rows": [["x"]]},
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": ""}}]},
    ],
)
def test_the_check_refuses_what_slack_would(broken: Mapping[str, Json]) -> None:
    assert wrong("Message", {"text": "x", "blocks": [broken]})


def drawn(name: str, locale: Locale) -> Object:
    """The payload of a kept card, with a picture; what is made by chance is left out of it."""
    message = every_card(locale)[KEPT[name]]
    pictures = {block.name: "F1" for block in message.blocks if isinstance(block, Chart)}
    return render(settled(message), pictures).body()
