"""What does one cell of a file say? Text, a number, a moment, nothing, or something that must not be taken for nothing."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.domain.typed import plain

EXACT_DIGITS = 15
_ERROR_WORDS = frozenset({"#n/a", "#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!", "#spill!", "#calc!", "#getting_data", "nan"})
_TRAILING_ZERO = re.compile(r"(-?\d+)\.0+")
_ROUNDED = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)
_QUOTED_FORMULA = re.compile(r'="(.*)"')
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that the file itself could not give: `name` is C7 in a sheet, else empty; `reason` is a key of the catalogues."""

    name: str
    reason: str


Cell = str | int | float | Decimal | date | datetime | BadCell | None


class CellError(Exception):
    """A cell does not hold what its column is for: the catalogue's key, and what fills its places."""

    def __init__(self, reason: str, **args: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.args_: dict[str, object] = args


def cell_name(row: int, column: int) -> str:
    """`C7` for row 7 (from 1) and column 2 (from 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def is_blank(cell: Cell) -> bool:
    """Whether the cell is empty, or holds only spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def checked(cell: Cell) -> Cell:
    """The cell itself. Raises CellError where it holds an error of the spreadsheet or no number (NaN, infinity)."""
    match cell:
        case BadCell(name, reason):
            raise CellError(reason, cell=name)
        case float() if not math.isfinite(cell):
            raise CellError("sources.cell.not_a_number", text=str(cell))
        case Decimal() if not cell.is_finite():
            raise CellError("sources.cell.not_a_number", text=str(cell))
        case str() if cell.strip().casefold() in _ERROR_WORDS:
            raise CellError("sources.cell.error", text=cell.strip())
        case _:
            return cell


def text(cell: Cell) -> str:
    """The cell as people read it, without spaces around; empty for an empty one. Raises CellError like `checked`."""
    match checked(cell):
        case None:
            return ""
        case str(words):
            return words.strip()
        case float(number):
            return f"{number:.0f}" if number.is_integer() and abs(number) < 10**EXACT_DIGITS else repr(number)
        case datetime() as moment:
            return moment.isoformat(" ")
        case date() as day:
            return day.isoformat()
        case other:
            return str(other)


def identifier(cell: Cell) -> str:
    """A number or code that names something: 12346.0 is "12346", ="0012" is "0012".

    Raises CellError where a spreadsheet has rounded it (1.23457E+18: it keeps 15 digits only), for two orders may then look like one.
    """
    words = text(cell).lstrip("'").strip()
    if quoted := _QUOTED_FORMULA.fullmatch(words):
        words = quoted[1].strip()
    if whole := _TRAILING_ZERO.fullmatch(words):
        words = whole[1]
    if _ROUNDED.fullmatch(words) or (isinstance(cell, float) and abs(cell) >= 10**EXACT_DIGITS):
        raise CellError("sources.cell.rounded_identifier", text=words)
    return plain(words)


def plain_number(cell: Cell) -> Decimal | None:
    """The exact number of a numeric cell, or of a text that is digits and a point alone; None for any other text.

    A float is read by its shortest writing: 2.55 is 2.55. Where that needs more than the 15 digits which a double holds for sure,
    the rest is the noise of arithmetic (0.30000000000000004) and is rounded away, as a spreadsheet's own screen does.
    """
    match checked(cell):
        case bool():
            return None
        case Decimal() | int() as number:
            return Decimal(number)
        case float() as number:
            return _from_float(number)
        case str() as words if _NUMBER.fullmatch(words.strip()):
            return Decimal(words.strip())
        case _:
            return None


def _from_float(number: float) -> Decimal:
    if number.is_integer() and abs(number) < 10**EXACT_DIGITS:
        return Decimal(int(number))
    shortest = Decimal(repr(number))
    return shortest if len(shortest.as_tuple().digits) <= EXACT_DIGITS else Decimal(f"{number:.{EXACT_DIGITS}g}")
