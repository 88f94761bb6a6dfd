"""How does running text look on Slack? As rich text, in which structure is data, so that `*`, `<!channel>` and `:bell:` in people's words stay words.

Rich text takes words as they are. The other text objects decode `&amp;`, `&lt;` and `&gt;`, so there these three are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, takewhile
from typing import assert_never

from bot.platforms.links import is_web
from bot.platforms.shortening import shorten
from bot.platforms.slack.limits import SECTION, length
from bot.platforms.slack.payload import Json, Object
from core.messages.model import Bold, ChannelLink, Code, Date, Inline, Link, Mention, Number, Phrase
from core.messages.phrases import plain

BLANK = " "
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def lines_block(lines: Iterable[Phrase], refs: Mapping[str, str]) -> Iterator[Object]:
    """Running text, each phrase a line of its own, in blocks of a section's length. `refs` holds whom Slack can call: `member:ID`, `channel:ID`."""
    for group in _groups(lines):
        elements: list[Object] = []
        for line in group:
            elements += [_text("\n")] if elements else []
            elements += phrase(line, refs)
        yield rich_block(elements)


def rich_block(elements: Sequence[Object]) -> Object:
    """A rich text block of the pieces; Slack takes none that is empty."""
    section: Object = {"type": "rich_text_section", "elements": elements or [_text(BLANK)]}
    return {"type": "rich_text", "elements": [section]}


def phrase(words: Phrase, refs: Mapping[str, str]) -> list[Object]:
    """The pieces of a phrase."""
    return [_piece(piece, refs) for piece in words if plain(piece)]


def bold(words: Phrase) -> Phrase:
    """The phrase with its bare words standing out."""
    return tuple(Bold(piece) if isinstance(piece, str) else piece for piece in words)


def can_tap(words: Phrase, refs: Mapping[str, str]) -> bool:
    """Whether something of the phrase leads somewhere or calls somebody, which plain text could not."""
    return any(piece["type"] != "text" for piece in phrase(words, refs))


def plain_text(words: str, limit: int) -> Object:
    """A text object without any markup, of at most `limit` characters; what stands for nothing is a blank."""
    return {"type": "plain_text", "text": escaped(words, limit) or BLANK, "emoji": False}


def escaped(words: str, limit: int | None = None) -> str:
    """The words with what Slack decodes in text objects as entities; shortened so that all of that is within the limit, where there is one."""
    whole = words.translate(ENTITIES)
    if limit is None or length(whole) <= limit:
        return whole
    reached = accumulate(length(character.translate(ENTITIES)) for character in words)
    return shorten(words, sum(1 for _ in takewhile(lambda size: size <= limit, reached))).translate(ENTITIES)


def _groups(lines: Iterable[Phrase]) -> Iterator[list[Phrase]]:
    group: list[Phrase] = []
    size, blank = 0, True
    for line, words in chain.from_iterable(_parts(each) for each in lines):
        added = length(words) + 1
        if group and size + added > SECTION:
            yield group
            group, size, blank = [], 0, True
        group.append(line)
        size, blank = size + added, blank and not words.strip()
    if not blank:
        yield group


def _parts(line: Phrase) -> Iterator[tuple[Phrase, str]]:
    """The line with its words; in parts and without its structure where it is longer than any line that somebody laid out."""
    words = plain(line)
    if length(words) < SECTION:
        yield line, words
        return
    step = SECTION // 2 - 1
    for start in range(0, len(words), step):
        part = words[start : start + step]
        yield (part,), part


def _piece(piece: Inline, refs: Mapping[str, str]) -> Object:
    match piece:
        case str() | Date():
            # The card's own words rather than Slack's date, which speaks the client's language.
            return _text(plain(piece))
        case Bold(text=text):
            return _text(text, bold=True)
        case Code(text=text):
            return _text(text, code=True)
        case Number(text=text, tone=tone):
            return _text(text, bold=tone == "bad")
        case Link(text=text, url=url):
            return {"type": "link", "url": url.strip(), "text": text} if is_web(url) else _text(text)
        case Mention(member=member):
            return _called("user", refs.get(f"member:{member}"), plain(piece))
        case ChannelLink(channel=channel):
            return _called("channel", refs.get(f"channel:{channel}"), plain(piece))
        case _:
            assert_never(piece)


def _called(kind: str, ref: str | None, words: str) -> Object:
    return _text(words) if ref is None else {"type": kind, f"{kind}_id": ref}


def _text(words: str, **style: bool) -> Object:
    wanted: dict[str, Json] = {name: True for name, on in style.items() if on}
    return {"type": "text", "text": words, **({"style": wanted} if wanted else {})}
