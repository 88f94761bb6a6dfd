"""Does the composer offer what could come next, in the person's language?"""

from __future__ import annotations

from handlers.kernel.command import REGISTRY
from handlers.kernel.complete import LIMIT, complete
from handlers.kernel.kinds import Scope
from tests.asking import EN, ZH


def offered(line: str, scope: Scope = ZH) -> list[str]:
    """The lines that the suggestions would make."""
    return [line[: item.start] + item.insert for item in complete(line, len(line), REGISTRY, scope)]


def test_a_slash_offers_commands_in_the_persons_language() -> None:
    assert offered("/")[:2] == ["/指标 看板 ", "/指标 记录 "]
    assert offered("/", EN)[:2] == ["/kpi board ", "/kpi log "]
    assert "/运营 帮助 " in offered("/")
    assert len(offered("/kpi show ")) == LIMIT


def test_commands_are_found_by_the_beginning_of_each_word_in_either_language() -> None:
    assert offered("/kpi l") == ["/指标 记录 "]
    assert offered("/kpi 记") == ["/指标 记录 "]
    assert offered("/指标 记录", EN) == ["/kpi log "]
    assert offered("/ops kpi l") == ["/指标 记录 "]
    assert offered("/t d", EN) == ["/task done "]


def test_a_suggestion_says_how_the_command_is_written_and_what_it_does() -> None:
    (board,) = complete("/kpi b", 6, REGISTRY, EN)
    assert (board.label, board.hint) == ("/kpi board [Date] [By day, week or month]", "See the board: actual, target and deviation")


def test_talk_is_not_completed() -> None:
    assert offered("昨天的指标") == []
    assert offered("") == []


def test_metric_codes_wait_for_their_value() -> None:
    assert "/kpi log dau=" in offered("/kpi log d")
    assert offered("/指标 记录 昨天 客单")[:1] == ["/指标 记录 昨天 basket="]


def test_days_and_choices_are_offered_until_they_are_given() -> None:
    assert {"/kpi board 昨天 ", "/kpi board 月 ", "/kpi board day="} <= set(offered("/kpi board "))
    assert offered("/kpi board 昨天 ") == ["/kpi board 昨天 日 ", "/kpi board 昨天 周 ", "/kpi board 昨天 月 ", "/kpi board 昨天 grain="]
    assert offered("/kpi board mo", EN) == ["/kpi board month "]


def test_a_key_offers_its_own_values() -> None:
    assert offered("/kpi board grain=") == ["/kpi board grain=日 ", "/kpi board grain=周 ", "/kpi board grain=月 "]
    assert offered("/kpi board --grain＝m", EN) == ["/kpi board --grain＝month "]
    assert offered("/kpi log dau=") == []


def test_a_flag_is_completed_to_its_key() -> None:
    assert offered("/kpi board --gr") == ["/kpi board grain="]


def test_tasks_are_found_by_number_and_title() -> None:
    assert offered("/task done ")[0] == "/task done T-12 "
    assert offered("/task done 备货") == ["/task done T-12 "]


def test_only_what_stands_before_the_caret_counts() -> None:
    assert [item.insert for item in complete("/kpi b昨天", 6, REGISTRY, EN)] == ["/kpi board "]
