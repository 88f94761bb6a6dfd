"""What do tests of the whole program start from? The demo shop in a file, made once, copied for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Terminal, terminal_on


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    terminal = Terminal(tmp_path_factory.mktemp("demo"))
    made = terminal("init", "--demo")
    assert made.code == 0, made.err
    return terminal.database


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


@pytest.fixture
def shop(demo_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal beside the demo shop."""
    monkeypatch.chdir(tmp_path)
    return terminal_on(demo_template, tmp_path)
