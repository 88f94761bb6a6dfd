"""Do our rules refuse what Feishu's documents refuse? A good card, and one broken card for each rule."""

from __future__ import annotations

import pytest

from tests.contract.feishu_rules import ELEMENTS, NESTING, TABLES, problems

Json = dict[str, object]


def text(words: str) -> Json:
    return {"tag": "plain_text", "content": words}


def card(*elements: object, **more: object) -> Json:
    return {"schema": "2.0", "config": {"update_multi": True}, "body": {"elements": list(elements)}, **more}


def button(**more: object) -> Json:
    return {"tag": "button", "text": text("OK"), "behaviors": [{"type": "callback", "value": {"token": "t"}}], **more}


def form(*elements: Json, name: str = "form") -> Json:
    return {"tag": "form", "name": name, "elements": [*elements, button(name=f"{name}-send", form_action_type="submit")]}


def select(**more: object) -> Json:
    return {"tag": "select_static", "name": "who", "options": [{"text": text("Lin"), "value": "lin"}], **more}


def several(**more: object) -> Json:
    return select(**more) | {"tag": "multi_select_static"}


def column_set(*elements: Json) -> Json:
    return {"tag": "column_set", "columns": [{"tag": "column", "elements": list(elements)}]}


def nested(depth: int) -> Json:
    inner: Json = {"tag": "hr"}
    for _ in range(depth):
        inner = column_set(inner)
    return inner


def table(**more: object) -> Json:
    return {"tag": "table", "columns": [{"name": "c0", "data_type": "text"}], "rows": [{"c0": "x"}], **more}


HR: Json = {"tag": "hr"}
GOOD = (
    card(HR, table(), form({"tag": "input", "name": "why"}, select(), several(name="whom", selected_values=["lin"])), column_set(button())),
    card(*[table() for _ in range(TABLES)]),
    card(nested(NESTING)),
    card(*[HR] * ELEMENTS),
    card({"tag": "markdown", "content": "x" * 29_000}),
    card({"tag": "date_picker", "name": "due", "initial_date": "2024-06-07"}, header={"title": text("Hi"), "template": "blue"}),
    card({"tag": "img", "img_key": "img_v3_x", "alt": text("a picture")}),
)
BROKEN = {
    "an unknown property": card({**HR, "padding": "4px"}),
    "an unknown property of the card": card(elements=[]),
    "an unknown property of a text": card({"tag": "div", "text": {**text("x"), "bold": True}}),
    "an unknown component": card({"tag": "note"}),
    "the old structure": {"schema": "1.0", "body": {"elements": []}},
    "no body": {"schema": "2.0"},
    "a card of its own for each reader": card(config={"update_multi": False}),
    "more than 30 KB": card({"tag": "markdown", "content": "达" * 11_000}),
    "more than 30 KB with its quotes escaped": card({"tag": "markdown", "content": '"' * 9_000}),
    "too many elements": card(*[HR] * (ELEMENTS + 1)),
    "too many elements, words included": card(*[{"tag": "div", "text": text("x")}] * (ELEMENTS // 2 + 1)),
    "too many tables": card(*[table() for _ in range(TABLES + 1)]),
    "containers too deep": card(nested(NESTING + 1)),
    "a table within columns": card(column_set(table())),
    "a form within columns": card(column_set(form())),
    "a form within a form": card(form(form(name="inner"))),
    "a table within a form": card(form(table())),
    "a chart within a form": card(form({"tag": "chart"})),
    "a column alone": card({"tag": "column", "elements": []}),
    "a form without a button": card({"tag": "form", "name": "form", "elements": [{"tag": "input", "name": "why"}]}),
    "a form without a name": card({"tag": "form", "elements": [button(name="send", form_action_type="submit")]}),
    "an input of a form without a name": card(form({"tag": "input"})),
    "a button of a form that does nothing": card(form(button(name="other"))),
    "a name twice": card(form({"tag": "input", "name": "why"}, {"tag": "input", "name": "why"})),
    "an element_id twice": card({**HR, "element_id": "line"}, {**HR, "element_id": "line"}),
    "an element_id too long": card({**HR, "element_id": "x" * 21}),
    "an element_id that begins with a figure": card({**HR, "element_id": "1st"}),
    "several choices outside a form": card(several()),
    "an option twice": card(select(options=[{"text": text("Lin"), "value": "lin"}] * 2)),
    "no options": card(select(options=[])),
    "a choice that is no option": card(select(initial_option="xu")),
    "choices that are no options": card(form(several(selected_values=["xu"]))),
    "a placeholder too long": card({"tag": "input", "placeholder": text("x" * 101)}),
    "an input too long": card({"tag": "input", "max_length": 1_001}),
    "an input with too much in it": card({"tag": "input", "default_value": "x" * 1_001}),
    "a date not written as one": card({"tag": "date_picker", "initial_date": "6/7"}),
    "a page of too many rows": card(table(page_size=11)),
    "a page without rows": card(table(page_size=0)),
    "too many columns": card(table(columns=[{"name": f"c{number}", "data_type": "text"} for number in range(51)], rows=[])),
    "a column twice": card(table(columns=[{"name": "c0", "data_type": "text"}] * 2)),
    "a column of no kind": card(table(columns=[{"name": "c0"}])),
    "a column too narrow": card(table(columns=[{"name": "c0", "data_type": "text", "width": "79px"}])),
    "a cell without its column": card(table(rows=[{"c1": "x"}])),
    "a text cell that is a figure": card(table(rows=[{"c0": 1}])),
    "a picture without a key": card({"tag": "img", "alt": text("x")}),
    "a picture without words": card({"tag": "img", "img_key": "img_v3_x"}),
    "a question without a title": card(button(confirm={"text": text("Sure?")})),
    "a button of an unknown kind": card(button(type="warning")),
    "a title without words' kind": card(HR, header={"title": {"content": "Hi"}}),
    "a title of an unknown colour": card(HR, header={"title": text("Hi"), "template": "pink"}),
    "a header without a title": card(HR, header={}),
    "a space that is no measure": card({**HR, "margin": "4"}),
}


@pytest.mark.parametrize("good", GOOD)
def test_a_good_card_is_taken(good: Json) -> None:
    assert problems(good) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_card_is_refused(name: str) -> None:
    assert problems(BROKEN[name])


def test_what_is_no_card_is_refused() -> None:
    assert problems(["no card"])


def test_a_problem_names_its_place_and_the_page_of_the_rule() -> None:
    (told,) = problems(card(HR, {**HR, "padding": "4px"}))
    assert told == "body[1].padding: unknown property (card-json-v2-components/content-components/divider)"
