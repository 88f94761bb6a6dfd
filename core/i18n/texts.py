"""Which words does a person of this language read? Every sentence comes from the catalogues, found by its key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from string import Formatter

from core.domain.workspaces import Locale


def text(locale: Locale, key: str, /, **args: object) -> str:
    """The sentence of the key with its places filled.

    A place may choose a word by number: `{n:day|days}` reads "1 day", "2 days". Raises KeyError for a key that no catalogue has.
    """
    parts = segments(locale, key)
    return "".join(literal if place is None else literal + filled(args[place], spec) for literal, place, spec in parts)


def template(locale: Locale, key: str) -> str:
    """The sentence with its places open."""
    area, _, rest = key.partition(".")
    return area_texts(locale, area)[rest]


@cache
def segments(locale: Locale, key: str) -> Sequence[tuple[str, str | None, str]]:
    """The template in order as (literal before, place or None, format), for texts whose places hold more than words."""
    return [(literal, place, spec or "") for literal, place, spec, _ in Formatter().parse(template(locale, key))]


@cache
def area_texts(locale: Locale, area: str) -> Mapping[str, str]:
    """All texts of an area, the part of a key before its first dot, flat: `log.saved` → sentence."""
    source = resources.files("core.i18n").joinpath("catalogues", locale.value, f"{area}.toml")
    return dict(_flat(tomllib.loads(source.read_text(encoding="utf-8"))))


def filled(value: object, spec: str) -> str:
    """What stands in a place. `one|many` is the number with the word that fits it: `{n:day|days}`."""
    one, choice, many = spec.partition("|")
    if choice:
        return f"{value} {one if value == 1 else many}"
    return format(value, spec)


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
