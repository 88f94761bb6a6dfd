"""What goes wrong, and at which call? Planned by a test before it happens."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from tests.feishu_server.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class DropBefore:
    """The connection breaks before anything is accepted."""


@dataclass(frozen=True, slots=True)
class DropAfter:
    """The call is carried out, then the connection breaks before the answer."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Nothing is carried out; this is answered. With `code` None it is a gateway's HTML page."""

    status: int = 400
    code: int | None = None
    message: str = "failed"
    reset: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """The call is carried out; its answer waits for `release`."""

    released: Future[None] = field(default_factory=Future)

    def release(self) -> None:
        """Lets the answer go."""
        self.released.set_result(None)


Fault = DropBefore | DropAfter | Fail | Hold
AnyFault = TypeVar("AnyFault", bound=Fault)


@dataclass(frozen=True, slots=True)
class _Plan:
    endpoint: Endpoint
    fault: Fault
    first: int
    last: int


class Faults:
    """The plans, and how often each call came."""

    def __init__(self) -> None:
        self._plans: list[_Plan] = []
        self._seen: dict[Endpoint, int] = {}

    def plan(self, endpoint: Endpoint, fault: AnyFault, *, nth: int = 1, times: int = 1) -> AnyFault:
        """Lets the nth call from now on, and `times` in all, go wrong. Returns the fault, so that a `Hold` can be released."""
        first = self._seen.get(endpoint, 0) + nth
        self._plans.append(_Plan(endpoint, fault, first, first + times - 1))
        return fault

    def take(self, endpoint: Endpoint) -> Fault | None:
        """Counts a call and says what goes wrong with it."""
        number = self._seen.get(endpoint, 0) + 1
        self._seen[endpoint] = number
        return next((plan.fault for plan in self._plans if plan.endpoint is endpoint and plan.first <= number <= plan.last), None)

    def release_all(self) -> None:
        """Lets every held answer go: the server is stopping."""
        for plan in self._plans:
            if isinstance(plan.fault, Hold) and not plan.fault.released.done():
                plan.fault.release()
