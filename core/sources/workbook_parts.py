"""Which sheets has a workbook, in which part does each stand, and which cell styles show percentages? (ECMA-376 part 1, 18.2 and 18.8)"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from core.errors import UserError

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_BUILT_IN_PERCENT = frozenset({"9", "10"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet of cells: its number among all sheets, from 0, and its part in the archive."""

    number: int
    name: str
    part: str


def sheets(content: Callable[[str], bytes]) -> Iterator[Sheet]:
    """The visible sheets in the workbook's order; `content` gives a part's bytes. Raises UserError for a damaged workbook."""
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in _parsed(content(_RELATIONS))}
    elements = [element for element in _parsed(content(_WORKBOOK)).iter() if _local(element.tag) == "sheet"]
    for number, element in enumerate(elements):
        target = targets.get(_relation(element), "")
        if element.get("state", "visible") == "visible" and "worksheets/" in target:
            yield Sheet(number, element.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"))


def percent_styles(styles: bytes) -> frozenset[str]:
    """The numbers of the cell styles whose number format shows a percentage."""
    if not styles:
        return frozenset()
    root = _parsed(styles)
    own = {f.get("numFmtId", "") for f in root.iter() if _local(f.tag) == "numFmt" and "%" in f.get("formatCode", "")}
    cells = next((element for element in root if _local(element.tag) == "cellXfs"), ())
    return frozenset(str(number) for number, style in enumerate(cells) if style.get("numFmtId") in own | _BUILT_IN_PERCENT)


def _parsed(xml: bytes) -> ElementTree.Element:
    """The root. A part of a workbook has no DTD, so none is read: entities could unpack without end."""
    if b"<!DOCTYPE" in xml:
        raise UserError("sources.file.damaged")
    try:
        return ElementTree.fromstring(xml)  # noqa: S314 (no DTD, see above)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise UserError("sources.file.damaged") from None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _relation(element: ElementTree.Element) -> str:
    return next((value for name, value in element.attrib.items() if _local(name) == "id"), "")
