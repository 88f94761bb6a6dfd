"""Do files come in and go out by the command line, and does `tick` do what is due once?"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scheduler.stages.build import Build
from tests.command_line import Terminal, numbers

ORDERS = """Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
A1,MB001,Teapot,2,2024-06-03 10:00:00,30.00,C1,China
A1,MB002,Cup,1,2024-06-03 10:00:00,10.00,C1,China
A2,MB001,Teapot,1,2024-06-03 11:00:00,30.00,C2,China
"""
READINGS = "day,dau,gmv\n2024-06-02,84000,250000\n2024-06-03,85000,260000\n"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def tea(empty: Terminal) -> Terminal:
    """A terminal beside an empty workspace, in English."""
    assert empty("init", "Tea shop", "--locale", "en").code == 0
    return empty


def written(terminal: Terminal, name: str, content: str | bytes) -> str:
    (terminal.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


# ------------------------------------------------------------------ import


def test_orders_come_in_and_come_in_once(tea: Terminal) -> None:
    file = written(tea, "orders.csv", ORDERS)
    first = tea.json("import", file)
    assert (first.code, first.err) == (0, "")
    assert first.data == {"rows": 3, "kept": 3, "partly": 0, "rejected": 0, "invoices": 2, "days": 1, "outweighed": 0}
    assert tea.json("import", file, "--kind", "orders").data["days"] == 0
    assert "100" in tea("--now", "2024-06-04T09:00", "say", "/kpi board").out


def test_readings_come_in(tea: Terminal) -> None:
    came = tea.json("import", written(tea, "figures.csv", READINGS), "--kind", "readings")
    assert (came.code, came.data["kept"], came.data["days"]) == (0, 2, 2)
    assert "85K" in tea("--now", "2024-06-04T09:00", "say", "/kpi board").out


def test_columns_are_named_by_map_as_often_as_needed(tea: Terminal) -> None:
    file = written(tea, "strange.csv", ORDERS.replace("Invoice,", "Beleg=Nr,", 1).replace("Quantity", "Menge"))
    assert tea("import", file, "--kind", "orders").code == 3
    came = tea.json("import", file, "--kind", "orders", "--map", "Beleg=Nr=invoice", "--map", "Menge=quantity")
    assert (came.code, came.data["invoices"]) == (0, 2), came.err


def test_rows_that_are_not_kept_are_counted_and_named(tea: Terminal) -> None:
    came = tea.json("import", written(tea, "orders.csv", ORDERS + "A3,MB001,Teapot,many,2024-06-03 12:00:00,30.00,C3,China\n"))
    assert (came.code, came.data["kept"], came.data["rejected"]) == (0, 3, 1)
    assert "5" in tea("import", "orders.csv").out, "the line is named"


def test_a_file_of_which_no_row_is_kept_is_a_mistake(tea: Terminal) -> None:
    came = tea.json("import", written(tea, "orders.csv", ORDERS.splitlines()[0] + "\nA3,MB001,Teapot,many,2024-06-03,30.00,C3,China\n"))
    assert (came.code, came.data["kept"], came.data["rejected"]) == (3, 0, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("noise.csv", bytes(range(256)) * 8),
        ("broken.xlsx", b"PK\x03\x04 and then nothing"),
        ("broken.parquet", b"PAR1 and then nothing"),
        ("letter.pdf", b"%PDF-1.7"),
        ("empty.csv", b""),
        ("unknown.csv", b"Datum,Aktive\n2024-06-03,85000\n"),
    ],
)
def test_a_bad_file_is_a_mistake_told_in_the_persons_language(shop: Terminal, name: str, content: bytes) -> None:
    refused = shop("import", written(shop, name, content))
    assert (refused.code, refused.out) == (3, "")
    assert name in refused.err or "Datum" in refused.err
    assert any("一" <= character <= "鿿" for character in refused.err)


def test_a_missing_file_or_a_folder_is_wrong_usage(shop: Terminal) -> None:
    for name in ("missing.csv", "."):
        refused = shop("import", name)
        assert refused.code == 2
        assert "cannot be read" in refused.err


def test_a_map_or_a_kind_that_is_none_is_wrong_usage(shop: Terminal) -> None:
    file = written(shop, "figures.csv", READINGS)
    assert "COLUMN=FIELD" in shop("import", file, "--map", "dau").err
    assert shop("import", file, "--kind", "letters").code == 2


def test_who_may_only_look_imports_nothing(shop: Terminal) -> None:
    assert shop("import", written(shop, "figures.csv", READINGS), "--as", "gu").code == 3


def test_a_second_demo_is_made_on_a_file_of_orders(empty: Terminal) -> None:
    lines = [(f"{number}", f"2010-12-0{day}T10:00:00") for number, day in enumerate((1, 2, 3, 6, 7, 8), 536365)]
    columns = {
        "Invoice": [invoice for invoice, _ in lines],
        "StockCode": ["85123A"] * len(lines),
        "Description": ["Lantern"] * len(lines),
        "Quantity": [6] * len(lines),
        "InvoiceDate": [datetime.fromisoformat(at) for _, at in lines],
        "Price": [2.5] * len(lines),
        "Customer ID": [17850] * len(lines),
        "Country": ["United Kingdom"] * len(lines),
    }
    pq.write_table(pa.table(columns), empty.folder / "orders.parquet")
    for _ in range(2):
        made = empty.json("init", "--demo-orders", "orders.parquet")
        assert (made.code, made.data) == (0, {"orders": 1}), made.err
    board = empty("say", "/kpi board").out
    assert "£15" in board, board
    assert empty("init", "Shop", "--demo-orders", "missing.parquet").code == 2
    assert "several" not in empty("say", "/ops help").err, "nothing was made beside a file that is not there"


# ------------------------------------------------------------------ digest


@pytest.mark.parametrize(("suffix", "begins"), [(".png", PNG), (".PNG", PNG), (".html", b"<!doctype html>"), (".json", b"{")])
def test_the_digest_goes_into_a_file(shop: Terminal, suffix: str, begins: bytes) -> None:
    out = shop.folder / f"digest{suffix}"
    made = shop.json("digest", "--out", str(out))
    assert (made.code, made.data) == (0, {"file": str(out)})
    assert made.messages[0]["card"] == "digest"
    assert out.read_bytes().startswith(begins)


def test_the_page_has_its_picture_inside_and_nothing_to_press(shop: Terminal) -> None:
    shop("digest", "--out", "digest.html")
    page = (shop.folder / "digest.html").read_text(encoding="utf-8")
    assert "data:image/png;base64," in page
    assert "<button" not in page
    assert "<script" not in page


def test_the_file_of_json_is_the_message(shop: Terminal) -> None:
    shown = shop.json("digest", "--out", "digest.json").messages[0]
    assert json.loads(Path("digest.json").read_text(encoding="utf-8")) == {"messages": [shown], "data": {}}
    assert numbers(shown)


def test_a_wrong_suffix_or_place_is_wrong_usage_and_writes_nothing(shop: Terminal) -> None:
    for out in ("digest.txt", "digest", "nowhere/digest.png"):
        refused = shop("digest", "--out", out)
        assert refused.code == 2
        assert "digest" in refused.err
        assert not (shop.folder / out).exists()


def test_without_figures_there_is_nothing_to_draw(tea: Terminal) -> None:
    refused = tea("digest", "--out", "digest.png")
    assert (refused.code, (tea.folder / "digest.png").exists()) == (3, False)
    assert tea("digest").code == 0


def test_the_digest_of_a_past_morning_knows_what_was_known_then(shop: Terminal) -> None:
    past = shop("digest", "--date", "2024-05-30").out
    assert "5月29日" in past
    assert past != shop("digest").out
    assert past == shop("--now", "2024-05-30T09:00", "digest").out


def test_a_morning_to_come_is_a_mistake_and_a_date_that_is_none_wrong_usage(shop: Terminal) -> None:
    assert shop("digest", "--date", "2024-06-05").code == 3
    assert shop("digest", "--date", "someday").code == 2


def test_the_digest_speaks_the_language_that_is_asked_for(shop: Terminal) -> None:
    assert "DAU" in shop("digest", "--locale", "en").out
    assert shop.json("digest", "--locale", "en").messages[0]["locale"] == "en"


# ------------------------------------------------------------------ tick


def test_the_digest_of_a_morning_goes_out_once(shop: Terminal) -> None:
    early = shop.json("--now", "2024-06-04T08:59", "tick")
    assert [row["state"] for row in early.data["deliveries"]] in ([], ["built"])
    assert early.messages == []
    first = shop.json("--now", "2024-06-04T09:00", "tick")
    assert (first.code, [row["state"] for row in first.data["deliveries"]]) == (0, ["sent"])
    assert first.messages[0]["card"] == "digest"
    again = shop("--now", "2024-06-04T09:00", "tick")
    assert (again.code, again.out) == (0, "Nothing was due.\n")


def test_on_a_day_off_nothing_is_due(shop: Terminal) -> None:
    # What fell due until then is told as missed.
    shop("--now", "2024-06-07T18:00", "tick")
    for day in ("2024-06-08", "2024-06-09", "2024-06-10"):
        assert shop("--now", f"{day}T09:00", "tick").out == "Nothing was due.\n", day


def test_what_tick_sent_is_printed_for_people(shop: Terminal) -> None:
    sent = shop("--now", "2024-06-04T09:00", "tick").out
    assert sent.startswith("sent: the morning digest to #ops\n")
    assert "GMV" in sent


def test_a_digest_that_cannot_be_built_is_a_fault(shop: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the roof is gone")

    monkeypatch.setattr(Build, "_message", broken)
    ended = shop("--now", "2024-06-04T09:00", "tick")
    assert (ended.code, "Traceback" in ended.out) == (1, False)
    assert "the roof is gone" in ended.err
