"""What does a process of the program cost: time to say one thing, memory while it waits?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter, sleep
from urllib.request import urlopen

ROUNDS = 5
SETTLED = 4
# Both platforms by their sockets, which bring in the most. Nobody answers at these addresses, so that they try to connect.
EVERYWHERE = {
    "SLACK_BOT_TOKEN": "xoxb-benchmark",
    "SLACK_APP_TOKEN": "xapp-benchmark",
    "SLACK_API_URL": "http://127.0.0.1:9/",
    "FEISHU_APP_ID": "cli_benchmark",
    "FEISHU_APP_SECRET": "benchmark",
    "FEISHU_DOMAIN": "http://127.0.0.1:9",
    "FEISHU_MODE": "socket",
}


def report(folder: Path) -> str:
    """Lines of whole-process figures."""
    environment = {**os.environ, "MORNINGBELL_DATABASE_URL": f"sqlite:///{folder / 'process.db'}"}
    _run(environment, "init", "Bench")
    said = sorted(_process_time(environment, "say", "/ops help") for _ in range(ROUNDS))
    with _serving(environment) as (process, answered):
        sleep(SETTLED)
        memory = _resident(process.pid)
    with _serving({**environment, **EVERYWHERE}) as (process, _):
        sleep(SETTLED)
        on_both = _resident(process.pid)
    return "\n".join(
        [
            f"{'say /ops help':<32}{said[len(said) // 2]:>10.2f} s of process time (median of {ROUNDS})",
            f"{'serve, first answer':<32}{answered:>10.2f} s",
            f"{'serve, idle':<32}{memory:>10.0f} MB resident",
            f"{'serve, idle, Slack and Feishu on':<32}{on_both:>10.0f} MB resident",
        ]
    )


def _run(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, "-m", "bot", *words], env=environment, check=True, stdout=subprocess.DEVNULL)


def _process_time(environment: dict[str, str], *words: str) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    _run(environment, *words)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], float]]:
    started = perf_counter()
    command = [sys.executable, "-m", "bot", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with urlopen(address) as answer:
            answer.read()
        yield process, perf_counter() - started
    finally:
        process.terminate()
        process.wait(10)


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return kilobytes / 1024
