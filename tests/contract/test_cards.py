"""Do the contract tests look at all that the product can say?"""

from __future__ import annotations

import pytest

from core.domain.workspaces import Locale
from handlers.kernel.command import REGISTRY
from tests.contract.cards import STORY, every_card


def test_every_command_is_said_in_the_story() -> None:
    said = [line.removeprefix("/") for _, line in STORY]
    assert [command.name for command in REGISTRY if not any(line.startswith(command.name) for line in said)] == []


@pytest.mark.parametrize("locale", Locale)
def test_no_card_of_the_story_is_a_fault(locale: Locale) -> None:
    incidents = [told for told, message in every_card(locale).items() if told != "fault" and message.fallback == every_card(locale)["fault"].fallback]
    assert incidents == []


@pytest.mark.parametrize("locale", Locale)
def test_the_story_shows_every_kind_of_block(locale: Locale) -> None:
    shown = {block.type for message in every_card(locale).values() for block in message.blocks}
    assert shown == {"heading", "paragraph", "fields", "table", "chart", "actions", "form", "context", "divider"}
