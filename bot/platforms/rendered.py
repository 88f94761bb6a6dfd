"""Was this message drawn before? Drawing is pure, so that what came of it once serves whenever the same is said again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias, TypeVar

from core.messages.model import Chart, Message, Table

T = TypeVar("T")
Draw: TypeAlias = Callable[[Message, Mapping[str, str]], T]

KEPT = 256
# Longer tables, and pictures, are hardly ever the same again, and would keep much memory for it.
LONGEST = 40


def remembered(draw: Draw[T]) -> Draw[T]:
    """The same drawing, which remembers its newest results. They are shared between callers and threads: nobody changes them."""

    @lru_cache(KEPT)
    def kept(message: Message, refs: frozenset[tuple[str, str]]) -> T:
        return draw(message, dict(refs))

    def drawn(message: Message, refs: Mapping[str, str]) -> T:
        return kept(message, frozenset(refs.items())) if _small(message) else draw(message, refs)

    return drawn


def _small(message: Message) -> bool:
    return not any(isinstance(block, Chart) or (isinstance(block, Table) and len(block.rows) > LONGEST) for block in message.blocks)
