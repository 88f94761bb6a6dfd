"""Which of some ways is faster, on a machine whose speed drifts? All are run in turn, round after round, and compared inside one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter


def interleaved(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each case in each round, after one round that does not count."""
    timed: dict[str, list[float]] = {name: [] for name in cases}
    for case in cases.values():
        case()
    for _ in range(rounds):
        for name, case in cases.items():
            timed[name].append(milliseconds(case))
    return timed


def milliseconds(case: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    case()
    return (perf_counter() - start) * 1000


def table(timed: Mapping[str, list[float]]) -> str:
    """A line a case: median, fastest, and the ratio of its median to that of the first case."""
    base = median(next(iter(timed.values())))
    rows = [f"{name:<32}{median(each):>10.1f} ms{min(each):>10.1f} ms{median(each) / base:>8.2f} ×" for name, each in timed.items()]
    return "\n".join([f"{'case':<32}{'median':>13}{'fastest':>13}{'ratio':>10}", *rows])
