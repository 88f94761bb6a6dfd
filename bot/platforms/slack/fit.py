"""What if a message is more than Slack takes? Its buttons stay and its first blocks; then a note says where the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import dumps

from bot.platforms.slack.limits import WORDS, length
from bot.platforms.slack.payload import Object, weight


@dataclass(slots=True)
class _Room:
    """What is left of a message: blocks, and characters of all words."""

    blocks: int
    words: int

    def takes(self, block: Object) -> bool:
        """Gives the block its place, if it has one."""
        size = weight(block)
        if self.blocks < 1 or size > self.words:
            return False
        self.blocks -= 1
        self.words -= size
        return True


def fits(blocks: Sequence[Object], most: int) -> bool:
    """Whether Slack takes the blocks as they are."""
    if len(blocks) > most:
        return False
    # Written out they are longer than their words, and nearly always short enough: that is known in a tenth of the time.
    return length(dumps(blocks, ensure_ascii=False)) <= WORDS or sum(weight(block) for block in blocks) <= WORDS


def shortened(blocks: Sequence[Object], most: int, note: Object) -> tuple[Object, ...]:
    """The blocks for which there is room, with the note where others had to go."""
    pressed = _Room(most // 2, WORDS // 2)
    # Without its buttons a person could not go on from here.
    buttons = {place for place, block in enumerate(blocks) if block["type"] == "actions" and pressed.takes(block)}
    used = sum(weight(blocks[place]) for place in buttons)
    return tuple(_kept(blocks, buttons, _Room(most - 1 - len(buttons), WORDS - weight(note) - used), note))


def _kept(blocks: Sequence[Object], buttons: set[int], room: _Room, note: Object) -> Iterator[Object]:
    ended = False
    for place, block in enumerate(blocks):
        if place in buttons or (not ended and block["type"] != "actions" and room.takes(block)):
            yield block
        elif not ended:
            ended = True
            yield note
