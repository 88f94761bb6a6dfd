"""Can a message be read in a terminal?"""

from __future__ import annotations

from bot.platforms.text import render, width
from core.messages.model import Actions, Bold, Button, Column, Field, Form, Heading, Message, Paragraph, Press, Table


def test_columns_stand_under_each_other_in_either_script() -> None:
    columns = (Column("指标"), Column("实际", "right"))
    table = Table(columns, ((("DAU",), ("8.5万",)), (("客单价",), ("¥120",))), total=9)
    lines = render(Message((table,), "")).splitlines()
    assert lines[:3] == ["指标     实际", "DAU     8.5万", "客单价   ¥120"]
    assert len({width(line) for line in lines[:3]}) == 1
    assert lines[3] == "… 9"


def test_a_form_shows_what_is_required_typed_and_wrong() -> None:
    fields = (Field("task", "Task", value="T-x", error="no such task"), Field("note", "Note", required=False))
    form = Form("Finish", fields, Button("Send", Press("task done", {})))
    assert render(Message((form,), "")).splitlines() == ["Finish", " * Task (task): T-x", "     ! no such task", "   Note (note): ", "[Send]"]


def test_phrases_become_their_words() -> None:
    message = Message((Heading((Bold("Morning"),)), Paragraph((("a", Bold("b")),)), Actions((Button("Go", Press("kpi board", {})),))), "")
    assert render(message) == "Morning\n\nab\n\n[Go]"
