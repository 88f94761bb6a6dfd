"""How does running text look on Feishu? As plain text where nothing stands out, else as Markdown in which people's words are entities.

Escaping is as documented, `&#N;` for a character that could be markup: so nothing that a person typed is bold, leads anywhere or calls anybody.
https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/rich-text
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import assert_never

from bot.platforms.feishu.elements import Color, Size, markdown, words
from bot.platforms.feishu.payload import Json
from bot.platforms.links import is_web
from bot.platforms.shortening import shorten_phrase
from core.messages.model import Bold, ChannelLink, Code, Date, Inline, Link, Mention, Number, Phrase, Tone
from core.messages.phrases import plain

# Every sign that means something in CommonMark or in Feishu's tags. A full stop makes a list only after a figure at the start of a line.
_MARKUP = re.compile(r"[&<>~\-!*/\\\[\](){}#:+\"'`$_|=@]|(?<=\d)\.(?=\s|$)")
_BREAK = re.compile(r"\r\n|\r|\n|\u2028|\u2029")
# Indented by four, a line would be code.
_INDENT = re.compile(r"^[ \t]{4,}")
# In a code span entities stay letters, so only words that need none stand in one: commands, codes, figures.
_PLAIN_CODE = re.compile(r"[^\s`<>&\\$*!\[\]()][^`<>&\\$*!\[\]()\n\r]*")
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\"'()*;<>\\^`{|}]")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]+")
# Beside ** so that they mark bold between Chinese letters and brackets too, where CommonMark asks for a space or a sign.
_EDGE = "&#8203;"
COLORS: dict[Tone, str] = {"good": "green", "bad": "red", "quiet": "grey"}


def paragraph(phrases: Sequence[Phrase], letters: int, refs: Mapping[str, str], size: Size = "normal", color: Color = "default") -> Json:
    """Lines as one component, each in at most so many characters. `color` is that of plain words; what has structure keeps its own."""
    kept = [shorten_phrase(line, letters) for line in phrases]
    if all(is_plain(line, refs) for line in phrases):
        return words("\n".join(plain(line) for line in kept), size, color)
    return markdown(lines(kept, refs), size)


def is_plain(line: Phrase, refs: Mapping[str, str]) -> bool:
    """Whether nothing of it needs markup."""
    return all(_is_plain(piece, refs) for piece in line)


def lines(phrases: Sequence[Phrase], refs: Mapping[str, str]) -> str:
    """Lines of Markdown."""
    return "<br>".join(phrase(line, refs) for line in phrases)


def phrase(line: Phrase, refs: Mapping[str, str]) -> str:
    """A phrase as Markdown."""
    return "".join(_inline(piece, refs) for piece in line)


def escape(text: str) -> str:
    """A person's words as Markdown that shows them letter by letter."""
    marked = _MARKUP.sub(_entity, text)
    indented = _INDENT.sub(lambda found: "&nbsp;" * len(found[0].expandtabs(4)), marked)
    return _BREAK.sub("<br>", indented)


def bold(text: str) -> str:
    """Words that stand out."""
    inner = text.strip()
    if not inner:
        return escape(text)
    before, _, after = text.partition(inner)
    return f"{escape(before)}{_EDGE}**{escape(inner)}**{_EDGE}{escape(after)}"


def colored(text: str, color: str) -> str:
    """Words in a colour; each line has its own tag, which may hold no break."""
    return "<br>".join(f"<font color='{color}'>{escape(line)}</font>" for line in _BREAK.split(text))


def _is_plain(piece: Inline, refs: Mapping[str, str]) -> bool:
    match piece:
        case str() | Date() | ChannelLink():
            return True
        case Mention(member=member):
            return _account(member, refs) is None
        case Number(tone=tone):
            return tone not in COLORS
        case Bold() | Code() | Link():
            return False
        case _:
            assert_never(piece)


def _inline(piece: Inline, refs: Mapping[str, str]) -> str:
    match piece:
        case str():
            return escape(piece)
        case Bold(text=text):
            return bold(text)
        case Code(text=text):
            return f"`{text}`" if _PLAIN_CODE.fullmatch(text) else escape(text)
        case Mention(member=member):
            account = _account(member, refs)
            return escape(plain(piece)) if account is None else f"<at id={account}></at>"
        case Link(text=text, url=url):
            return f"[{escape(text)}]({_quoted(url)})" if is_web(url) else escape(text)
        case Number(text=text, tone=tone):
            return colored(text, COLORS[tone]) if tone in COLORS else escape(text)
        case ChannelLink() | Date():
            return escape(plain(piece))
        case _:
            assert_never(piece)


def _account(member: int, refs: Mapping[str, str]) -> str | None:
    """The member's open_id, when it looks like one."""
    account = refs.get(f"member:{member}", "")
    return account if _ACCOUNT.fullmatch(account) and account != "all" else None


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _quoted(url: str) -> str:
    return _UNSAFE_IN_URL.sub(lambda found: f"%{ord(found[0]):02X}", url.strip())
