"""How does a line of text fall into words? Quotes of any style hold together; `key=value` and `--key value` name what they fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "«": "»", "＂": "＂"}

# A name may begin with digits (7日留存率) but not be digits alone.
# `cac<=50` and `转化率≥8%` are assignments too; the comparator then belongs to the value, which is a figure: `add <!channel>` is two words.
_KEY = re.compile(r"(?P<key>\d*[^\W\d][\w.\-/（）()]*?)\s*(?P<sign>[=＝]\s*(?=\S)|(?=[<>≤≥＜＞][=＝]?\s*[^\w\s<>#!@/]{0,2}\d))")
_COMPARATOR = re.compile(r"[<>≤≥＜＞][=＝]?\s*")
# Phones turn two hyphens into a dash.
_FLAG = re.compile(r"(?:--|—|–)(?P<key>[^\W\d][\w\-]*)(?:(?P<sign>[=＝])|(?=\s|$))")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text without quotes, as it was written, where it ends in the line, and the key that names it if any."""

    text: str
    raw: str
    end: int
    key: str | None = None
    flag: bool = False


def words(line: str) -> tuple[Word, ...]:
    """The words of the line. A quote that is never closed is an ordinary character."""
    return tuple(_attach(list(_scan(line))))


def _scan(line: str) -> Iterator[Word]:
    position = 0
    while position < len(line):
        if line[position].isspace():
            position += 1
            continue
        word = _word(line, position)
        yield word
        position = max(word.end, position + 1)


def _word(line: str, start: int) -> Word:
    flag = _FLAG.match(line, start)
    if flag and not flag["sign"]:
        return Word("", flag[0], flag.end(), flag["key"], flag=True)
    named = flag or _KEY.match(line, start)
    text, end = _value(line, named.end() if named else start)
    return Word(text, line[start:end], end, named["key"] if named else None, flag=flag is not None)


def _value(line: str, start: int) -> tuple[str, int]:
    closing = QUOTES.get(line[start : start + 1])
    if closing:
        end = line.find(closing, start + 1)
        if end > start and (end + 1 == len(line) or line[end + 1].isspace()):
            return line[start + 1 : end], end + 1
    comparator = _COMPARATOR.match(line, start)
    end = comparator.end() if comparator else start
    while end < len(line) and not line[end].isspace():
        end += 1
    return line[start:end], end


def _attach(found: list[Word]) -> Iterator[Word]:
    """Gives `--key` the word that follows it, unless that one has a key of its own."""
    waiting: Word | None = None
    for word in found:
        if waiting is not None and word.key is None:
            yield Word(word.text, f"{waiting.raw} {word.raw}", word.end, waiting.key, flag=True)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = word if word.flag and not word.text else None
        if waiting is None:
            yield word
    if waiting is not None:
        yield waiting
