"""Which of the files that people share may hold a table that can be imported, and how large may it be?"""

from __future__ import annotations

# In bytes, wherever it is shared: it is held in memory on its way.
LARGEST_FILE = 64 * 1024 * 1024
ENDINGS = (".csv", ".xlsx", ".xls", ".xlsm", ".parquet")


def is_spreadsheet(name: str) -> bool:
    """Whether a file of that name may hold a table."""
    return name.lower().endswith(ENDINGS)
