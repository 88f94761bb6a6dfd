"""What does a reader hear of the part of a table that is not shown?"""

from __future__ import annotations

from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Table


def left_out(table: Table, shown: int, file: str | None, locale: Locale) -> str | None:
    """The line below a table of which the first `shown` rows stand; None where nothing is left out.

    `file` names the file with all its rows and columns, and says where it stands; None where there is none.
    """
    there = len(table.rows)
    total = max(table.total or 0, there)
    if file is None:
        return text(locale, "card.table.left", more=total - shown) if total > shown else None
    return text(locale, f"card.table.{_cut(shown, there, total)}", more=total - shown, rows=there, file=file)


def _cut(shown: int, there: int, total: int) -> str:
    """How the file goes on: with columns alone, as all there is, with the first rows of more, or with all the other rows."""
    if shown == total:
        return "wide"
    if total > there:
        return "some"
    return "more" if shown else "whole"
