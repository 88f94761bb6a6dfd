"""Is a card on Feishu what its blocks say, and small enough?"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.platforms.feishu.elements import Weight, tagged, weigh
from bot.platforms.feishu.limits import BODY_BYTES, COLUMNS, ELEMENTS, INPUT_LETTERS, PAGE_ROWS, TABLES, TITLE_LETTERS
from bot.platforms.feishu.payload import FeishuPayload, Json
from bot.platforms.feishu.render import render
from bot.platforms.feishu.render_form import buttons, typed
from bot.platforms.feishu.render_inline import escape
from core.domain.quantities import Unit
from core.domain.readings import State
from core.domain.workspaces import Locale
from core.messages.model import (
    Actions,
    Block,
    Bold,
    Button,
    ChannelLink,
    Code,
    Column,
    Context,
    Date,
    Field,
    Fields,
    File,
    Form,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Number,
    Option,
    Paragraph,
    Press,
    Table,
)
from tests.contract.feishu_rules import objects
from tests.contract.feishu_words import unmarked
from tests.contract.messages import blocks, messages
from tests.contract.platform_contract import CHART

PRESS = Press("task done", {})
# More than a title, the summary, the message in short and the note on its file weigh.
FRAME = Weight(3_000, 10)
CHOICES = (Option("lin", "林晓岚"), Option("xu", "许念"))


def shown(*blocks: Block, locale: str = "en", subject: str = "", **refs: str) -> FeishuPayload:
    return render(Message(blocks, "fallback", "kpi.board", locale, subject), refs)


def elements(*blocks: Block, **refs: str) -> list[Json]:
    return [part for part in objects(render(Message(blocks, "fallback"), refs).card["body"]) if "tag" in part]


def said(*pieces: Inline, **refs: str) -> Json:
    (element, *_) = elements(Paragraph((pieces,)), **refs)
    return element


def found(tag: str, *blocks: Block) -> list[Json]:
    return [element for element in elements(*blocks) if element["tag"] == tag]


def table(rows: int, columns: int = 2, total: int | None = None) -> Table:
    heads = tuple(Column(f"C{number}", "right" if number else "left") for number in range(columns))
    return Table(heads, tuple(((f"r{row}",), *((str(row),) for _ in heads[1:])) for row in range(rows)), total)


def field(kind: str, value: str = "", **more: object) -> list[Json]:
    made = Field("who", "Who", kind, value, **more)  # type: ignore[arg-type]  # a field's
    (form,) = found("form", Form("", (made,), Button("Send", PRESS, token="t")))
    inner = form["elements"]
    assert isinstance(inner, list)
    return inner


def number(text: str, tone: str) -> Number:
    return Number(text, Decimal(1), Unit.RATE, State.FINAL, tone)  # type: ignore[arg-type]  # a tone


# ------------------------------------------------------------------ text


@given(st.text())
def test_any_words_come_back_letter_by_letter(words: str) -> None:
    again = words.replace("\r\n", "\n")
    for line_break in "\r\u2028\u2029":
        again = again.replace(line_break, "\n")
    assert unmarked(escape(again)) == again.replace("\xa0", " ").replace("\u200b", "")


def test_plain_words_need_no_markup() -> None:
    assert said("<at id=all></at> ", Date("6月7日", date(2024, 6, 7)), Mention(7, "林晓岚"), number("2", "neutral"))["text"] == {
        "tag": "plain_text",
        "content": "<at id=all></at> 6月7日@林晓岚2",
        "text_size": "normal",
        "text_color": "default",
    }


@pytest.mark.parametrize(
    ("piece", "content"),
    [
        (Bold("「618」 达成"), "&#8203;**「618」 达成**&#8203;"),
        (Bold(" a*b "), " &#8203;**a&#42;b**&#8203; "),
        (Bold(" "), " "),
        (Code("/kpi log dau=8.5w"), "`/kpi log dau=8.5w`"),
        (Code("a`b<c"), "a&#96;b&#60;c"),
        (Link("the [site]", "https://example.org/?a=(1)&b=2;c"), "[the &#91;site&#93;](https://example.org/?a=%281%29&b=2%3Bc)"),
        (Link("the site", "javascript:alert(1)"), "the site"),
        (number("−15%", "bad"), "<font color='red'>−15%</font>"),
        (number("+3%", "good"), "<font color='green'>&#43;3%</font>"),
        (number("缺数", "quiet"), "<font color='grey'>缺数</font>"),
        (ChannelLink(3, "ops"), "&#35;ops"),
        ("1. a\n# b", "1&#46; a<br>&#35; b"),
        ("    code", "&nbsp;&nbsp;&nbsp;&nbsp;code"),
    ],
)
def test_structure_becomes_markdown_and_words_do_not(piece: Inline, content: str) -> None:
    assert said(piece, Bold("x"))["content"] == f"{content}&#8203;**x**&#8203;"


def test_a_member_is_called_only_by_an_account() -> None:
    lin = Mention(7, "林晓岚")
    assert said(lin, **{"member:7": "ou_lin"})["content"] == "<at id=ou_lin></at>"
    for wrong in ("all", "ou_x></at><at id=all", ""):
        assert said(lin, **{"member:7": wrong})["tag"] == "div"


def test_lines_stay_lines() -> None:
    (plain, *_) = elements(Paragraph((("a",), ("b",))))
    assert plain["text"] == {"tag": "plain_text", "content": "a\nb", "text_size": "normal", "text_color": "default"}
    assert found("markdown", Paragraph((("a",), (Bold("b"),))))[0]["content"] == "a<br>&#8203;**b**&#8203;"


def test_pairs_are_lines() -> None:
    (element,) = found("markdown", Fields((("Owner", ("Lin",)), ("ROI", ("2.2:1",)))))
    assert element["content"] == "<font color='grey'>Owner</font>&ensp;Lin<br><font color='grey'>ROI</font>&ensp;2.2&#58;1"


def test_the_fallback_calls_nobody() -> None:
    payload = render(Message((), '<at user_id="all">all</at>'), {})
    assert payload.text == '＜at user_id="all">all＜/at>'


# ------------------------------------------------------------------ the card


def test_the_first_heading_is_the_title() -> None:
    card = shown(Heading((Bold("DAU"), " fell")), Paragraph((("x",),))).card
    assert card["header"] == {"title": {"tag": "plain_text", "content": "DAU fell"}}
    assert card["config"] == {"update_multi": True, "summary": {"content": "fallback"}}


@pytest.mark.parametrize(
    "blocks", [(Heading(("x" * (TITLE_LETTERS + 1),)), Paragraph((("y",),))), (Heading(("alone",)),), (Paragraph((("x",),)), Heading((("h"),)))]
)
def test_a_heading_that_has_no_room_or_no_text_below_stands_in_the_card(blocks: tuple[Block, ...]) -> None:
    payload = shown(*blocks)
    assert "header" not in payload.card
    assert any(part.get("text_size") == "heading" for part in objects(payload.card))


def test_a_message_without_blocks_says_its_fallback() -> None:
    assert said_in(shown()) == ["fallback"]


def said_in(payload: FeishuPayload) -> list[object]:
    return [part["content"] for part in objects(payload.card["body"]) if "content" in part]


def test_a_chart_is_its_picture_or_its_words() -> None:
    (picture, _) = elements(CHART, digest="img_v3_x")
    assert (picture["tag"], picture["img_key"], picture["alt"]) == ("img", "img_v3_x", {"tag": "plain_text", "content": CHART.alt})
    assert said_in(shown(CHART)) == [CHART.alt]


def test_a_file_is_named_with_its_size() -> None:
    assert said_in(shown(File("orders.csv", "text/csv", "ref", 2048))) == ["orders.csv · 2 kB"]


def test_a_button_gives_back_its_token_and_what_the_card_is_about() -> None:
    pressed = Button("Done", PRESS, "danger", confirm="Sure?", token="signed")
    (button,) = [part for part in objects(shown(Actions((pressed,)), subject="task:12").card) if part.get("tag") == "button"]
    assert button["behaviors"] == [{"type": "callback", "value": {"token": "signed", "subject": "task:12", "locale": "en"}}]
    assert button["type"] == "danger"
    assert button["confirm"] == {"title": {"tag": "plain_text", "content": "Done"}, "text": {"tag": "plain_text", "content": "Sure?"}}


def test_empty_blocks_leave_nothing() -> None:
    nothing = (Heading(()), Paragraph((("",), ())), Fields(()), Table((), ()), Actions(()), Context((" ",)))
    assert said_in(shown(*nothing)) == ["fallback"]


# ------------------------------------------------------------------ tables


def test_figures_stand_to_the_right_and_sentences_have_room() -> None:
    sentence = "当天卖出商品的数量 × 单价之和，未扣退款，不含坏账调整"
    (made,) = found("table", Table((Column("A"), Column("B", "right"), Column("C")), ((("x",), (number("−1", "bad"),), (sentence,)),)))
    columns = made["columns"]
    assert isinstance(columns, list)
    assert [(column["horizontal_align"], column["data_type"], column["width"]) for column in columns] == [
        ("left", "text", "auto"),
        ("right", "markdown", "auto"),
        ("left", "text", "240px"),
    ]
    assert made["rows"] == [{"c0": "x", "c1": "<font color='red'>−1</font>", "c2": sentence}]
    assert made["freeze_first_column"] is False


def test_ten_rows_are_a_page() -> None:
    assert [found("table", table(rows))[0]["page_size"] for rows in (0, 3, 40)] == [1, 3, PAGE_ROWS]


def test_a_table_cut_short_follows_whole_as_a_file() -> None:
    payload = shown(table(134))
    assert said_in(payload)[-1] == "84 more rows; all 134 are in kpi-board-1.csv, in the thread."
    (file,) = payload.files
    assert (file.name, file.media_type, len(file.content.splitlines())) == ("kpi-board-1.csv", "text/csv", 135)


@pytest.mark.parametrize(
    ("made", "note"),
    [
        (table(3, total=20), "17 more rows not shown here."),
        (table(60, total=90), "40 more rows; the first 60 are in kpi-board-1.csv, in the thread."),
        (table(2, columns=COLUMNS + 1), "Too wide to show whole; all columns are in kpi-board-1.csv, in the thread."),
    ],
)
def test_what_is_left_out_is_said(made: Table, note: str) -> None:
    assert said_in(shown(made)) == [note]


def test_a_table_too_many_is_told_line_by_line() -> None:
    made = elements(*[table(2)] * (TABLES + 1))
    assert sum(element["tag"] == "table" for element in made) == TABLES
    assert made[-1]["text_size"] == "normal"
    assert made[-1]["content"] == "&#8203;**r0**&#8203; · 0<br>&#8203;**r1**&#8203; · 1"


# ------------------------------------------------------------------ forms


def test_a_form_has_its_fields_and_sends_its_token() -> None:
    label, given_, hint, submit = field("text", "8.5w", placeholder="8.5万", hint="Write 85k", error="not understood", required=False)
    assert label["content"] == "Who <font color='grey'>optional</font><br><font color='red'>not understood</font>"
    assert given_ == {
        "tag": "input",
        "input_type": "text",
        "name": "f0_who",
        "required": False,
        "width": "fill",
        "placeholder": {"tag": "plain_text", "content": "8.5万"},
        "max_length": INPUT_LETTERS,
        "default_value": "8.5w",
    }
    assert hint["text"] == {"tag": "plain_text", "content": "Write 85k", "text_size": "notation", "text_color": "grey"}
    assert (submit["name"], submit["form_action_type"]) == ("submit0", "submit")
    assert submit["behaviors"] == [{"type": "callback", "value": {"token": "t", "subject": "", "locale": "en"}}]


@pytest.mark.parametrize(
    ("kind", "value", "tag", "kept"),
    [
        ("number", "8.5w", "input", {"default_value": "8.5w"}),
        ("multiline", "a\nb", "input", {"input_type": "multiline_text", "default_value": "a\nb"}),
        ("date", "2024-06-07", "date_picker", {"initial_date": "2024-06-07"}),
        ("date", "下周五", "input", {"default_value": "下周五"}),
        ("select", "xu", "select_static", {"initial_option": "xu"}),
        ("select", "老王", "select_static", {"initial_option": "老王"}),
        ("multiselect", "xu,lin", "multi_select_static", {"selected_values": ["xu", "lin"]}),
    ],
)
def test_what_was_typed_stays_in_its_field(kind: str, value: str, tag: str, kept: Json) -> None:
    options = CHOICES if "select" in kind else ()
    given_ = field(kind, value, options=options)[1]
    assert given_["tag"] == tag
    assert kept.items() <= given_.items()


def test_a_select_with_too_many_choices_is_typed_into() -> None:
    assert field("select", options=tuple(Option(str(each), str(each)) for each in range(200)))[1]["tag"] == "input"


def test_a_choice_without_a_value_is_none() -> None:
    assert field("select", options=(Option("", "今天"),))[1]["tag"] == "input"


def test_more_than_an_input_takes_is_said() -> None:
    _, given_, note, _ = field("multiline", "长" * (INPUT_LETTERS + 1))
    assert given_["default_value"] == "长" * INPUT_LETTERS
    assert "1000" in str(note["text"])


def test_a_file_is_sent_in_the_chat() -> None:
    asked = Form("Import", (Field("file", "The report", "file", hint="CSV or XLSX"),), Button("Send", PRESS))
    assert found("form", asked) == []
    assert said_in(shown(asked))[-1] == "The report: send the file here in the chat.\nCSV or XLSX"
    both = Form("Import", (Field("kind", "Kind"), Field("file", "The report", "file")), Button("Send", PRESS))
    assert len(found("form", both)) == 1


def test_two_forms_of_a_card_share_no_name() -> None:
    asked = Form("Log", (Field("dau", "DAU"), Field("day", "Day", "date")), Button("Send", PRESS))
    names = [part["name"] for part in elements(asked, asked) if "name" in part]
    assert len(set(names)) == len(names) == 8


def test_a_submitted_form_is_read_by_its_fields_names() -> None:
    values = {
        "f0_values": "dau=8.5w",
        "d0_day": "2024-06-07 +0800",
        "f1_who": ["lin", "xu"],
        "f0_note": None,
        "f0_d0_x": "2024-06-07 +0800",
        "else": "x",
    }
    assert typed(values) == {"values": "dau=8.5w", "day": "2024-06-07", "who": "lin,xu", "note": "", "d0_x": "2024-06-07 +0800"}
    assert typed({"d0_day": None, "d1_due": "2024-06-07"}) == {"day": "", "due": "2024-06-07"}


# ------------------------------------------------------------------ size


def test_a_card_too_large_shows_fewer_rows() -> None:
    wide = Table((Column("A"), Column("B")), tuple(((f"r{row}",), ("长" * 300,)) for row in range(50)))
    payload = shown(wide)
    (made,) = [part for part in objects(payload.card) if part.get("tag") == "table"]
    assert isinstance(made["rows"], list)
    assert 5 <= len(made["rows"]) < 50
    assert weigh(payload.card).fits
    assert [file.name for file in payload.files] == ["kpi-board-1.csv"]


def test_long_texts_are_cut_and_follow_whole() -> None:
    payload = shown(*[Paragraph((("昨天的成交额比前天多。" * 300,),))] * 6, Actions((Button("Done", PRESS, token="t"),)))
    assert weigh(payload.card).fits
    assert any(part.get("tag") == "button" for part in objects(payload.card))
    assert [file.name for file in payload.files] == ["kpi-board.txt"]
    assert str(said_in(payload)[0]).endswith("…")


def test_tables_are_shortened_and_go_into_their_files_before_any_line_is_cut() -> None:
    line = "昨天的成交额比前天多。" * 60
    many = [Table((Column("A"), Column("B")), tuple((("长" * 100,), ("长" * 100,)) for _ in range(30)))] * 4
    payload = shown(Paragraph(((line,),)), *many, Actions((Button("Done", PRESS, token="t"),)))
    assert said_in(payload)[0] == line
    assert [file.name for file in payload.files] == [f"kpi-board-{number}.csv" for number in range(1, 5)]


@pytest.mark.parametrize("crowd", [[Context(("x",))] * ELEMENTS, [Fields((("x", ("y" * 90,)),) * 200)] * 3])
def test_of_a_message_too_large_for_a_card_buttons_and_headings_stay(crowd: list[Block]) -> None:
    asked = Form("Log", (Field("dau", "DAU"),), Button("Send", PRESS, token="sent"))
    payload = shown(*crowd, Heading(("Slow",)), asked, Actions((Button("Done", PRESS, token="t"), Button("Later", PRESS, token="u"))))
    assert tokens(payload) == ["sent", "t", "u"]
    assert "Slow" in str(said_in(payload))
    assert said_in(payload)[-1] == "This is more than one card can hold. All of it is in kpi-board.txt, in the thread."
    assert [file.name for file in payload.files] == ["kpi-board.txt"]


def test_of_more_buttons_than_a_card_takes_the_first_stay_and_the_message_is_told_in_short() -> None:
    payload = shown(*[Actions((Button("Done", PRESS, token=f"{number}" * 1_000),)) for number in range(10, 40)])
    assert tokens(payload) == [f"{number}" * 1_000 for number in range(10, 10 + len(tokens(payload)))]
    assert said_in(payload)[0] == "fallback"
    assert said_in(payload)[-1] == "This is more than one card can hold. All of it is in kpi-board.txt, in the thread."


few = st.builds(Button, st.text(max_size=9), st.just(PRESS), token=st.text("ab", min_size=1, max_size=9))
# Much around a few buttons, wherever they stand.
crowded = st.builds(
    lambda crowd, times, offered, place: Message(((crowd * times)[:place] + offered + (crowd * times)[place:]), "fallback"),
    st.lists(blocks, min_size=1, max_size=3).map(tuple),
    st.integers(1, 90),
    st.lists(st.builds(Actions, st.lists(few, min_size=1, max_size=3).map(tuple)), min_size=1, max_size=3).map(tuple),
    st.integers(0, 90),
)


@given(messages | crowded)
def test_buttons_stay_whatever_else_the_message_says(message: Message) -> None:
    offered = [block for block in message.blocks if isinstance(block, Actions)]
    alone = [buttons(block.buttons, message.subject, Locale(message.locale)) for block in offered if block.buttons]
    payload = render(message, {})
    assert weigh(payload.card).fits
    assume((weigh({"elements": alone}) + FRAME).fits)
    assert Counter(button.token for block in offered for button in block.buttons) <= Counter(tokens(payload))


def tokens(payload: FeishuPayload) -> list[object]:
    """What a press on each of its buttons would give back."""
    return [value["token"] for part in objects(payload.card) if isinstance(value := part.get("value"), dict)]


def test_elements_are_what_has_a_tag() -> None:
    assert tagged(shown(Actions((Button('"tag":', PRESS), Button("b", PRESS)))).content) == 7


def test_the_size_is_that_of_the_card_as_a_string() -> None:
    def card(word: str) -> Json:
        return {"tag": "markdown", "content": word}

    for word in ('"', "\\", "\x01", "达", "a"):
        rest = BODY_BYTES + 2 - len(json.dumps(json.dumps(card(""), separators=(",", ":"))).encode())
        times = rest // (len(json.dumps(json.dumps(word, ensure_ascii=False), ensure_ascii=False).encode()) - 6)
        assert weigh(card(word * times)).fits
        assert not weigh(card(word * (times + 1))).fits


def test_an_instant_is_told_in_the_words_given() -> None:
    assert said_in(shown(Paragraph(((Date("9:00", datetime(2024, 6, 7, 1, tzinfo=UTC)),),)))) == ["9:00"]
