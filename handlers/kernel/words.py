"""How does a line of text fall into words? Quotes of any style hold together; `key=value` and `--key value` name what they fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A name may begin with digits (7日留存率) but not be digits alone.
# `cac<=50` and `转化率≥8%` are assignments too; the comparator then belongs to the value, which is a figure: `add <!channel>` is two words.
_KEY = re.compile(r"(?P<key>\d*[^\W\d][\w.\-/（）()]*?)\s*(?P<sign>[=＝]\s*(?=\S)|(?=[<>≤≥＜＞][=＝]?\s*[^\w\s<>#!@/]{0,2}\d))")
# People leave a space before a unit: `gmv=25 万`.
_SPACED = re.compile(r"[+\-−]?[\d.,，．]+[^\S\n]+(?:[百千]?万元?|亿元?|千|元|[%％]|秒|分钟|小时|[kKmMbB])(?=[\s,，、]|$)")
_COMPARATOR = re.compile(r"[<>≤≥＜＞][=＝]?\s*(?=\S)")
# Phones turn two hyphens into a dash, Chinese keyboards into two.
_FLAG = re.compile(r"(?P<mark>--|——|—|–)(?P<key>[^\W\d][\w\-]*)(?:(?P<sign>[=＝])\s*|\s+|$)")
# Phones open and close with whichever quote they please, as long as both are double or both are single.
_QUOTED = re.compile(r"(?:[\"“”„＂](.*?)[\"“”＂]|['‘’＇](.*?)['‘’＇]|「(.*?)」|『(.*?)』|«(.*?)»)(?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text without quotes, as it was written, where it ends in the line, and the key that names it if any.

    `flag` is true for a key behind two hyphens, which nobody writes in a sentence.
    """

    text: str
    raw: str
    end: int
    key: str | None = None
    flag: bool = False


def words(line: str) -> tuple[Word, ...]:
    """The words of the line. A quote that is never closed is an ordinary character."""
    return tuple(_scan(line))


def quoted(text: str) -> str:
    """The text as one word of a line."""
    return f'"{text}"' if any(character.isspace() for character in text) else text


def _scan(line: str) -> Iterator[Word]:
    position = 0
    while position < len(line):
        if line[position].isspace():
            position += 1
            continue
        word = _word(line, position)
        yield word
        position = word.end


def _word(line: str, start: int) -> Word:
    flag = _FLAG.match(line, start)
    named = flag or _KEY.match(line, start)
    at = named.end() if named else start
    # `--owner due=周五`: the flag has no value; what follows has a key of its own.
    without = flag is not None and not flag["sign"] and _has_key(line, at)
    text, end = ("", at) if without else _value(line, at)
    return Word(text, line[start:end].strip(), end, named["key"] if named else None, flag is not None and flag["mark"] == "--")


def _has_key(line: str, start: int) -> bool:
    return bool(_FLAG.match(line, start) or _KEY.match(line, start))


def _value(line: str, start: int) -> tuple[str, int]:
    if quote := _QUOTED.match(line, start):
        return next(part for part in quote.groups() if part is not None), quote.end()
    comparator = _COMPARATOR.match(line, start)
    end = comparator.end() if comparator else start
    if spaced := _SPACED.match(line, end):
        return line[start : spaced.end()], spaced.end()
    while end < len(line) and not line[end].isspace():
        end += 1
    return line[start:end], end
