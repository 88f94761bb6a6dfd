"""Was this message drawn before? Drawing is pure, so that what came of it once serves whenever the same is said again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias, TypeVar

from core.messages.codec import dump
from core.messages.model import Message

T = TypeVar("T")
Draw: TypeAlias = Callable[[Message, Mapping[str, str]], T]

KEPT = 256
# Larger messages are rare, and would keep much memory for it.
LARGEST = 16_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What makes two drawings the same: the message's content and its refs."""

    content: bytes
    refs: frozenset[tuple[str, str]]
    message: Message = field(compare=False)


def remembered(draw: Draw[T]) -> Draw[T]:
    """The same drawing, which remembers its newest results. They are shared between callers and threads: nobody changes them."""

    @lru_cache(KEPT)
    def kept(asked: _Asked) -> T:
        return draw(asked.message, dict(asked.refs))

    def drawn(message: Message, refs: Mapping[str, str]) -> T:
        content = dump(message)
        return draw(message, refs) if len(content) > LARGEST else kept(_Asked(content, frozenset(refs.items()), message))

    return drawn
