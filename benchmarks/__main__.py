"""`python -m benchmarks [name …]` prints a table for each benchmark: medians, fastest, and ratios to the first line of its table."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import boards, commands, digests, edges, processes
from benchmarks.timing import interleaved, table

Cases = Callable[[Path], dict[str, Callable[[], object]]]
TIMED: dict[str, tuple[Cases, int]] = {"commands": (commands.cases, 200), "digests": (digests.cases, 20), "boards": (boards.cases, 60)}
REPORTED = {"processes": processes.report, "edges": edges.report}


def main(chosen: list[str]) -> None:
    """Runs the chosen benchmarks, or all."""
    for name in chosen or [*TIMED, *REPORTED]:
        with tempfile.TemporaryDirectory() as folder:
            print(f"\n{name}")
            if name in TIMED:
                cases, rounds = TIMED[name]
                print(table(interleaved(cases(Path(folder)), rounds)), flush=True)
            else:
                print(REPORTED[name](Path(folder)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
