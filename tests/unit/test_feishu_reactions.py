"""Does a toast say at a glance how a press went?"""

from __future__ import annotations

import pytest

from bot.platforms.feishu.reactions import toast
from core.messages.model import Message, Paragraph
from handlers.kernel.answer import Answer, Outcome

SAID = Message((Paragraph((("Almost there",),)),), "Almost there")


@pytest.mark.parametrize(("asks", "kind"), [(True, "info"), (False, "error")])
def test_what_only_lacks_something_is_no_error(asks: bool, kind: str) -> None:
    assert toast(Answer(SAID, Outcome.MISTAKE, asks=asks)) == {"type": kind, "content": "Almost there"}
