"""Does a message keep its sense on Slack: nothing lost, nothing pinged, buttons that say what they stand for?"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

import pytest

from bot.platforms.slack.limits import INPUT_VALUE, begin, length
from bot.platforms.slack.payload import Object, SlackPayload
from bot.platforms.slack.render import render, render_home, render_view
from bot.platforms.slack.render_actions import subject_of
from bot.platforms.slack.render_form import faults, render_modal, typed
from bot.platforms.slack.render_inline import escaped
from core.domain.workspaces import Locale
from core.messages.model import (
    Actions,
    Block,
    Button,
    ChannelLink,
    Chart,
    Column,
    Context,
    Field,
    Fields,
    Form,
    Heading,
    Link,
    Mention,
    Message,
    Option,
    Paragraph,
    Press,
    Table,
)
from tests.contract.platform_contract import ATTACKS, BAD_ADDRESSES, CHART, PLAIN
from tests.contract.samples import blocks, sample
from tests.contract.slack_words import fallback, objects, skeleton, targets, words

PRESS = Press("task done", {"task": "T-1"})
GO = Button("Go", PRESS, token="token")


def shown(*parts: Block, refs: dict[str, str] | None = None, subject: str = "") -> SlackPayload:
    return render(Message(parts, "in short", "kpi.board", "en", subject), refs or {})


def kinds(payload: SlackPayload) -> list[object]:
    return [block["type"] for block in payload.blocks]


def found(view: Object, kind: str) -> list[Object]:
    return [part for part in objects(view) if part.get("type") == kind]


def table(rows: int, columns: int = 2, total: int | None = None) -> Table:
    cells = tuple(tuple((f"cell {row} {column}",) for column in range(columns)) for row in range(rows))
    return Table(tuple(Column(f"head {column}", "right" if column else "left") for column in range(columns)), cells, total)


# ------------------------------------------------------------------ the rendering half of the platform contract


@pytest.mark.parametrize("locale", Locale)
def test_every_block_says_its_words(locale: Locale) -> None:
    payload = render(sample(locale), {})
    for expected in ("T-12", "林晓", "2.2:1", "−15%", "orders.csv", "8.5w", "/kpi board", "ops", "618"):
        assert expected in words(payload)
    assert fallback(payload) == sample(locale).fallback


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("number", range(10))
def test_markup_in_words_stays_words(number: int, attack: str) -> None:
    attacked, plain = (render(Message((blocks(word)[number],), word), {}) for word in (attack, PLAIN))
    assert skeleton(attacked) == skeleton(plain)
    assert attack in words(attacked)


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_a_link_leads_only_to_the_web(url: str) -> None:
    payload = shown(Paragraph(((Link("here", url),),)))
    assert targets(payload) == []
    assert "here" in words(payload)


def test_a_web_link_leads_where_it_says() -> None:
    url = "https://example.org/?a=1&b=%3C"
    assert targets(shown(Paragraph(((Link("here", url),),)))) == [url]


def test_a_chart_is_its_picture_or_its_words() -> None:
    assert CHART.alt in words(shown(CHART))
    (image,) = shown(CHART, refs={"digest": "F1"}).blocks
    assert (image["type"], image["slack_file"], image["alt_text"]) == ("image", {"id": "F1"}, CHART.alt)


# ------------------------------------------------------------------ words


def test_only_those_are_called_whose_account_is_known() -> None:
    line = (Mention(7, "Lin"), ChannelLink(3, "ops"))
    assert "@Lin#ops" in words(shown(Paragraph((line,)))).replace("\n", "")
    payload = shown(Paragraph((line,)), refs={"member:7": "U7", "channel:3": "C3"})
    assert [part.get("user_id") or part.get("channel_id") for part in objects(payload.blocks) if part.get("type") in ("user", "channel")] == [
        "U7",
        "C3",
    ]


def test_a_heading_is_a_header_unless_that_would_lose_something() -> None:
    assert kinds(shown(Heading(("a" * 150,)))) == ["header"]
    assert "a" * 151 in words(shown(Heading(("a" * 151,))))
    assert targets(shown(Heading((Link("here", "https://example.org"),)))) == ["https://example.org"]


def test_a_quiet_line_keeps_its_link() -> None:
    assert kinds(shown(Context(("quiet",)))) == ["context"]
    assert targets(shown(Context((Link("here", "https://example.org"),)))) == ["https://example.org"]


def test_what_says_nothing_is_no_block() -> None:
    assert kinds(shown(Heading(("a",)), Paragraph(()), Fields(()), Context(("",)), Actions(()), Table((Column("a"),), ()))) == ["header"]


def test_entities_count_towards_a_limit() -> None:
    assert escaped("<<<<", 12) == "&lt;&lt;…"
    assert length(escaped("🔔" * 10, 7)) <= 7


def test_a_text_is_cut_between_words_and_never_inside_a_number() -> None:
    assert escaped("Log GMV of 85,000", 15) == "Log GMV of…"


def test_what_was_typed_and_has_no_room_in_its_input_is_said_to_be_cut() -> None:
    typed_before = "🔔" * INPUT_VALUE
    (asked,) = found(render_modal(Form("Log", (Field("note", "Note", value=typed_before),), GO), "", Locale.EN), "input")
    (held,) = found(asked, "plain_text_input")
    assert held["initial_value"] == begin(typed_before, INPUT_VALUE) == "🔔" * (INPUT_VALUE // 2)
    assert "only the beginning is filled in" in str(asked["hint"])


# ------------------------------------------------------------------ tables


def test_one_table_is_a_block_and_another_reads_as_lines() -> None:
    payload = shown(table(2), table(1, columns=3))
    assert kinds(payload) == ["table", "rich_text"]
    assert "cell 0 0 · head 1 cell 0 1 · head 2 cell 0 2" in "".join(words(SlackPayload("", payload.blocks[1:])).splitlines())


def test_tables_of_the_same_columns_look_the_same() -> None:
    assert kinds(shown(table(2), table(1))) == ["rich_text", "rich_text"]


def test_lines_of_words_stand_under_the_names_of_their_columns() -> None:
    meanings = Table((Column("Metric"), Column("Meaning")), ((("GMV",), ("what was ordered",)),))
    payload = shown(meanings, meanings)
    assert kinds(payload) == ["context", "rich_text"] * 2
    assert words(payload).count("Metric · Meaning") == 2
    assert "GMV · what was ordered" in "".join(words(SlackPayload("", payload.blocks[1:2])).splitlines())


def test_a_table_too_long_is_cut_and_hangs_below_as_a_file() -> None:
    payload = shown(table(183))
    (block, note) = payload.blocks
    assert isinstance(block["rows"], Sequence)
    assert len(block["rows"]) == 100
    assert "84 more rows; all 183 are in kpi-board.csv, in the thread." in words(payload)
    (file,) = payload.files
    assert (file.name, note["type"]) == ("kpi-board.csv", "context")
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    assert (len(rows), rows[0], rows[-1]) == (184, ["head 0", "head 1"], ["cell 182 0", "cell 182 1"])


def test_a_table_of_the_first_rows_says_how_many_there_are() -> None:
    payload = shown(table(16, total=100))
    assert "84 more rows not shown here." in words(payload)
    assert payload.files == ()


def test_a_formula_in_a_cell_stays_words_in_the_file() -> None:
    formulas, figures = ("=1+1", "@SUM(1)", "-1+cmd|'/C calc'!A1", "+A1"), ("+2.3%", "-¥1,234", "+3 min", "+2个百分点", "+2.2:1")
    cells = tuple(((word,),) for word in (*formulas, *figures) * 20)
    (file,) = shown(Table((Column("a"),), cells)).files
    rows = [row[0] for row in csv.reader(StringIO(file.content.decode("utf-8-sig")))]
    assert rows[1:10] == [*(f"'{formula}" for formula in formulas), *figures]


# ------------------------------------------------------------------ buttons


def test_a_button_carries_its_token_and_the_subject_of_its_card() -> None:
    payload = shown(Actions((GO,) * 7), subject="task:12")
    buttons = [part for part in objects(payload.blocks) if part.get("type") == "button"]
    assert [button["action_id"] for button in buttons] == [f"press:{number}" for number in range(7)]
    assert {button["value"] for button in buttons} == {"token"}
    assert [subject_of(str(block["block_id"])) for block in payload.blocks] == ["task:12", "task:12"]
    assert subject_of("|3") == ""


def test_a_button_asks_before_it_acts_where_it_should() -> None:
    (block,) = shown(Actions((Button("Remove", PRESS, "danger", "Remove it?"),))).blocks
    (button,) = found(block, "button")
    assert "Remove it?" in str(button["confirm"])
    assert button["style"] == "danger"


# ------------------------------------------------------------------ forms


def test_a_form_in_a_message_is_a_button_under_what_was_typed_and_is_wrong() -> None:
    form = Form("Log a figure", (Field("values", "Values", value="dau=x", error="Not a number."),), GO, opening="opening")
    payload = shown(form)
    (button,) = found(payload.body(), "button")
    assert (button["action_id"], button["value"]) == ("form", "opening")
    assert "dau=x" in words(payload)
    assert "Not a number." in words(payload)


def test_a_form_with_nothing_left_to_fill_in_can_be_sent_as_it_is() -> None:
    form = Form("Columns", (Field("price", "Price", value="Price"),), GO, opening="opening")
    sending, opening = found(shown(form).body(), "button")
    assert (sending["action_id"], sending["value"], sending["text"]) == ("press:0", "opening", {"type": "plain_text", "text": "Go", "emoji": False})
    assert opening["action_id"] == "form"


def test_what_the_message_says_already_is_not_said_again() -> None:
    form = Form("Settings", (Field("zone", "Zone", value="Asia/Shanghai", required=False),), GO)
    assert kinds(shown(Fields((("Time zone", ("Asia/Shanghai",)),)), form)) == ["rich_text", "actions"]


def test_a_modal_shows_what_was_typed_and_what_was_wrong() -> None:
    choices = (Option("a", "A"), Option("b", "B"))
    fields = (
        Field("title", "Title", value="8.5w", error="Too short."),
        Field("due", "Due", "date", "2024-06-07"),
        Field("odd", "Odd", "date", "next week"),
        Field("who", "Who", "select", "b", options=choices),
        Field("all", "All", "multiselect", "a,b", options=choices, required=False),
        Field("file", "File", "file"),
    )
    form = Form("Write a task down, with all that belongs to it", fields, GO)
    view = render_modal(form, "metadata", Locale.EN)
    assert [part["block_id"] for part in found(view, "input")] == ["title", "due", "odd", "who", "all", "file"]
    assert "Too short." in str(found(view, "input")[0]["hint"])
    assert [part["initial_value"] for part in found(view, "plain_text_input")] == ["8.5w", "next week"]
    assert found(view, "datepicker")[0]["initial_date"] == "2024-06-07"
    assert "'value': 'b'" in str(found(view, "static_select")[0]["initial_option"])
    assert form.title in str(found(view, "section"))
    assert faults(form) == {"title": "Too short."}


@pytest.mark.parametrize(
    "field",
    [
        Field("who", "Who", "select", options=tuple(Option(str(number), f"N{number}") for number in range(101))),
        Field("who", "Who", "select", options=(Option("x" * 151, "N0"),)),
        Field("who", "Who", "select", "typed", options=(Option("a", "N0"),)),
    ],
    ids=["too many", "too long", "typed something else"],
)
def test_choices_that_no_menu_can_show_are_typed_and_named(field: Field) -> None:
    view = render_modal(Form("Who", (field,), GO), "", Locale.EN)
    assert len(found(view, "plain_text_input")) == 1
    assert "N0" in str(found(view, "input")[0]["hint"])


def test_metadata_that_would_be_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="3001"):
        render_modal(Form("Who", (), GO), "x" * 3001, Locale.EN)


def test_a_submitted_view_is_read_by_field() -> None:
    state: Object = {
        "values": {
            "title": {"value": {"type": "plain_text_input", "value": "8.5w"}},
            "note": {"value": {"type": "plain_text_input", "value": None}},
            "due": {"value": {"type": "datepicker", "selected_date": "2024-06-07"}},
            "who": {"value": {"type": "static_select", "selected_option": {"value": "b"}}},
            "none": {"value": {"type": "static_select", "selected_option": None}},
            "all": {"value": {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}},
            "file": {"value": {"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]}},
        }
    }
    assert typed(state) == {"title": "8.5w", "note": "", "due": "2024-06-07", "who": "b", "none": "", "all": "a,b", "file": "F1,F2"}
    assert typed({}) == {}


# ------------------------------------------------------------------ other surfaces


def test_a_view_has_no_table_block_and_no_files() -> None:
    message = Message((table(183),), "in short", "kpi.board", "en")
    for view in (render_view(message, {}), render_home(message, {})):
        assert not found(view, "table")
        assert "cell 9 1" in str(view)


def test_a_message_too_long_keeps_its_buttons_and_hangs_below_whole() -> None:
    long = Paragraph(tuple((f"line {number} " + "x" * 90,) for number in range(200)))
    payload = shown(Heading(("First",)), long, Actions((GO,)))
    assert (kinds(payload)[0], kinds(payload)[-1]) == ("header", "actions")
    (file,) = payload.files
    assert "line 199" in file.content.decode("utf-8-sig")
    assert file.name in words(payload)


def test_a_message_without_anything_to_show_says_itself_in_short() -> None:
    assert words(shown(Chart("digest", "", "", ()))).split() == ["in", "short", "in", "short"]
