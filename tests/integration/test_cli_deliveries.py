"""Does an operator see what went out, and a person the same in chat, in either language?"""

from __future__ import annotations

import json

import pytest

from tests.command_line import Terminal

NINE = ("--now", "2024-06-04T09:00")


@pytest.fixture
def morning(shop: Terminal) -> Terminal:
    """The demo shop after its digest has gone out."""
    assert shop(*NINE, "tick").code == 0
    return shop


def test_the_days_deliveries_are_listed_for_operators(morning: Terminal) -> None:
    told = morning(*NINE, "deliveries")
    assert told.code == 0
    assert "S-1" in told.out
    assert "已发出" in told.out
    (row,) = json.loads(morning(*NINE, "--json", "deliveries").out)["data"]["deliveries"]
    assert (row["schedule"], row["state"], row["channel"]) == ("S-1", "sent", "ops")


def test_nothing_failed_is_said_so(morning: Terminal) -> None:
    assert "近 14 天都发好了" in morning(*NINE, "deliveries", "--failed").out


def test_a_day_that_is_none_is_wrong_usage(morning: Terminal) -> None:
    told = morning("deliveries", "someday")
    assert (told.code, told.out) == (2, "")
    assert "is no day" in told.err


@pytest.mark.parametrize(
    "line",
    [
        "/ops deliveries",
        "/ops deliveries today",
        "/ops deliveries S-1",
        "/运营 投递 今天",
        "/运营 投递 s1",
        "/运营 投递 6月4日",
        "/ops deliveries 2024-06-04",
    ],
)
def test_people_see_the_same_in_chat_however_they_say_it(morning: Terminal, line: str) -> None:
    assert "已发出" in morning(*NINE, "say", line).out


@pytest.mark.parametrize("line", ["/运营 投递 失败", "/ops deliveries failed", "/运营 投递 没发出"])
def test_what_failed_is_asked_for_in_either_language(morning: Terminal, line: str) -> None:
    assert "近 14 天都发好了" in morning(*NINE, "say", line).out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/ops deliveries soon", "我没看懂「soon」"),
        ("/ops deliveries S-9", "没有定时 S-9"),
        ("/ops resend S-1", "没有发不出的"),
        ("/ops resend everything", "请写定时的编号"),
        ("/ops resend 12345", "找不到这条投递"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(morning: Terminal, line: str, said: str) -> None:
    told = morning(*NINE, "say", line)
    assert told.code == 3
    assert said in told.out
