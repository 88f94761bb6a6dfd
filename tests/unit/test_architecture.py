"""Does the code keep the house rules that no linter knows?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "scheduler", "core")
LONGEST = 500
MODULES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_the_rules_look_at_every_package() -> None:
    assert {path.relative_to(PROJECT).parts[0] for path in MODULES} == set(PACKAGES)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_short_and_says_what_it_answers(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST
    tree = ast.parse(source)
    if tree.body:
        assert ast.get_docstring(tree), "the question that the module answers stands at its top"


def test_only_the_clock_reads_the_systems_time() -> None:
    """Ruff bans the calls, but a `noqa` could let one in: there is one place alone."""
    told = ("datetime.now", "datetime.utcnow", "date.today", "time.time(", "TID251")
    assert [named(path) for path in MODULES if any(word in path.read_text(encoding="utf-8") for word in told)] == ["core/clock.py"]
