"""What does the playground need from the rest of the house? Callables that the composition root fills, so that it can also be run on fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ports import Clock, Invocation, Renderer
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer
from handlers.kernel.complete import Suggestion

Dispatch = Callable[[Invocation], Answer]

# Workspace, member, the composer's text, the caret in it.
Complete = Callable[[int, int, str, int], Sequence[Suggestion]]

# Workspace, and the aware instant to which its clock is moved. What falls due on the way is sent before it returns.
Step = Callable[[int, datetime], None]


@dataclass(frozen=True, slots=True)
class Seams:
    """What the pages and acts share."""

    database: Database
    clock: Clock
    dispatch: Dispatch
    complete: Complete
    step: Step
    renderer: Renderer
