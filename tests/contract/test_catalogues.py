"""Is every sentence there in both languages, with the same places, for every key that the code asks for?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import handlers.every  # noqa: F401  # declares the commands
from core.domain.workspaces import Locale
from core.i18n.texts import area_texts, template
from handlers.kernel.command import REGISTRY, Command
from handlers.kernel.parse import Routed, call, route
from handlers.kernel.usage import example
from tests.asking import EN, ZH

ROOT = Path(__file__).parents[2]
ANYTHING = r"[\w.-]+"
PACKAGES = ("bot", "handlers", "core", "scheduler")
SPEAKERS = {"text", "say", "phrase", "template", "segments", "UserError", "Denied"}
COMMANDS = pytest.mark.parametrize("item", list(REGISTRY), ids=lambda item: item.name)


def areas(locale: Locale) -> list[str]:
    return sorted(file.stem for file in (ROOT / "core" / "i18n" / "catalogues" / locale.value).glob("*.toml"))


def keys(locale: Locale) -> set[str]:
    return {f"{area}.{key}" for area in areas(locale) for key in area_texts(locale, area)}


def places(locale: Locale, key: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(template(locale, key)) if place is not None}


# ------------------------------------------------------------------ the catalogues


def test_both_languages_have_the_same_areas_and_keys() -> None:
    assert areas(Locale.ZH) == areas(Locale.EN)
    assert keys(Locale.ZH) == keys(Locale.EN)


@pytest.mark.parametrize("key", sorted(keys(Locale.EN)))
def test_both_languages_fill_the_same_places(key: str) -> None:
    assert places(Locale.ZH, key) == places(Locale.EN, key)
    assert all(place.isidentifier() for place in places(Locale.EN, key))


# ------------------------------------------------------------------ the code


@cache
def sources() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))


def nodes() -> Iterator[ast.AST]:
    return (node for module in sources() for node in ast.walk(module))


def asked_for() -> Iterator[ast.expr]:
    """The first text that each speaking call is given."""
    for node in nodes():
        if isinstance(node, ast.Call) and _called(node.func) in SPEAKERS:
            yield from (argument for argument in node.args[:2] if isinstance(argument, ast.Constant | ast.JoinedStr))


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case _:
            return ""


def literals() -> set[str]:
    return {
        node.value
        for node in asked_for()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[a-z_]+\.[\w.-]+", node.value)
    }


def pattern(node: ast.JoinedStr) -> str:
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANYTHING for part in node.values]
    return "".join(parts)


def written_as(key: str) -> set[str]:
    """How code may write the key: in full, behind a helper that knows its area, or as a command that says its own texts."""
    return {key, key.split(".", 1)[-1], key.split(".", 3)[-1]}


def test_every_key_that_the_code_names_has_a_sentence() -> None:
    known = {written for key in keys(Locale.EN) for written in written_as(key)}
    assert literals() - known == set()


def test_every_key_that_the_code_composes_has_sentences() -> None:
    known = [written for key in keys(Locale.EN) for written in written_as(key)]
    composed = {pattern(node) for node in asked_for() if isinstance(node, ast.JoinedStr) and "." in pattern(node).replace(ANYTHING, "")}
    assert [each for each in composed if not any(re.fullmatch(each, key) for key in known)] == []


def said_by_pages() -> set[str]:
    pages = (file.read_text(encoding="utf-8") for file in (ROOT / "bot").rglob("*.html"))
    return {written for page in pages for written in re.findall(r"[\"']([\w.-]+)[\"']", page)}


def _says_which(composed: str) -> bool:
    """A helper's own `kpi.{key}` does not say which keys there are."""
    fixed = composed.replace(ANYTHING, "")
    return any(character.isalpha() for character in fixed) and fixed.removesuffix(r"\.") not in areas(Locale.EN)


def test_every_sentence_is_said_somewhere() -> None:
    constants = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)} | said_by_pages()
    composed = {pattern(node) for node in nodes() if isinstance(node, ast.JoinedStr)}
    telling = [re.compile(each) for each in composed if _says_which(each)]
    unused = [
        key
        for key in sorted(keys(Locale.EN))
        if not key.startswith("words.")
        and ".command." not in key
        and not written_as(key) & constants
        and not any(each.fullmatch(written) for each in telling for written in written_as(key))
    ]
    assert unused == []


# ------------------------------------------------------------------ the commands


def command_texts(item: Command) -> set[str]:
    form = {"title"} if item.parameters and item.asks else set()
    own = {"about", "example", *form, *(f"field.{parameter.name}" for parameter in item.parameters)}
    return {f"{item.path[0]}.command.{item.path[1]}.{name}" for name in own}


@COMMANDS
def test_a_command_has_its_texts(item: Command) -> None:
    assert command_texts(item) - keys(Locale.EN) == set()


def test_no_text_is_of_a_command_or_argument_that_there_is_not() -> None:
    hints = {
        f"{item.path[0]}.command.{item.path[1]}.{what}.{parameter.name}"
        for item in REGISTRY
        for parameter in item.parameters
        for what in ("hint", "typing")
    }
    there = {key for item in REGISTRY for key in command_texts(item)} | hints
    assert {key for key in keys(Locale.EN) if key.split(".")[1] == "command"} - there == set()


@COMMANDS
@pytest.mark.parametrize("scope", [ZH, EN], ids=["zh", "en"])
def test_a_commands_example_can_be_sent_as_it_stands(item: Command, scope: object) -> None:
    chosen = ZH if scope is ZH else EN
    found = route(example(item, chosen.locale), REGISTRY)
    assert isinstance(found, Routed)
    assert found.command is item
    made = call(found, chosen)
    assert (made.mistakes, list(made.stray)) == ({}, [])


COMMAND = re.compile(r"(?<![\w/.{}])/(?P<family>[^\W\d_]+)(?: (?P<verb>[^\W\d_]+))?")
FAMILIES_ALONE = {"ops.help.fallback"}


@pytest.mark.parametrize("locale", list(Locale))
def test_every_command_that_a_sentence_names_is_written_as_in_that_language(locale: Locale) -> None:
    named = [(key, found[0]) for key in sorted(keys(locale) - FAMILIES_ALONE) for found in COMMAND.finditer(template(locale, key))]
    assert len(named) > 10
    assert [each for each in named if each[1] not in {item.words(locale) for item in REGISTRY}] == []


@pytest.mark.parametrize("locale", list(Locale))
def test_every_family_that_a_sentence_names_alone_is_written_as_in_that_language(locale: Locale) -> None:
    families = {item.words(locale).split()[0] for item in REGISTRY}
    named = {f"/{found['family']}" for key in FAMILIES_ALONE for found in COMMAND.finditer(template(locale, key))}
    assert named == families


def choices() -> set[type[StrEnum]]:
    """The enums that commands take."""
    annotations = [info.annotation for item in REGISTRY for info in item.arguments.model_fields.values()]
    flat = {option for annotation in annotations for option in (annotation, *get_args(annotation))}
    return {option for option in flat if isinstance(option, type) and issubclass(option, StrEnum)}


def test_the_words_are_those_of_the_choices_that_commands_take() -> None:
    assert set(area_texts(Locale.EN, "words")) == {f"{enum.__name__.lower()}.{member.value}" for enum in choices() for member in enum}


@pytest.mark.parametrize("enum", sorted(choices(), key=lambda enum: enum.__name__))
def test_no_word_means_two_choices(enum: type[StrEnum]) -> None:
    spellings = [
        (spelling.strip().casefold(), member)
        for member in enum
        for locale in Locale
        for spelling in area_texts(locale, "words")[f"{enum.__name__.lower()}.{member.value}"].split("|")
    ]
    assert len({spelling for spelling, _ in spellings}) == len(set(spellings))
