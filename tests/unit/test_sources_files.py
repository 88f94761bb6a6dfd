"""Does every file open as the table that it is, or refuse with its own sentence?"""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UserError
from core.sources.cells import BadCell, Cell
from core.sources.files import open_table
from core.sources.table import FileKind, Limits, SourceTable
from core.sources.workbook_scan import scan_sheet

TEXT = "日期,访客数,备注\n2024-06-01,85000,首日\n2024-06-02,,\n"


def rows(table: SourceTable) -> list[tuple[int, tuple[Cell, ...]]]:
    return list(table.rows())


def workbook(*lines: list[object], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in lines:
        sheet.append(line)
    for reference in merged:
        sheet.merge_cells(reference)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refused(content: bytes | Path, name: str = "file", limits: Limits | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        rows(open_table(content, name, limits=limits or Limits()))
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_every_usual_encoding_reads_the_same(encoding: str) -> None:
    table = open_table(TEXT.encode(encoding), "日报.csv")
    assert table.header == ("日期", "访客数", "备注")
    assert rows(table) == [(2, ("2024-06-01", "85000", "首日")), (3, ("2024-06-02", None, None))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_content_not_in_the_name(delimiter: str) -> None:
    table = open_table(TEXT.replace(",", delimiter).encode(), "x.csv")
    assert rows(table)[0] == (2, ("2024-06-01", "85000", "首日"))


def test_title_and_blank_lines_above_the_header_are_passed_over_and_lines_keep_their_number() -> None:
    table = open_table("六月日报\n\nday,gmv\n2024-06-01,1\n".encode(), "x.csv")
    assert (table.header, table.header_line, rows(table)) == (("day", "gmv"), 3, [(4, ("2024-06-01", "1"))])


def test_a_cell_over_two_lines_does_not_shift_the_lines_that_follow() -> None:
    table = open_table(b'day,note\n1,"a\nb"\n2,c\n', "x.csv")
    assert rows(table) == [(2, ("1", "a\nb")), (4, ("2", "c"))]


def test_a_row_with_too_many_cells_is_bad_in_every_cell() -> None:
    [(_, cells)] = rows(open_table(b"day,gmv\n2024-06-01,1,234\n", "x.csv"))
    assert cells == (BadCell("", "sources.cell.extra"),) * 2


def test_a_file_opens_from_its_path_too(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"day,gmv\n2024-06-01,1\n")
    assert len(rows(open_table(path, "x.csv"))) == 1


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (OLE, "old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (zipped("notes.txt", b"hello"), "archive"),
        (zipped("xl/workbook.bin", b"hello"), "other_workbook"),
        (zipped("xl/workbook.xml", b"<workbook"), "damaged"),
        (b"PK\x03\x04" + bytes(40), "damaged"),
        (b"PAR1 and no more", "damaged"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "markup"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"one column\n1\n2\n", "no_table"),
        (b'day,gmv\n1,"2\n3,4\n', "broken_quotes"),
        (b"day,gmv\n1,\xff\xff\n", "encoding"),
        (b"\x01\x00\x00\x00\x02\x03\x00\x00", "unknown"),
    ],
)
def test_what_is_no_table_is_refused_by_its_own_sentence(content: bytes, key: str) -> None:
    error = refused(content, "日报.csv")
    assert error.key == f"sources.file.{key}"
    assert error.args_["file"] == "日报.csv"


def test_a_line_without_end_is_refused_with_its_place_before_it_is_cut_into_cells() -> None:
    error = refused(b"day,gmv\n2024-06-01,5\n" + b"a," * 600_000)
    assert (error.key, error.args_["line"]) == ("sources.file.long_line", 3)


def test_a_wrong_encoding_names_the_line() -> None:
    assert refused(b"day,gmv\n1,2\n3,\xff\xff\n").args_["line"] == 3


def test_a_workbook_called_csv_is_read_as_the_workbook_it_is() -> None:
    assert open_table(workbook(["day", "gmv"], ["2024-06-01", 1]), "x.csv").kind is FileKind.WORKBOOK


def test_a_workbook_gives_dates_numbers_and_the_rows_of_the_sheet() -> None:
    table = open_table(workbook(["六月日报"], [], ["day", "gmv"], [date(2024, 6, 1), 2.5], [datetime(2024, 6, 2, 8, 30), 3]), "x.xlsx")  # noqa: DTZ001 (cells have no zone)
    assert table.total == 2
    assert rows(table) == [(4, (date(2024, 6, 1), 2.5)), (5, (datetime(2024, 6, 2, 8, 30), 3.0))]  # noqa: DTZ001


def test_the_first_visible_sheet_with_a_table_is_chosen() -> None:
    book = openpyxl.Workbook()
    book.active.append(["read me"])
    hidden = book.create_sheet("lookup")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    book.create_sheet("data").append(["day", "gmv"])
    assert open_table(saved(book), "x.xlsx").header == ("day", "gmv")


def test_a_formula_that_was_never_calculated_is_bad_by_its_name_and_never_empty() -> None:
    [_, (line, cells)] = rows(open_table(workbook(["day", "gmv"], ["2024-06-01", 1], ["2024-06-02", "=B2*2"]), "x.xlsx"))
    assert (line, cells[1]) == (3, BadCell("B3", "sources.cell.formula"))


def test_a_formula_with_its_result_is_its_result() -> None:
    content = _replaced(workbook(["day", "gmv"], ["2024-06-01", "=1+1"]), b"<v />", b"<v>2</v>")
    assert rows(open_table(content, "x.xlsx")) == [(2, ("2024-06-01", 2.0))]


def test_an_error_cell_is_bad_by_its_name_and_never_empty() -> None:
    [(_, cells)] = rows(open_table(workbook(["day", "gmv"], ["2024-06-01", "#DIV/0!"]), "x.xlsx"))
    assert cells[1] == BadCell("B2", "sources.cell.sheet_error")


def test_a_percent_cell_reads_as_it_is_shown() -> None:
    book = openpyxl.Workbook()
    book.active.append(["day", "cvr"])
    book.active.append(["2024-06-01", 0.035])
    book.active["B2"].number_format = "0.0%"
    assert rows(open_table(saved(book), "x.xlsx")) == [(2, ("2024-06-01", "3.5%"))]


def test_a_header_of_two_rows_with_merged_cells_is_joined() -> None:
    content = workbook(["日期", "流量", None, "GMV"], [None, "访客数", "浏览量", None], ["2024-06-01", 1, 2, 3], merged=("A1:A2", "B1:C1", "D1:D2"))
    table = open_table(content, "x.xlsx")
    assert table.header == ("日期", "流量 / 访客数", "流量 / 浏览量", "GMV")
    assert [line for line, _ in rows(table)] == [3]


def test_a_merged_header_without_names_below_is_refused_with_its_place() -> None:
    error = refused(workbook(["日期", "流量", None], ["2024-06-01", 1, 2], merged=("B1:C1",)))
    assert (error.key, error.args_["where"]) == ("sources.file.merged_header", "B1")


def test_a_merged_title_is_no_header() -> None:
    assert open_table(workbook(["六月日报", None], ["day", "gmv"], ["2024-06-01", 1], merged=("A1:B1",)), "x").header == ("day", "gmv")


def test_the_covered_cells_of_a_merged_value_are_bad() -> None:
    found = rows(open_table(workbook(["day", "gmv"], ["2024-06-01", 5], ["2024-06-02", None], merged=("B2:B3",)), "x"))
    assert [cells[1] for _, cells in found] == [5.0, BadCell("B2:B3", "sources.cell.merged")]


def test_parquet_gives_its_columns_row_by_row() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"day": [date(2024, 6, 1)], "gmv": [2.55], "flag": [True]}), stream)
    table = open_table(stream.getvalue(), "x.parquet")
    assert (table.total, rows(table)) == (1, [(1, (date(2024, 6, 1), 2.55, "True"))])


def test_a_long_text_in_every_row_of_parquet_is_held_once() -> None:
    stream = io.BytesIO()
    pq.write_table(pa.table({"note": ["long " * 10_000] * 1_000 + [None]}), stream)
    [piece] = open_table(stream.getvalue(), "x.parquet").pieces()
    assert len({id(cell) for cell in piece.columns[0]}) == 2
    assert (piece.columns[0][0], piece.columns[0][-1]) == ("long " * 10_000, None)


def test_two_parts_that_some_readers_take_for_one_are_refused() -> None:
    stream = io.BytesIO(workbook(["a", "b"], ["c", "d"]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("XL\\Worksheets/Sheet1.XML", "<worksheet/>")
    assert refused(stream.getvalue()).key == "sources.file.damaged"


@pytest.mark.parametrize("again", [b'<c r="A1" ', b't="e" ', b's="1" '])
def test_a_sheet_made_to_be_searched_for_hours_is_searched_once(again: bytes) -> None:
    # Each beginning would else be searched to the end of the text, for a ">" that does not come.
    hostile = b'<row><c r="A1" ' + again * 600_000 + b'<x t="e" s="1"/></row>'
    assert scan_sheet(iter([hostile]), frozenset({"1"}), Limits()).bad == {}


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    assert refused(path).key == "sources.file.too_large"


def test_a_bomb_that_states_its_size_is_refused() -> None:
    content = _replaced(workbook(["a", "b"], ["c", "d"]), b"</worksheet>", b" " * 30_000_000 + b"</worksheet>")
    assert refused(content).key == "sources.file.unpacks_too_large"


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks() -> None:
    honest = _replaced(workbook(["a", "b"], ["c", "d"]), b"</worksheet>", b" " * 30_000_000 + b"</worksheet>")
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    assert refused(honest.replace(struct.pack("<L", size), struct.pack("<L", 1000))).key == "sources.file.unpacks_too_large"


def test_styles_that_would_fill_memory_are_refused() -> None:
    content = _replaced(workbook(["a", "b"], ["c", "d"]), b"</cellXfs>", b"<xf/>" * 3_300_000 + b"</cellXfs>", "xl/styles.xml")
    assert refused(content).key == "sources.file.unpacks_too_large"


def test_one_stray_cell_far_away_is_refused_instead_of_filling_memory() -> None:
    book = openpyxl.Workbook()
    book.active.append(["day", "gmv"])
    book.active["XFD1048576"] = 1
    assert refused(saved(book)).key == "sources.file.too_many_columns"
    book = openpyxl.Workbook()
    book.active.append(["day", "gmv"])
    book.active["CV1048576"] = 1
    assert refused(saved(book)).key == "sources.file.too_many_cells"


def test_a_table_wider_than_the_limit_is_refused() -> None:
    header = ",".join(f"c{number}" for number in range(12))
    assert refused(f"{header}\n".encode(), limits=Limits(columns=10)).key == "sources.file.too_many_columns"


def test_a_workbook_whose_directory_points_before_its_begin_is_refused() -> None:
    content = workbook(["day", "gmv"], ["2024-06-01", 1])
    place = content.rindex(b"PK\x05\x06") + 16
    offset = struct.unpack_from("<L", content, place)[0] + 5
    assert refused(content[:place] + struct.pack("<L", offset) + content[place + 4 :]).key == "sources.file.damaged"


@given(st.binary(max_size=400))
def test_arbitrary_bytes_open_or_are_refused_and_nothing_else(content: bytes) -> None:
    _never_anything_else(content)


@given(st.sampled_from([b"PK\x03\x04", b"PAR1", b"\xef\xbb\xbf", b"\xff\xfe", b"day,gmv\n", b'a,b\n"']), st.binary(max_size=200))
def test_bytes_that_begin_like_a_table_open_or_are_refused_and_nothing_else(start: bytes, rest: bytes) -> None:
    _never_anything_else(start + rest)


GOOD = workbook(["day", "gmv"], ["2024-06-01", 1], ["2024-06-02", "=B2"])


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_workbook_with_one_byte_changed_opens_or_is_refused_and_nothing_else(place: int, byte: int) -> None:
    _never_anything_else(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])


SHEET = zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/sheet1.xml")


@given(st.integers(0, len(SHEET) - 1), st.integers(0, 255))
def test_a_sheet_with_one_byte_changed_opens_or_is_refused_and_nothing_else(place: int, byte: int) -> None:
    _never_anything_else(_replaced(GOOD, SHEET, SHEET[:place] + bytes([byte]) + SHEET[place + 1 :]))


def _never_anything_else(content: bytes) -> None:
    with suppress(UserError):
        rows(open_table(content, "x"))


def _replaced(content: bytes, old: bytes, new: bytes, part_name: str = "worksheets/") -> bytes:
    """The workbook with a piece of a part's XML changed, its sheet's unless said."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part.replace(old, new) if part_name in name else part)
    return stream.getvalue()
