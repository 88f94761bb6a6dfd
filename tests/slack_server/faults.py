"""What goes wrong between the app and Slack, when a test says so? The n-th call of a method from now on, once."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Literal

from tests.slack_server.world import SlackError

What = Literal["drop_before", "drop_after", "refuse", "hold"]


class Gate:
    """Holds an answer back until a test opens it. `reached` is set when a call waits."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()

    def open(self) -> None:
        """Lets the call go on."""
        self._open.set()

    async def passed(self) -> None:
        """Waits, on the server's side, without holding up other calls."""
        self.reached.set()
        await asyncio.to_thread(self._open.wait)


@dataclass
class Fault:
    """One thing that goes wrong, at the `due`-th call from now."""

    method: str
    what: What
    due: int
    error: SlackError | None = None
    gate: Gate | None = None


@dataclass
class Faults:
    """What tests ask to go wrong. `method` is a method of the Web API, or "upload", "download", "response_url"."""

    _waiting: list[Fault] = field(default_factory=list)
    _gates: list[Gate] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def drop_before(self, method: str, nth: int = 1) -> None:
        """Cuts the connection before the call has any effect."""
        self._add(Fault(method, "drop_before", nth))

    def drop_after(self, method: str, nth: int = 1) -> None:
        """Cuts the connection after the call had its effect, before it is answered."""
        self._add(Fault(method, "drop_after", nth))

    def refuse(self, method: str, error: str = "fatal_error", status: int = 200, nth: int = 1, headers: dict[str, str] | None = None) -> None:
        """Answers with an error or an HTTP status, and no effect. A 429 needs `headers={"Retry-After": "30"}`."""
        self._add(Fault(method, "refuse", nth, SlackError(error, status, headers)))

    def hold(self, method: str, nth: int = 1) -> Gate:
        """Has the call's effect happen, and holds its answer back until the gate is opened."""
        gate = Gate()
        self._add(Fault(method, "hold", nth, gate=gate))
        self._gates.append(gate)
        return gate

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def met(self, method: str) -> Fault | None:
        """Counts a call; the fault that it meets, if any."""
        with self._lock:
            for fault in self._waiting:
                if fault.method == method:
                    fault.due -= 1
            due = next((fault for fault in self._waiting if fault.method == method and fault.due <= 0), None)
            if due is not None:
                self._waiting.remove(due)
            return due

    def release(self) -> None:
        """Opens every gate: the server stops."""
        for gate in self._gates:
            gate.open()
