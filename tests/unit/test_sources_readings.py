"""Do tables of days and metrics become the right readings, and is everything else named?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.catalogue import resolve, suggest
from core.domain.periods import CALENDAR_GRAINS, Grain, Period
from core.domain.quantities import QuantityReason, Unit
from core.domain.readings import Reading, State
from core.domain.workspaces import Locale
from core.errors import UserError
from core.i18n.texts import area_texts
from core.sources import files
from core.sources.columns import looks_like
from core.sources.files import open_table
from core.sources.reading_columns import Catalogue
from core.sources.readings import Board, ReadingsResult, read_readings

BOARD = Board(
    catalogue=Catalogue(resolve, suggest, Locale.ZH),
    currency="CNY",
    today=date(2024, 6, 4),
    opened_on=date(2024, 1, 1),
    received_at=datetime(2024, 6, 4, 1, tzinfo=UTC),
)


def read(*lines: str, board: Board = BOARD) -> ReadingsResult:
    return read_readings(open_table("\n".join(lines).encode(), "日报.csv"), board)


def values(result: ReadingsResult) -> dict[tuple[str, Grain, date], Decimal]:
    return {(reading.metric, reading.period.grain, reading.period.start): reading.value for reading in result.readings}


def reasons(result: ReadingsResult) -> list[tuple[int, str, str]]:
    return [(refusal.line, refusal.column, refusal.reason) for refusal in result.rejected]


def test_a_wide_table_in_either_language_reads_alike() -> None:
    expected = {("gmv", Grain.DAY, date(2024, 6, 1)): Decimal(85000), ("page_views", Grain.DAY, date(2024, 6, 1)): Decimal("1200")}
    assert values(read("日期;GMV;浏览量", "2024-06-01;8.5万;1,200")) == expected
    assert values(read("date;gmv;page_views", "2024/6/1;¥85k;1200")) == expected


def test_a_long_table_reads_like_a_wide_one_and_keeps_its_segments() -> None:
    result = read("日期,指标,值,单位,渠道", "2024-06-01,GMV,8.5,万元,天猫", "2024-06-01,GMV,2,万元,抖音")
    assert {(reading.segment, reading.value) for reading in result.readings} == {("天猫", Decimal(85000)), ("抖音", Decimal(20000))}


def test_the_unit_in_the_header_holds_for_plain_numbers_and_not_for_those_with_their_own() -> None:
    result = read("日期,GMV(万元),支付转化率（%）", "2024-06-01,8.5,35", "2024-06-02,90000元,35%")
    found = values(result)
    assert [found["gmv", Grain.DAY, date(2024, 6, day)] for day in (1, 2)] == [85000, 90000]
    assert [found["payment_conversion", Grain.DAY, date(2024, 6, day)] for day in (1, 2)] == [Decimal("0.35")] * 2


@pytest.mark.parametrize(
    ("header", "cell", "metric", "period"),
    [
        ("周", "2024-W22", "retention_7d", Period(Grain.WEEK, date(2024, 5, 27))),
        ("周", "2024年第22周", "retention_7d", Period(Grain.WEEK, date(2024, 5, 27))),
        ("周", "2024-05-27", "retention_7d", Period(Grain.WEEK, date(2024, 5, 27))),
        ("月份", "2024-05", "gross_margin", Period(Grain.MONTH, date(2024, 5, 1))),
        ("month", "2024-05-01", "gross_margin", Period(Grain.MONTH, date(2024, 5, 1))),
        ("季度", "2024-Q1", "visitors", Period(Grain.QUARTER, date(2024, 1, 1))),
        ("季度", "2024年第一季度", "visitors", Period(Grain.QUARTER, date(2024, 1, 1))),
        ("年", "2024年", "visitors", Period(Grain.YEAR, date(2024, 1, 1))),
    ],
)
def test_coarser_periods_are_read_where_the_metric_allows(header: str, cell: str, metric: str, period: Period) -> None:
    [reading] = read(f"{header},{metric}", f"{cell},0.4").readings
    assert (reading.metric, reading.period) == (metric, period)


@pytest.mark.parametrize(
    ("cell", "metric", "reason"),
    [
        ("2024-W22", "gmv", "readings.wants_day"),
        ("2024-06-01", "retention_7d", "readings.wants_week"),
        ("2024-06-01", "gross_margin", "readings.wants_month"),
        ("2024-06-01", "campaign_roi", "readings.not_by_file"),
    ],
)
def test_a_figure_at_the_wrong_grain_is_refused(cell: str, metric: str, reason: str) -> None:
    assert reasons(read(f"日期,{metric}", f"{cell},0.4")) == [(2, metric, f"sources.{reason}")]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("2024-06-05,1,0.3", "日期", "cell.future_day"),
        ("2023-12-31,1,0.3", "日期", "cell.before_opening"),
        ("昨天,1,0.3", "日期", "cell.not_a_date"),
        (",1,0.3", "日期", "cell.no_date"),
        ("2024-06-02,35%,0.3", "GMV", "cell.wrong_unit_money"),
        ("2024-06-02,$5,0.3", "GMV", "cell.wrong_currency"),
        ("2024-06-02,8.5w,0.3", "GMV", "cell.ambiguous_figure"),
        ("2024-06-02,≥8,0.3", "GMV", "cell.not_a_figure"),
        ("2024-06-02,nan,0.3", "GMV", "cell.error"),
        ("2024-06-02,1,35", "支付转化率", "cell.ambiguous_figure"),
    ],
)
def test_what_is_wrong_is_named_with_line_column_and_reason_and_the_rest_is_kept(line: str, column: str, reason: str) -> None:
    result = read("日期,GMV,支付转化率", "2024-06-01,7,0.5", line)
    assert reasons(result) == [(3, column, f"sources.{reason}")]
    assert {("gmv", Grain.DAY, date(2024, 6, 1)), ("payment_conversion", Grain.DAY, date(2024, 6, 1))} <= values(result).keys()


def test_an_empty_cell_is_no_reading_and_no_fault() -> None:
    result = read("日期,GMV,浏览量", "2024-06-01,,5", ",,")
    assert (len(result.readings), result.rejected) == (1, ())


def test_an_unknown_column_is_refused_once_with_what_may_have_been_meant() -> None:
    result = read("日期,GMV,页面浏览数", "2024-06-01,1,2", "2024-06-02,1,2")
    [refusal] = result.rejected
    assert (refusal.line, refusal.reason) == (1, "sources.readings.unknown_metric_near")
    assert "浏览量" in str(refusal.args["near"])


def test_an_unknown_metric_of_a_long_table_is_refused_by_its_row() -> None:
    assert reasons(read("日期,指标,值", "2024-06-01,GMV,1", "2024-06-01,qqqqqq,1")) == [(3, "指标", "sources.readings.unknown_metric")]


def test_an_unknown_unit_in_the_header_is_refused() -> None:
    assert reasons(read("日期,浏览量,GMV(斤)", "2024-06-01,1,1")) == [(1, "GMV(斤)", "sources.readings.unknown_unit")]


def test_equal_duplicates_are_one_and_disagreeing_ones_are_all_refused_with_their_lines() -> None:
    result = read("日期,GMV,浏览量", "2024-06-01,1万,5", "2024-06-01,10000,6", "2024-06-02,1,1")
    assert values(result).keys() == {
        ("gmv", Grain.DAY, date(2024, 6, 1)),
        ("gmv", Grain.DAY, date(2024, 6, 2)),
        ("page_views", Grain.DAY, date(2024, 6, 2)),
    }
    assert [(refusal.line, refusal.args) for refusal in result.rejected] == [(2, {"lines": "2, 3"}), (3, {"lines": "2, 3"})]


def test_a_period_that_is_not_over_is_provisional() -> None:
    states = {reading.period.start: reading.state for reading in read("日期,GMV", "2024-06-03,1", "2024-06-04,1").readings}
    assert states == {date(2024, 6, 3): State.FINAL, date(2024, 6, 4): State.PROVISIONAL}


def test_a_reading_carries_its_source_and_when_it_came() -> None:
    expected = Reading("gmv", Period(Grain.DAY, date(2024, 6, 1)), Decimal(1), "file", BOARD.received_at)
    assert read("日期,GMV", "2024-06-01,1").readings == (expected,)


@pytest.mark.parametrize(("header", "key"), [("商品,GMV", "no_day"), ("日期,qqqq", "no_metric")])
def test_a_table_without_days_or_metrics_is_refused(header: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        read(header, "2024-06-01,1")
    assert caught.value.key == f"sources.readings.{key}"


def test_orders_and_readings_are_told_apart_by_their_headers() -> None:
    assert looks_like(["订单编号", "数量", "单价", "付款时间"]) == "orders"
    assert looks_like(["日期", "GMV"]) == "readings"
    assert looks_like(["姓名", "电话"]) is None


def test_names_of_metrics_are_offered_in_the_persons_language() -> None:
    english = replace(BOARD, catalogue=Catalogue(resolve, suggest, Locale.EN))
    [refusal] = read("日期,GMV,page vews", "2024-06-01,1,2", board=english).rejected
    assert "Page views" in str(refusal.args["near"])


@given(st.lists(st.text(max_size=12), min_size=2, max_size=6))
def test_whatever_stands_in_cells_a_row_is_kept_or_named_and_never_breaks(cells: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""').replace("\r", " ").replace("\0", "") + '"' for cell in cells[:2])
    result = read("日期,GMV", "2024-06-01,1", quoted.encode("utf-8", "ignore").decode())
    assert len(result.readings) + len(result.rejected) >= 1


# ------------------------------------------------------------------ the sentences

SOURCES = sorted(Path(files.__file__).parent.glob("*.py"))


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    chinese, english = area_texts(Locale.ZH, "sources"), area_texts(Locale.EN, "sources")
    assert {key: _places(text) for key, text in chinese.items()} == {key: _places(text) for key, text in english.items()}


def test_every_reason_that_the_code_gives_has_its_sentence_and_every_sentence_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    given = set(re.findall(r'"sources\.((?:file|cell|columns|readings)\.[a-z_]+)"', code))
    given |= {f"cell.wrong_unit_{unit.value}" for unit in Unit} | {f"readings.wants_{grain.value}" for grain in CALENDAR_GRAINS}
    given |= {f"cell.{reason.value}" for reason in QuantityReason if reason is not QuantityReason.WRONG_UNIT}
    assert given == {key for key in area_texts(Locale.EN, "sources") if not key.startswith("rejected.")}


def _places(text: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(text) if place}
