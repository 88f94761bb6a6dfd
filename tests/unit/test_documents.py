"""Do the documents name only what exists? Commands, verbs of the program, settings, scopes, files and headings are held to the code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

import handlers.every  # noqa: F401  # declares the commands
from bot.cli.app import app
from bot.platforms.feishu import setup
from bot.platforms.settings import FeishuSettings, SlackSettings
from bot.platforms.slack import manifest
from bot.settings import Settings
from core.domain.workspaces import Locale
from handlers.kernel.command import REGISTRY, Command

PROJECT = Path(__file__).parents[2]
READMES = {Locale.EN: "README.md", Locale.ZH: "README.zh-CN.md"}
FEISHU_GUIDES = {Locale.EN: "docs/feishu.md", Locale.ZH: "docs/feishu.zh-CN.md"}
GUIDES = ("docs/slack.md", *FEISHU_GUIDES.values())
DOCUMENTS = (*READMES.values(), *GUIDES, "docs/architecture.md", "docs/performance.md", "CONTRIBUTING.md", "CHANGELOG.md")
DEPLOYMENT = ("docker/compose.yaml", "docker/Dockerfile")
# What only tests and the makers of golden payloads read.
FOR_TESTS = {"MORNINGBELL_REDRAW"}
SOCKET_SCOPE = "connections:write"

FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"\b(?:MORNINGBELL|SLACK|FEISHU)_[A-Z_]+\b")
SAID = re.compile(r"(?:^|[\"\s])(?:/|@\S+ /?)(\w+) (\w+)")
SCOPE = re.compile(r"[a-z_]+(?::[a-z0-9_.]+)+")
PLACE = re.compile(r"\b(?:\.\./)?(?:bot|core|docs|docker|handlers|scheduler|tests|benchmarks)/[\w./-]+")
MODULE = re.compile(r"(?:bot|core|handlers|scheduler|tests|benchmarks)(?:\.\w+)+")


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def code_of(name: str) -> list[str]:
    """Everything that stands as code: the lines of blocks without their comments, and spans."""
    text = text_of(name)
    lines = [line.partition(" #")[0].strip() for block in FENCED.findall(text) for line in block.splitlines()]
    return [*(line for line in lines if line and not line.startswith("#")), *SPAN.findall(FENCED.sub("", text))]


def settings() -> set[str]:
    return {f"{kind.model_config['env_prefix']}{name}".upper() for kind in (Settings, SlackSettings, FeishuSettings) for name in kind.model_fields}


def anchors(text: str) -> set[str]:
    """The headings of a document as links call them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def lines_of_the_program(name: str) -> Iterator[list[str]]:
    for code in code_of(name):
        program, _, rest = code.partition("morningbell ")
        if rest and program in ("", ".venv/bin/"):
            yield shlex.split(rest.replace("…", "x"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_link_leads_to_a_file_and_a_heading_that_exist(name: str) -> None:
    for target in LINK.findall(text_of(name)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (PROJECT / name).parent / path if path else PROJECT / name
        assert file.exists(), target
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_and_modules_that_are_named_exist(name: str) -> None:
    for code in code_of(name):
        for place in PLACE.findall(code):
            assert (PROJECT / place.removeprefix("../").rstrip("/.")).exists(), place
        if MODULE.fullmatch(code):
            parts = code.split(".")
            assert is_module(parts) or is_module(parts[:-1]), code


def is_module(parts: list[str]) -> bool:
    path = PROJECT.joinpath(*parts)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.mark.parametrize("name", [*DOCUMENTS, *DEPLOYMENT])
def test_settings_that_are_named_exist(name: str) -> None:
    assert set(SETTING.findall(text_of(name))) <= settings() | FOR_TESTS


@pytest.mark.parametrize("name", tuple(READMES.values()))
def test_a_readme_names_every_setting(name: str) -> None:
    assert settings() <= set(SETTING.findall(text_of(name)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_said_to_the_bot_is_a_command(name: str) -> None:
    for code in code_of(name):
        for family, verb in SAID.findall(code):
            assert REGISTRY.find(REGISTRY.family(family) or "", verb), code


@pytest.mark.parametrize("locale", tuple(READMES))
@pytest.mark.parametrize("command", tuple(REGISTRY), ids=lambda command: command.name)
def test_a_readme_names_every_command(command: Command, locale: Locale) -> None:
    """In full, or by its verb alone after another of its family."""
    words = command.words(locale)
    verb = words.partition(" ")[2]
    assert any(code == verb or code.startswith(words) or f'"{words}' in code for code in code_of(READMES[locale]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_verbs_and_options_of_the_program_exist(name: str) -> None:
    for line in lines_of_the_program(name):
        verb = typer.main.get_command(app)
        known = {option for parameter in verb.params for option in parameter.opts}
        for word in line:
            if word.startswith("--"):
                assert word.partition("=")[0] in known | {"--help"}, line
            elif isinstance(verb, TyperGroup) and word in verb.commands:
                verb = verb.commands[word]
                known = {option for parameter in verb.params for option in parameter.opts}
        assert not isinstance(verb, TyperGroup) or line[-1] == "--help", line


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_knows_what_is_to_be_made(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    asked = [code.split()[1] for code in code_of(name) if code.startswith("make ")]
    assert set(asked) <= targets


def test_slacks_guide_says_what_each_scope_is_for_and_names_no_other() -> None:
    assert scopes_in("docs/slack.md") == {*manifest.SCOPES, SOCKET_SCOPE} - {"commands"}
    assert "`commands`" in text_of("docs/slack.md")


@pytest.mark.parametrize("name", tuple(FEISHU_GUIDES.values()))
def test_feishus_guide_says_what_each_scope_is_for_and_names_no_other(name: str) -> None:
    assert scopes_in(name) == {*setup.SCOPES, setup.GROUP_HISTORY}


def scopes_in(name: str) -> set[str]:
    return {code for code in code_of(name) if SCOPE.fullmatch(code)}


@pytest.mark.parametrize("name", tuple(FEISHU_GUIDES.values()))
def test_feishus_guide_names_what_has_to_be_entered(name: str) -> None:
    named = {*setup.EVENTS, setup.CALLBACK, *(menu.replace(" ", "_") for menu in setup.MENU)}
    assert named <= set(code_of(name))


@pytest.mark.parametrize("locale", tuple(READMES))
def test_a_readme_leads_to_the_guides_in_its_language(locale: Locale) -> None:
    assert {"docs/slack.md", FEISHU_GUIDES[locale]} <= set(LINK.findall(text_of(READMES[locale])))
