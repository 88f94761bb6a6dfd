"""Who is told that something did not go out, in which conversation, and which things in one message?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.deliveries import Delivery
from core.domain.receipts import CUT_OFF, Trouble, trouble
from core.domain.workspaces import Binding

# Told in one message whatever the platform: what a stop of the house made late, or let pass.
_ANYWHERE = 0


@dataclass(frozen=True, slots=True)
class Group:
    """What is told in one message: troubles of one person's schedules for one reason at one place. `owner` is None where a schedule has none."""

    owner: int | None
    trouble: Trouble
    reason: str
    binding: int


def grouped(rows: Sequence[Delivery], owners: Mapping[int, int | None]) -> dict[Group, list[Delivery]]:
    """The troubled rows by what one message tells. `owners` says whom each concerns, by their ids."""
    found: dict[Group, list[Delivery]] = {}
    for row in rows:
        what = trouble(row)
        if what is not None and row.schedule is not None:
            owner = owners[row.id]
            stopped = what is Trouble.STOPPED
            group = Group(owner, what, "" if stopped else row.reason or "", _ANYWHERE if stopped else row.binding)
            found.setdefault(group, []).append(row)
    return found


def broken(row: Delivery) -> frozenset[int]:
    """The bindings that cannot carry word of it."""
    return frozenset({row.binding}) if row.reason in CUT_OFF else frozenset()


def route(bindings: Sequence[Binding], closed: frozenset[int], near: int, last: str) -> Binding | None:
    """By which of a person's bindings they are told: `near`, where it happened, if that is open, else another; on the platform `last` at last."""
    open_ = [binding for binding in bindings if binding.on and binding.id not in closed]
    return min(open_, key=lambda binding: (binding.platform == last, binding.id != near, binding.id), default=None)
