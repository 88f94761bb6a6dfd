"""Does the served program begin, answer, keep strangers out, and end when it is told to?"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.command_line import FRONT, Terminal, terminal_on

PATIENCE = 30
NOBODY = 65534


@dataclass(frozen=True)
class Served:
    """A serving process, and the address that it printed."""

    process: subprocess.Popen[str]
    address: str

    def end(self) -> int:
        """Asks it to end, as a supervisor does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(terminal: Terminal, *arguments: str, before: Sequence[str] = (), environment: dict[str, str] | None = None) -> Iterator[Served]:
    """The program serving on a free port, from the terminal's folder."""
    command = [*before, sys.executable, "-c", FRONT, "serve", "--port", "0", *arguments]
    surroundings = terminal.surroundings(environment)
    with subprocess.Popen(command, cwd=terminal.folder, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://[^/\s]+", process.stdout.readline())
            assert found, process.stderr.read() if process.stderr else ""
            yield Served(process, found[0])
        finally:
            process.kill()


def test_it_answers_with_the_demo_and_ends_when_told(shop: Terminal) -> None:
    with serving(shop) as served:
        page = httpx.get(f"{served.address}/", follow_redirects=True, timeout=PATIENCE)
        assert page.status_code == 200
        assert "晴川日用" in page.text
        assert served.end() == 0


def test_it_ends_with_a_stream_open(shop: Terminal) -> None:
    with serving(shop) as served:
        page = httpx.get(f"{served.address}/", follow_redirects=True, timeout=PATIENCE)
        with httpx.stream("GET", f"{page.url}events", timeout=PATIENCE) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert served.end() == 0
            assert "Traceback" not in served.process.stderr.read()  # type: ignore[union-attr]  # it is a pipe


def test_a_name_that_is_not_its_own_is_refused(shop: Terminal) -> None:
    with serving(shop, environment={"MORNINGBELL_HOSTS": "shop.example", "MORNINGBELL_TOKEN": "sesame"}) as served:
        asked = {
            name: httpx.get(f"{served.address}/", headers={"Host": name}, timeout=PATIENCE).status_code for name in ("evil.example", "shop.example")
        }
        assert asked == {"evil.example": 421, "shop.example": 401}
        entered = httpx.get(f"{served.address}/?token=sesame", timeout=PATIENCE)
        assert entered.status_code == 200
        assert served.end() == 0
        assert "sesame" not in served.process.stdout.read() + served.process.stderr.read()  # type: ignore[union-attr]  # they are pipes


def test_a_port_that_is_taken_is_told_with_the_way_out(shop: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        refused = shop("serve", "--port", str(other.getsockname()[1]))
    assert (refused.code, refused.out) == (2, "")
    assert "--port" in refused.err


def test_an_address_that_is_not_here_is_told(shop: Terminal) -> None:
    refused = shop("serve", "--host", "192.0.2.1", "--port", "0", environment={"MORNINGBELL_TOKEN": "sesame"})
    assert refused.code == 2
    assert "192.0.2.1" in refused.err
    assert shop("serve", "--host", "no-such-host.invalid", "--port", "0", environment={"MORNINGBELL_TOKEN": "sesame"}).code == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "shop.example"])
def test_without_a_token_it_opens_to_no_network(shop: Terminal, host: str) -> None:
    refused = shop("serve", "--host", host, "--port", "0")
    assert (refused.code, refused.out) == (2, "")
    assert "token" in refused.err
    assert host in refused.err


def test_without_a_workspace_it_says_how_to_make_one(empty: Terminal) -> None:
    with serving(empty) as served:
        assert "morningbell init" in served.process.stdout.readline()  # type: ignore[union-attr]  # it is a pipe
        assert httpx.get(f"{served.address}/", follow_redirects=True, timeout=PATIENCE).status_code == 200
        assert served.end() == 0


def test_it_serves_from_a_folder_with_spaces_in_its_name(demo_template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "our shop 晨钟"
    folder.mkdir()
    with serving(terminal_on(demo_template, folder)) as served:
        assert httpx.get(f"{served.address}/", follow_redirects=True, timeout=PATIENCE).status_code == 200
        assert served.end() == 0


def _other_user_can_read_the_program() -> bool:
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, "-c", "import bot.cli"]
    return subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can become another user, with setpriv")
def test_it_serves_as_another_user_than_root(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    if not _other_user_can_read_the_program():
        pytest.skip("another user cannot read this folder")
    folder = tmp_path_factory.mktemp("another user")
    for above in (folder, folder.parent, folder.parent.parent):
        above.chmod(0o755)
    terminal = terminal_on(demo_template, folder)
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    with serving(terminal, before=become, environment={"HOME": str(folder)}) as served:
        assert httpx.get(f"{served.address}/", follow_redirects=True, timeout=PATIENCE).status_code == 200
        assert served.end() == 0


def test_it_does_not_pretend_that_time_stands(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "--database", f"sqlite:///{tmp_path}/x.db", "--now", "2024-06-04T09:00", "serve", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "tick" in ended.stderr
