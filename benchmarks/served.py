"""How is a server run that is to be measured? In a process of its own, on one core, while the load comes from another."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEY = urlsafe_b64encode(bytes(32)).decode()
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A process that listens."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self) -> float:
        """Megabytes in memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@contextmanager
def served(words: Sequence[str], environment: Mapping[str, str], python: str = sys.executable) -> Iterator[Served]:
    """Runs Python with the words until the block ends. It prints its address, with the port at the end of the line."""
    process = subprocess.Popen([python, *words], env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, preexec_fn=_pinned)
    try:
        assert process.stdout is not None
        address = next(line for line in process.stdout if "http://" in line)
        yield Served(int(address.strip().rpartition(":")[2]), process.pid)
    finally:
        process.terminate()
        process.wait(10)


def step_aside() -> None:
    """Leaves the servers' core to them."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def _pinned() -> None:
    os.sched_setaffinity(0, {0})
