"""Which row or cell of a file was not kept, and why? Said by line, column and reason, so that a person can mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row or cell that was not kept.

    `line` is the line of the file, or the row of the sheet, as people see it there. `column` is the header as written, empty when the whole
    row is at fault. `reason` names a text of the catalogues and `args` fill its places.
    """

    line: int
    column: str
    reason: str
    args: Mapping[str, object] = field(default_factory=dict)
