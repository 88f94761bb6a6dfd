"""How far is it? A bar on the terminal's error stream, so that what is printed stays clean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.cli.run import Run

WIDTH = 30


@contextmanager
def bar(run: Run) -> Iterator[Callable[[int, int], None]]:
    """A function that takes how much is done of how much; it draws on a terminal and is silent elsewhere."""
    shown = sys.stderr.isatty() and not run.as_json

    def draw(done: int, total: int) -> None:
        share = done / total if total else 1.0
        full = round(share * WIDTH)
        print(f"\r[{'█' * full}{'·' * (WIDTH - full)}] {share:4.0%}  {done:,}", end="", file=sys.stderr, flush=True)

    yield draw if shown else lambda done, total: None
    if shown:
        print(file=sys.stderr)
