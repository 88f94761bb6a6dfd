"""What if a message is more than a card takes? Its buttons stay, then its forms, its headings, and of the rest what there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.platforms.feishu.elements import Weight, weigh
from bot.platforms.feishu.payload import Json
from core.messages.model import Actions, Block, Form, Heading

COMMA = Weight(1, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A block with the elements that show it."""

    block: Block
    elements: tuple[Json, ...]

    @property
    def weight(self) -> Weight:
        """What it adds to a card."""
        return sum((weigh(element) + COMMA for element in self.elements), start=Weight(0, 0))


def most_needed(parts: Sequence[Part], used: Weight) -> list[Part]:
    """The parts that have room beside what is used, in their order. A part is shown whole or not at all."""
    kept = set()
    for place in sorted(range(len(parts)), key=lambda place: _rank(parts[place].block)):
        with_it = used + parts[place].weight
        if with_it.fits:
            used = with_it
            kept.add(place)
    return [part for place, part in enumerate(parts) if place in kept]


def _rank(block: Block) -> int:
    """Without its buttons a person could not go on from here."""
    match block:
        case Actions():
            return 0
        case Form():
            return 1
        case Heading():
            return 2
        case _:
            return 3
