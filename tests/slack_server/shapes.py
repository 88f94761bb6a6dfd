"""How is a shape of JSON checked? By small checks put together; each yields what is wrong and where, as Slack's errors word it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Check = Callable[[object, str], Iterator[str]]


def string(most: int, least: int = 1) -> Check:
    """Text of `least` to `most` characters."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must provide a string [json-pointer:{at}]"
        elif len(value) > most:
            yield f"must be less than {most + 1} characters [json-pointer:{at}]"
        elif len(value) < least:
            yield f"must be more than {least - 1} characters [json-pointer:{at}]"

    return check


def whole(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: object, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield f"must be a number from {least} to {most} [json-pointer:{at}]"

    return check


def yes_or_no(value: object, at: str) -> Iterator[str]:
    """A boolean."""
    if not isinstance(value, bool):
        yield f"must be a boolean [json-pointer:{at}]"


def one_of(*values: str) -> Check:
    """One of some words."""

    def check(value: object, at: str) -> Iterator[str]:
        if value not in values:
            yield f"failed to match one of the allowed values {', '.join(values)} [json-pointer:{at}]"

    return check


def many(each: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must provide an array [json-pointer:{at}]"
            return
        if not least <= len(value) <= most:
            yield f"must have from {least} to {most} items, has {len(value)} [json-pointer:{at}]"
        for number, item in enumerate(value):
            yield from each(item, f"{at}/{number}")

    return check


@dataclass(frozen=True, slots=True)
class Needed:
    """A property that must be there."""

    check: Check


Shape = dict[str, "Check | Needed"]


def shaped(shape: Shape) -> Check:
    """An object of exactly these properties: an unknown one is an error."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"must provide an object [json-pointer:{at}]"
            return
        for name in value.keys() - shape.keys():
            yield f"invalid additional property: {name} [json-pointer:{at}]"
        for name, wanted in shape.items():
            if name in value:
                inner = wanted.check if isinstance(wanted, Needed) else wanted
                yield from inner(value[name], f"{at}/{name}")
            elif isinstance(wanted, Needed):
                yield f"missing required field: {name} [json-pointer:{at}]"

    return check


def by_type(kinds: dict[str, Shape]) -> Check:
    """An object whose `type` says which shape it has."""
    checks = {kind: shaped({"type": Needed(one_of(kind)), **shape}) for kind, shape in kinds.items()}

    def check(value: object, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in checks:
            yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        else:
            yield from checks[kind](value, at)

    return check
