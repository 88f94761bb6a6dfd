"""Which of the files that people share may hold a table that can be imported?"""

from __future__ import annotations

ENDINGS = (".csv", ".xlsx", ".xls", ".xlsm", ".parquet")


def is_spreadsheet(name: str) -> bool:
    """Whether a file of that name may hold a table."""
    return name.lower().endswith(ENDINGS)
