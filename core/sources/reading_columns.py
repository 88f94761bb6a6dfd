"""Where in a table of readings stand the days, and which column or word is which metric, in which unit?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.metrics import Metric
from core.domain.quantities import QuantityError, parse_quantity
from core.domain.rejections import Rejected
from core.domain.workspaces import Locale
from core.errors import UserError
from core.sources.cells import CellError
from core.sources.columns import column_of, day_column
from core.sources.headers import JOINED_BY

_METRIC_WORDS = "metric metriccode metricname code indicator kpi 指标 指标名称 指标名 指标编码 指标代码"
_VALUE_WORDS = "value actual amount figure 值 数值 指标值 实际值 实际"
_UNIT_WORDS = "unit 单位"
_SEGMENT_WORDS = "segment channel 渠道 细分 分组"
_BRACKETS_LAST = re.compile(r"(.+?)\s*[(（\[【]([^()（）\[\]【】]+)[)）\]】]")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """How metrics are found: the one that is called so, and those that are called nearly so; `locale` is the language of their names."""

    resolve: Callable[[str], Metric | None]
    suggest: Callable[[str], Sequence[Metric]]
    locale: Locale


@dataclass(frozen=True, slots=True)
class Heading:
    """What a name stands for, with the unit in its brackets: 访客数(万) is visitors, in 万."""

    metric: Metric
    unit: str


@dataclass(frozen=True, slots=True)
class LongColumns:
    """Where a long table says which metric a row is of, its value, and perhaps its unit."""

    metric: int
    value: int
    unit: int | None


@dataclass(frozen=True, slots=True)
class ReadingColumns:
    """Where things stand in a row: figures of a long table, or of a wide one by the number of their column."""

    day: int
    segment: int | None
    figures: LongColumns | Mapping[int, Heading]


def find_columns(header: Sequence[str], line: int, catalogue: Catalogue) -> tuple[ReadingColumns, list[Rejected]]:
    """The columns of a table, and those that are no metric's, refused once and not for every row.

    Raises UserError without a column of days, or without any metric.
    """
    day = day_column(header)
    if day is None:
        raise UserError("sources.readings.no_day", headers=_listed(header))
    segment, metric, value = (column_of(header, words) for words in (_SEGMENT_WORDS, _METRIC_WORDS, _VALUE_WORDS))
    if metric is not None and value is not None:
        return ReadingColumns(day, segment, LongColumns(metric, value, column_of(header, _UNIT_WORDS))), []
    figures, rejected = _wide(header, line, {day, segment}, catalogue)
    if not figures:
        raise UserError("sources.readings.no_metric", headers=_listed(header))
    return ReadingColumns(day, segment, figures), rejected


def find_heading(words: str, catalogue: Catalogue) -> Heading:
    """The metric that the words name, whole or without a unit in brackets; of a joined header the lowest name will do.

    Raises CellError for an unknown metric, with those that are called nearly so, and for a bracket that is no unit.
    """
    lowest = words.rpartition(JOINED_BY)[2]
    found = _BRACKETS_LAST.fullmatch(lowest)
    bare = catalogue.resolve(found[1]) if found else None
    # The unit goes first: to the catalogue signs are nothing, so 转化率(%) is 转化率 there, and its % would be lost.
    if found and bare and _is_unit(found[2]):
        return Heading(bare, found[2].strip())
    if metric := catalogue.resolve(words) or catalogue.resolve(lowest):
        return Heading(metric, "")
    if found and bare:
        raise CellError("sources.readings.unknown_unit", unit=found[2].strip(), name=words)
    raise _unknown(lowest, catalogue)


def _wide(header: Sequence[str], line: int, others: set[int | None], catalogue: Catalogue) -> tuple[dict[int, Heading], list[Rejected]]:
    figures: dict[int, Heading] = {}
    rejected: list[Rejected] = []
    for number, name in enumerate(header):
        if name and number not in others:
            try:
                figures[number] = find_heading(name, catalogue)
            except CellError as error:
                rejected.append(Rejected(line, name, error.reason, error.args_))
    return figures, rejected


def _is_unit(written: str) -> bool:
    try:
        parse_quantity(f"1{written.strip()}")
    except QuantityError:
        return False
    return True


def _unknown(words: str, catalogue: Catalogue) -> CellError:
    near = catalogue.suggest(words)
    if not near:
        return CellError("sources.readings.unknown_metric", name=words)
    names = [metric.names.zh if catalogue.locale is Locale.ZH else metric.names.en for metric in near]
    return CellError("sources.readings.unknown_metric_near", name=words, near=" / ".join(names))


def _listed(header: Sequence[str]) -> str:
    return ", ".join(name for name in header[:30] if name)
