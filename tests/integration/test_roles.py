"""Do several processes serve one team on one PostgreSQL, each in its role, and is a machine told how each of them is?"""

from __future__ import annotations

import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import httpx
import pytest

from tests.command_line import FRONT, Terminal
from tests.conftest import KEY
from tests.integration.test_serve import PATIENCE, Served, serving
from tests.postgres import PostgresServer

Start = Callable[..., Served]


@pytest.fixture
def shared(postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose database is an empty one on PostgreSQL."""
    monkeypatch.chdir(tmp_path)
    url = postgres.create(f"roles_{uuid4().hex[:8]}")
    return Terminal(tmp_path, {"MORNINGBELL_DATABASE_URL": url, "MORNINGBELL_KEY": urlsafe_b64encode(KEY).decode()})


@pytest.fixture
def start(shared: Terminal) -> Iterator[Start]:
    """Starts a process in a role. What still runs ends with the test."""
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(serving(shared, *arguments))


def wait_until(holds: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < end, "it did not come about"
        sleep(0.05)


def readiness(served: Served) -> dict[str, bool]:
    return dict(httpx.get(f"{served.address}/readyz", timeout=PATIENCE).json())


def is_ready(served: Served) -> Callable[[], bool]:
    return lambda: readiness(served)["ready"]


def test_two_first_processes_make_the_database_once(shared: Terminal) -> None:
    command = [sys.executable, "-c", FRONT, "init"]
    both = [
        subprocess.Popen([*command, name], cwd=shared.folder, env=shared.surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for name in ("North", "South")
    ]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said


def test_each_role_is_ready_by_what_it_does_and_one_alone_has_pages(shared: Terminal, start: Start) -> None:
    assert shared("init", "--demo").code == 0
    web, worker, scheduler = start("--role", "web"), start("--role", "worker"), start("--role", "scheduler")
    for served in (web, worker, scheduler):
        wait_until(is_ready(served))
    assert set(readiness(web)) == {"ready", "database", "queue"}
    assert set(readiness(scheduler)) == {"ready", "database", "queue", "scheduler"}
    assert set(readiness(worker)) == {"ready", "database", "queue"}
    assert httpx.get(f"{worker.address}/", timeout=PATIENCE).status_code == 404
    assert httpx.get(f"{web.address}/", follow_redirects=True, timeout=PATIENCE).status_code == 200
    assert [served.end() for served in (web, worker, scheduler)] == [0, 0, 0]


def test_a_replica_stays_ready_when_the_other_is_killed(shared: Terminal, start: Start) -> None:
    assert shared("init", "Hill").code == 0
    first, second = start(), start()
    wait_until(is_ready(first))
    first.process.kill()
    wait_until(is_ready(second))
    assert second.end() == 0


def test_metrics_speak_of_the_process_and_of_no_team(shared: Terminal, start: Start) -> None:
    assert shared("init", "Hillside Tea").code == 0
    served = start()
    wait_until(is_ready(served))
    told = httpx.get(f"{served.address}/metrics", timeout=PATIENCE)
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "morningbell_queue_depth 0.0" in told.text
    assert "Hillside" not in told.text


@pytest.mark.parametrize("role", ["web", "scheduler", "worker"])
def test_sqlite_serves_in_one_role_alone(shop: Terminal, role: str) -> None:
    refused = shop("serve", "--role", role, "--port", "0")
    assert (refused.code, refused.out) == (2, "")
    assert "PostgreSQL" in refused.err


def test_a_queue_that_the_database_cannot_bear_is_refused(shop: Terminal) -> None:
    refused = shop("serve", "--port", "0", environment={"MORNINGBELL_QUEUE": "pgqueuer"})
    assert refused.code == 2
    assert "needs PostgreSQL" in refused.err


def test_health_is_told_without_the_token_and_metrics_can_be_off(shop: Terminal) -> None:
    with serving(shop, environment={"MORNINGBELL_TOKEN": "sesame", "MORNINGBELL_METRICS": "off"}) as served:
        assert httpx.get(f"{served.address}/healthz", timeout=PATIENCE).text == "ok\n"
        assert httpx.get(f"{served.address}/metrics", timeout=PATIENCE).status_code == 404
        assert httpx.post(f"{served.address}/readyz", timeout=PATIENCE).status_code == 405
        wait_until(is_ready(served))
