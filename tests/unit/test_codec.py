"""Does a message come back from the ledger as it went in?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.messages.codec import Frozen, dump, freeze, load, thaw
from core.messages.model import Message

st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
messages = st.from_type(Message)


@settings(max_examples=25)  # whole messages are large
@given(messages)
def test_a_message_comes_back_the_same(message: Message) -> None:
    assert load(dump(message)) == message


@settings(max_examples=25)
@given(messages, st.datetimes(timezones=st.just(UTC)), st.dictionaries(st.text(), st.text()))
def test_a_built_message_comes_back_the_same(message: Message, built_at: datetime, refs: dict[str, str]) -> None:
    frozen = Frozen(message, built_at, refs)
    assert thaw(freeze(frozen)) == frozen


def test_a_message_of_an_older_version_still_loads() -> None:
    old = {"blocks": [{"text": ["Morning"], "type": "heading"}], "fallback": "Morning"}
    assert load(json.dumps(old).encode()).fallback == "Morning"


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="blocks"):
        load(b"{}")
