"""Is a drawing made once for what is the same, and anew for whatever differs?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.platforms.rendered import LONGEST, remembered
from core.messages.model import Actions, Button, Column, Message, Paragraph, Press, Table


class Drawn:
    """A renderer that counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, message: Message, refs: Mapping[str, str]) -> str:
        self.times += 1
        return f"{message.fallback} {sorted(refs.items())}"


def _said(words: str, token: str = "t") -> Message:
    return Message((Paragraph((("hello",),)), Actions((Button("Go", Press("ops help", {}), token=token),))), words, "ops.help", "en")


def test_the_same_message_is_drawn_once() -> None:
    renderer = Drawn()
    draw = remembered(renderer)
    assert draw(_said("hi"), {"member:1": "U1"}) == draw(_said("hi"), {"member:1": "U1"})
    assert renderer.times == 1


def test_other_words_another_token_or_other_refs_are_drawn_anew() -> None:
    renderer = Drawn()
    draw = remembered(renderer)
    for message, refs in ((_said("hi"), {}), (_said("ho"), {}), (_said("hi", "other"), {}), (_said("hi"), {"member:1": "U1"})):
        draw(message, refs)
    assert renderer.times == 4


def test_presses_that_differ_in_their_arguments_alone_are_drawn_anew() -> None:
    renderer = Drawn()
    draw = remembered(renderer)
    for name in ("T-1", "T-2"):
        draw(Message((Actions((Button("Done", Press("task done", {"task": name})),)),), "the same words"), {})
    assert renderer.times == 2


def test_a_long_table_is_not_kept() -> None:
    renderer = Drawn()
    draw = remembered(renderer)
    long = Message((Table((Column("Day"),), tuple(((str(day),),) for day in range(LONGEST + 1))),), "days")
    assert draw(long, {}) == draw(long, {})
    assert renderer.times == 2
