"""What does a Slack payload say, and what would Slack act upon in it? The hooks of the contract suite, and how a payload is taken apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.platforms.slack.payload import Json, Object, SlackPayload

# Where people's words stand, or what is only carried.
WORDS = ("text", "alt_text", "initial_value")
CARRIED = ("value", "initial_date")
# What stays markup in text that is not escaped.
MARKUP = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")


def words(payload: SlackPayload) -> str:
    """Everything of it that a person can read, unescaped."""
    return "\n".join([unescaped(payload.text), *read(payload.blocks)])


def skeleton(payload: SlackPayload) -> object:
    """Its structure without the words: what Slack would act upon."""
    return MARKUP.findall(payload.text), bare(payload.blocks)


def targets(payload: SlackPayload) -> Sequence[str]:
    """Where its links lead."""
    return [str(part["url"]) for part in objects(payload.blocks) if "url" in part]


def fallback(payload: SlackPayload) -> str:
    """What a client without cards, or a screen reader, says of it."""
    return unescaped(payload.text)


def objects(value: Json) -> Iterator[Object]:
    """Every JSON object within, however deep, from the outside in."""
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from objects(part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from objects(part)


def read(value: Json) -> Iterator[str]:
    """Every text, as it is shown."""
    for part in objects(value):
        for name in WORDS:
            text = part.get(name)
            if isinstance(text, str):
                yield text if is_literal(part) else unescaped(text)


def is_literal(part: Object) -> bool:
    """Whether Slack takes the object's words as they are: pieces of rich text, and what stands in an input."""
    return part["type"] in ("text", "link", "plain_text_input")


def bare(value: Json) -> object:
    """The value without its words; of escaped ones, what would still be markup."""
    if isinstance(value, Mapping):
        return {
            name: _word(part, value) if name in WORDS and isinstance(part, str) else bare(part) for name, part in value.items() if name not in CARRIED
        }
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [bare(part) for part in value]
    return value


def shape(value: Json) -> Json:
    """The value with one word for all words, and lists that hold nothing twice: as good for a schema, and much faster."""
    if isinstance(value, Mapping):
        return {name: "x" if name in WORDS + CARRIED and isinstance(part, str) else shape(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list({json.dumps(shaped): shaped for shaped in map(shape, value)}.values())
    return value


def unescaped(text: str) -> str:
    """The text as Slack shows it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _word(text: str, part: Object) -> object:
    return [] if is_literal(part) else MARKUP.findall(text)
