"""Does a digest with little room leave out what matters least?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.domain.boards import Row, Verdict
from core.domain.catalogue import METRICS, metric
from core.domain.digests import LEAD, ROWS, leading
from core.domain.periods import Grain, Period
from core.domain.readings import Figure, State
from core.domain.targets import Target

DAY = Period(Grain.DAY, date(2024, 6, 3))
# From what a digest must tell to what it may leave out.
PRESSING = (Verdict.MISSED, Verdict.NEAR, Verdict.OPEN, Verdict.REACHED)


def row(code: str, verdict: Verdict) -> Row:
    figure = Figure(code, DAY, Decimal(1), State.FINAL)
    return Row(metric(code), figure, Target(code, Grain.DAY, Decimal(1), DAY.start), Decimal("0.2"), Decimal(1), verdict)


@given(st.lists(st.sampled_from(PRESSING), min_size=len(METRICS), max_size=len(METRICS)))
def test_no_row_is_left_out_for_one_that_presses_less(verdicts: list[Verdict]) -> None:
    rows = [row(entry.code, verdict) for entry, verdict in zip(METRICS, verdicts, strict=True)]
    shown = leading(rows)
    told = [PRESSING.index(item.verdict) for item in shown if item.metric.code != LEAD]
    left = [PRESSING.index(item.verdict) for item in rows if item not in shown]
    assert len(shown) == ROWS
    assert max(told) <= min(left)
    assert list(shown) == [item for item in rows if item in shown]
