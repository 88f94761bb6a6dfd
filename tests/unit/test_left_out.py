"""Does the line below a cut table say how many rows there are, and how many of them the file holds?"""

from __future__ import annotations

import pytest

from bot.platforms.left_out import left_out
from core.domain.workspaces import Locale
from core.messages.model import Column, Table


@pytest.mark.parametrize(
    ("rows", "total", "shown", "said"),
    [
        (50, None, 50, "Too wide to show whole; all columns are in t.csv."),
        (50, None, 8, "42 more rows; all 50 are in t.csv."),
        (50, None, 0, "50 rows, in t.csv."),
        (50, 100, 8, "92 more rows; the first 50 are in t.csv."),
        (50, 100, 0, "100 more rows; the first 50 are in t.csv."),
    ],
)
def test_it_speaks_of_all_rows_that_there_are(rows: int, total: int | None, shown: int, said: str) -> None:
    table = Table((Column("Day"),), tuple(((str(row),),) for row in range(rows)), total=total)
    assert left_out(table, shown, "t.csv", Locale.EN) == said
