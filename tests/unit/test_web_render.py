"""Is a card in the playground what its blocks say, to the letter?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.attachments import say_size
from bot.platforms.web.demo_clock import stepped
from bot.platforms.web.live import cursors, read_cursor
from bot.platforms.web.page import standalone
from bot.platforms.web.pictures import sized
from bot.platforms.web.render import line, render
from core.domain.moments import Moment
from core.domain.quantities import Unit
from core.domain.readings import State
from core.errors import UserError
from core.messages.model import (
    Actions,
    Block,
    Button,
    ChannelLink,
    Chart,
    Column,
    Date,
    Field,
    Form,
    Inline,
    Link,
    Message,
    Number,
    Option,
    Panel,
    Paragraph,
    Press,
    Table,
)
from core.storage.repositories.chat import ChatMessage, Cursor
from tests.contract.test_web_platform import Read
from tests.playground import picture

PRESS = Press("task done", {})


def shown(block: Block) -> str:
    return render(Message((block,), "x"), {})


def said(*pieces: Inline) -> str:
    return shown(Paragraph((pieces,)))


def field(**values: object) -> str:
    return shown(Form("Log", (Field("dau", "DAU", **values),), Button("Send", PRESS, token="t")))  # type: ignore[arg-type]  # a field's


@given(st.text())
def test_any_line_comes_back_letter_by_letter(words: str) -> None:
    # A browser reads every kind of line end as one, and has no NUL.
    words = words.replace("\r", "").replace("\0", "")
    assert "".join(Read(line(words)).texts[1:]) == words


@given(st.text())
def test_no_text_opens_a_tag(words: str) -> None:
    assert Read(said(words)).tags == Read(said("x")).tags


def test_a_number_carries_its_exact_value_its_tone_and_its_state() -> None:
    html = said(Number("8.5万", Decimal("85000.10"), Unit.COUNT, State.PROVISIONAL, "bad"))
    assert '<data class="number bad provisional" value="85000.10">8.5万</data>' in html


def test_a_missing_number_has_no_value() -> None:
    assert '<span class="number quiet missing">—</span>' in said(Number("—", None, Unit.COUNT, State.MISSING, "quiet"))


def test_days_and_channels_can_be_read_by_machines() -> None:
    html = said(Date("周五", date(2024, 6, 7)), ChannelLink(3, "ops"))
    assert '<time datetime="2024-06-07">周五</time>' in html
    assert 'href="../3/"' in html


def test_a_link_opens_apart_and_gives_nothing_away() -> None:
    assert 'target="_blank" rel="noopener noreferrer"' in said(Link("x", "https://example.org"))


def test_lines_of_a_paragraph_stand_below_each_other() -> None:
    assert shown(Paragraph((("a",), ("b",)))).count("<br>") == 1


def test_a_table_aligns_by_column_and_says_how_much_is_left_out() -> None:
    html = shown(Table((Column("a"), Column("b", "right")), ((("1",), ("2",)),), total=9))
    assert '<td class="left">1</td><td class="right">2</td>' in html
    assert "8 more rows not shown here." in html
    assert "rows" not in shown(Table((Column("a"),), ((("1",),),), total=1))


def test_a_last_column_of_sentences_is_told_apart_from_one_of_figures_or_dates() -> None:
    sentence = "Money of cancelled and returned goods, on the day of the cancellation"
    assert 'class="told"' in shown(Table((Column("a"), Column("b")), ((("1",), (sentence,)),)))
    assert 'class="told"' in shown(Table((Column("a"), Column("b")), ((("1",), ("当天取消和退回的金额，记在取消的那一天",)),)))
    assert 'class="told"' not in shown(Table((Column("a"), Column("b")), (((sentence,), ("Fri 7 Jun",)),)))


def test_a_page_of_its_own_fetches_nothing() -> None:
    message = Message((Chart("digest", "alt", "", (Panel("a", "1"),)), Actions((Button("a", PRESS, token="1"),))), "x")
    page = standalone(message, {"digest": b"png"})
    assert 'src="data:image/png;base64,' in page
    assert "url(" not in page
    assert "<button" not in page


def test_a_picture_is_found_from_the_channels_page_or_where_one_says() -> None:
    message = Message((Chart("digest", "alt", "", (Panel("a", "1"),)),), "x")
    assert 'src="../../files/abc"' in render(message, {"digest": "abc"})
    assert 'src="data:image/png;base64,abc"' in render(message, {"digest": "data:image/png;base64,abc"}, folder="")


def test_a_picture_has_the_room_that_its_ref_tells() -> None:
    message = Message((Chart("digest", "alt", "", (Panel("a", "1"),)),), "x")
    assert 'width="108" height="84"' in render(message, {"digest": sized("abc", picture())})
    assert sized("abc", b"") == sized("abc", b"GIF89a" + bytes(40)) == "abc"
    assert "width" not in render(message, {"digest": "abc"})


def test_a_button_asks_only_when_it_should() -> None:
    html = shown(Actions((Button("a", PRESS, token="1"), Button("b", PRESS, "danger", "Sure?", token="2"))))
    assert html.count("hx-confirm") == 1
    assert 'class="button danger" name="token" value="2"' in html


@pytest.mark.parametrize(("value", "kind"), [("", "date"), ("2024-06-03", "date"), ("昨天", "text")])
def test_a_date_that_a_date_input_cannot_show_stays_as_typed(value: str, kind: str) -> None:
    assert f'<input type="{kind}" value="{value}"' in field(kind="date", value=value)


def test_a_number_field_takes_units_of_its_readers() -> None:
    assert '<input type="text" value="8.5万"' in field(kind="number", value="8.5万")


def test_a_choice_that_is_none_of_the_options_stays_as_typed() -> None:
    options = (Option("a", "A"), Option("b", "B"))
    assert '<option value="c" selected>c</option>' in field(kind="select", value="c", options=options)
    assert '<option value="b" selected>B</option>' in field(kind="select", value="b", options=options)
    assert field(kind="multiselect", value="a,b", options=options).count("checked") == 2


def test_the_text_of_a_long_field_keeps_its_first_line_end() -> None:
    assert "<textarea" in field(kind="multiline", value="\na")
    assert ">\n\na</textarea>" in field(kind="multiline", value="\na")


def test_an_error_stands_beside_its_field() -> None:
    html = field(error="Not a figure.", hint="85k", required=False)
    assert 'aria-invalid="true"' in html
    assert '<span class="error">Not a figure.</span><span class="hint">85k</span>' in html
    assert "optional" in html


@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (2_540_000, "2.5 MB")])
def test_sizes_are_said_as_people_read_them(size: int, words: str) -> None:
    assert say_size(size) == words


# ------------------------------------------------------------------ the demo's clock


def moment(zone: str, *local: int) -> Moment:
    there = datetime(*local, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type,misc]  # year, month, day, hour, minute
    return Moment(there.astimezone(UTC), there)


@pytest.mark.parametrize(
    ("start", "to", "expected"),
    [
        ((2024, 6, 4, 8, 55), "next", "2024-06-04T09:00:00+08:00"),
        ((2024, 6, 4, 9, 0), "next", "2024-06-05T09:00:00+08:00"),
        ((2024, 6, 4, 8, 55), "day", "2024-06-05T08:55:00+08:00"),
        ((2024, 6, 4, 8, 55), "2024-06-04", "2024-06-04T09:00:00+08:00"),
        ((2024, 6, 4, 8, 55), "2024-06-18", "2024-06-18T09:00:00+08:00"),
    ],
)
def test_the_clock_is_stepped_in_local_time(start: tuple[int, ...], to: str, expected: str) -> None:
    assert stepped(moment("Asia/Shanghai", *start), to).isoformat() == expected


def test_a_day_on_which_clocks_change_still_begins_at_nine() -> None:
    assert stepped(moment("Europe/London", 2024, 3, 30, 9, 0), "day").isoformat() == "2024-03-31T09:00:00+01:00"


@pytest.mark.parametrize(("to", "key"), [("2024-06-03", "behind"), ("2025-06-04", "too_far"), ("soon", "not_a_date")])
def test_where_the_clock_cannot_go_it_says_why(to: str, key: str) -> None:
    with pytest.raises(UserError) as refused:
        stepped(moment("Asia/Shanghai", 2024, 6, 4, 8, 55), to)
    assert refused.value.key == f"web.clock.{key}"


# ------------------------------------------------------------------ the stream's cursor


def message(number: int, edited: int = 0) -> ChatMessage:
    return ChatMessage(number, 1, str(number), None, None, "", datetime(2024, 6, 4, tzinfo=UTC), edited)


def test_each_event_says_how_far_one_has_come() -> None:
    start = Cursor(10, 3)
    assert cursors([message(4, 4), message(2, 5), message(11), message(12, 6)], start) == [
        Cursor(10, 4),
        Cursor(10, 5),
        Cursor(11, 6),
        Cursor(12, 6),
    ]


@pytest.mark.parametrize(("written", "cursor"), [("12.3", Cursor(12, 3)), ("", Cursor()), ("x.1", Cursor()), ("-1.2", Cursor()), ("12", Cursor())])
def test_a_cursor_that_cannot_be_read_is_the_beginning(written: str, cursor: Cursor) -> None:
    assert read_cursor(written) == cursor
