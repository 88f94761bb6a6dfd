"""What does a sheet's XML say that the fast reader of values hides? Formulas never calculated, errors, percent cells and merged ranges.

The text is searched, not parsed: 525 000 rows are 214 MB of XML, which an XML parser takes minutes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import UserError
from core.sources.headers import Merge
from core.sources.table import Limits

FORMULA = "sources.cell.formula"
ERROR = "sources.cell.sheet_error"
_MOST_BAD = 100_000
_LONGEST_ROW = 32_000_000
_CELL = rb"<(?:\w+:)?c\b"
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]{1,7})(\d{1,9})[\"']")
_PREFIXED_CELL = re.compile(rb"<\w+:c[ >]")
# Attributes are short and hold no "<": text made to look for a tag's end again and again would else keep the search busy for hours.
_UP_TO = rb"[^<>]{0,300}?"
_ERROR_CELL = re.compile(_CELL + rb"(" + _UP_TO + rb"\bt=[\"']e[\"']" + _UP_TO + rb")>")
_FORMULA_CELL = re.compile(
    _CELL + rb"(?P<attributes>[^<>]*)>\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\b[^<>]*?(?P<none>/)?>(?P<value>[^<]*))?"
)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?\bref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
_TEXT_RESULT = re.compile(rb"\bt=[\"']str[\"']")


@dataclass(slots=True)
class SheetFacts:
    """What was found in one sheet. Rows count from 1 and columns from 0; `bad` gives each row's bad columns with the reason's key."""

    rows: int = 0
    columns: int = 0
    bad: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    percent: dict[int, list[int]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)


def scan_sheet(blocks: Iterator[bytes], percent_styles: frozenset[str], limits: Limits) -> SheetFacts:
    """Reads a sheet's XML in blocks. Raises UserError for a sheet too large, never calculated, or with cells that do not say where they stand."""
    facts = SheetFacts()
    percent = _percent_cells(percent_styles)
    for rows in _whole_rows(blocks):
        _measure(rows, facts, limits)
        _note_bad(rows, facts)
        _note_percent(rows, percent, facts)
        _note_merges(rows, facts, limits)
    facts.merges.sort()
    return facts


def column_number(letters: bytes) -> int:
    """The column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _whole_rows(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The XML cut behind the last row of each block, so that no cell is torn; last, what stands behind all rows."""
    rest = b""
    for block in blocks:
        rest += block
        cut = rest.rfind(b"row>") + 4
        if cut >= 4:
            yield rest[:cut]
            rest = rest[cut:]
        if len(rest) > _LONGEST_ROW:
            raise UserError("sources.file.damaged")
    yield rest


def _measure(rows: bytes, facts: SheetFacts, limits: Limits) -> None:
    """How far cells reach: one stray cell at XFD1048576 would make the reader hold 17 thousand million."""
    found = _REFERENCE.findall(rows)
    if len(found) < _count_cells(rows):
        raise UserError("sources.file.resave")
    if not found:
        return
    facts.columns = max(facts.columns, *(column_number(letters) + 1 for letters in {letters for letters, _ in found}))
    facts.rows = max(facts.rows, *(int(digits) for digits in {digits for _, digits in found}))
    if facts.columns > limits.columns:
        raise UserError("sources.file.too_many_columns", columns=facts.columns, limit=limits.columns)
    if facts.rows * facts.columns > limits.cells:
        raise UserError("sources.file.too_many_cells", rows=facts.rows, columns=facts.columns)


def _count_cells(rows: bytes) -> int:
    plain = rows.count(b"<c ") + rows.count(b"<c>")
    return plain or len(_PREFIXED_CELL.findall(rows))


def _note_bad(rows: bytes, facts: SheetFacts) -> None:
    if b'="e"' in rows or b"='e'" in rows:
        for cell in _ERROR_CELL.finditer(rows):
            _note(cell[1], ERROR, facts)
    if b"<f" in rows or b":f" in rows:
        for cell in _FORMULA_CELL.finditer(rows):
            if not _calculated(cell):
                _note(cell["attributes"], FORMULA, facts)
    if len(facts.bad) > _MOST_BAD:
        raise UserError("sources.file.uncalculated")


def _calculated(cell: re.Match[bytes]) -> bool:
    """Whether a formula's result was saved; an empty text is a result too."""
    if cell["value"] is None or cell["none"]:
        return False
    return bool(cell["value"].strip()) or bool(_TEXT_RESULT.search(cell["attributes"]))


def _note(attributes: bytes, reason: str, facts: SheetFacts) -> None:
    if place := _REFERENCE.search(attributes):
        facts.bad.setdefault(int(place[2]), []).append((column_number(place[1]), reason))


def _percent_cells(styles: frozenset[str]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    numbers = "|".join(sorted(styles)).encode()
    return re.compile(_CELL + rb"(" + _UP_TO + rb"\bs=[\"'](?:" + numbers + rb")[\"']" + _UP_TO + rb")>")


def _note_percent(rows: bytes, percent: re.Pattern[bytes] | None, facts: SheetFacts) -> None:
    if percent is None:
        return
    for cell in percent.finditer(rows):
        if place := _REFERENCE.search(cell[1]):
            facts.percent.setdefault(int(place[2]), []).append(column_number(place[1]))


def _note_merges(rows: bytes, facts: SheetFacts, limits: Limits) -> None:
    if b"mergeCell" in rows:
        for left, top, right, bottom in _MERGE.findall(rows):
            facts.merges.append(Merge(int(top), column_number(left), int(bottom), column_number(right)))
    if len(facts.merges) > limits.merges:
        raise UserError("sources.file.too_many_merges", count=len(facts.merges))
