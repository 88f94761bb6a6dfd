"""Does a channel have a name that people know?"""

from __future__ import annotations

import pytest

from core.domain.workspaces import Channel


@pytest.mark.parametrize("name", ["ops", "campaign-618", "大促"])
def test_a_name_that_is_the_playgrounds_id_too_is_a_name(name: str) -> None:
    assert Channel(1, 1, name, name).named


@pytest.mark.parametrize("given", ["C0618SHOP", "G1", "oc_5ce6d572455d361153b7cb51da133945"])
def test_an_id_alone_is_no_name(given: str) -> None:
    assert not Channel(1, 1, given, given).named
    assert Channel(1, 1, given, "ops").named
