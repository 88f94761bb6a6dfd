"""Is what people type read as they mean it, and is what cannot be read kept and named?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import catalogue
from core.domain.workspaces import Locale
from core.i18n.texts import text
from core.messages.model import Message
from handlers.kernel.arguments import Nothing
from handlers.kernel.command import REGISTRY, Registry, command
from handlers.kernel.context import Context
from handlers.kernel.parse import TYPED, Call, Routed, SmallTalk, call, route, routed_press
from tests.asking import EN, TODAY, ZH, asked, unknown, values

YESTERDAY, FRIDAY = date(2024, 6, 3), date(2024, 5, 31)


def name_of(line: str) -> str:
    found = route(line, REGISTRY)
    assert isinstance(found, Routed)
    return found.command.name


def wrong(made: Call) -> list[str]:
    return [error.key for error in (*made.stray, *made.mistakes.values())]


# ------------------------------------------------------------------ which command


@pytest.mark.parametrize(
    "line", ["/kpi board", "kpi board", "/指标 看板", "／指标 board", "/KPI 看板", "/ops kpi board", "/运营 指标 board", "  /kpi   board "]
)
def test_a_command_is_found_in_either_language_word_by_word(line: str) -> None:
    assert name_of(line) == "kpi board"


@pytest.mark.parametrize("line", ["/", "/ops", "/运营", "/ops help"])
def test_a_slash_and_ops_alone_are_help(line: str) -> None:
    assert name_of(line) == "ops help"
    assert values(line) == {}


@pytest.mark.parametrize("line", ["/kpi", "/指标", "/ops kpi", "/kpi help", "/指标 帮助"])
def test_a_family_alone_is_its_help(line: str) -> None:
    assert name_of(line) == "ops help"
    assert values(line) == {"topic": "kpi"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("/help", "help"),
        ("help", "help"),
        ("/帮助", "help"),
        ("/whoami", "whoami"),
        ("我是谁", "whoami"),
        ("/digest 昨天", "digest"),
        ("/晨报", "digest"),
    ],
)
def test_a_verb_of_ops_alone_is_its_command(line: str, name: str) -> None:
    assert name_of(line) == f"ops {name}"


def test_help_on_a_command_needs_no_family_of_its_own() -> None:
    assert values("/help kpi log") == {"topic": "kpi log"}


def test_an_unknown_verb_keeps_its_family_and_all_words() -> None:
    found = unknown("/指标 看版 昨天 周")
    assert found.family == "kpi"
    assert [word.raw for word in found.words] == ["指标", "看版", "昨天", "周"]


def test_an_unknown_family_keeps_all_words() -> None:
    assert [word.raw for word in unknown("/kpu log dau=8.5万").words] == ["kpu", "log", "dau=8.5万"]


# ------------------------------------------------------------------ arguments


@pytest.mark.parametrize(
    "line",
    ["/kpi log dau=8.5万", "/指标 记录 dau=8.5万", "/kpi log dau＝8.5万", "/kpi log --dau 8.5万", "/kpi log —dau 8.5万", "/kpi log dau='8.5万'"],
)
def test_an_assignment_is_kept_as_name_and_figure(line: str) -> None:
    assert values(line) == {"values": (("dau", "8.5万"),)}


def test_several_assignments_and_a_day_stand_in_any_order() -> None:
    assert values("/kpi log dau=8.5万 昨天 cac<=50") == {"values": (("dau", "8.5万"), ("cac", "<=50")), "day": (YESTERDAY, YESTERDAY)}


@pytest.mark.parametrize("written", ["gmv 25万", "gmv：25万", "gmv: 25万", "gmv:25万", "gmv=25万"])
def test_a_figure_behind_a_metrics_name_is_its_value(written: str) -> None:
    assert values(f"/kpi log 昨天 {written} dau 8.5万") == {"values": (("gmv", "25万"), ("dau", "8.5万")), "day": (YESTERDAY, YESTERDAY)}


def test_a_label_in_either_language_names_its_parameter() -> None:
    assert values("/kpi target gmv=800万 活动=618")["campaign"] == "618"
    assert values("/task add Banner 负责人=lin Due=明天")["owner"] == "lin"


def test_the_beginning_of_one_label_alone_names_its_parameter() -> None:
    assert values("/任务 添加 拍视频 到期=周五")["due"] == date(2024, 6, 7)
    assert "due" not in values("/任务 添加 拍视频 到=周五"), "one character is too little"


def test_the_days_and_people_at_the_end_of_a_title_are_due_and_owner() -> None:
    assert values("/task add Check the hero page tomorrow", EN) == {"title": "Check the hero page", "due": date(2024, 6, 5)}
    assert values("/task add Check the hero page next friday @lin @chen", EN) == {
        "title": "Check the hero page",
        "due": date(2024, 6, 14),
        "owner": "@lin,@chen",
    }
    assert values("/任务 添加 拍短视频 @唐苒 6月8日") == {"title": "拍短视频", "owner": "@唐苒", "due": date(2024, 6, 8)}


@pytest.mark.parametrize(
    "title",
    [
        "Ship version 1.2",
        "完成 3/4",
        "复盘 昨天",
        "tomorrow",
        "@lin",
        "Ask @lin about stock",
        "Call at 10",
        '"Check the page tomorrow"',
        "发 618 6-18",
    ],
)
def test_a_title_keeps_what_is_no_day_ahead_or_was_quoted_or_is_all_there_is(title: str) -> None:
    assert values(f"/task add {title}") == {"title": title.strip('"')}


def test_what_was_given_by_key_is_not_taken_from_the_title() -> None:
    assert values("/task add Plan for tomorrow due=Friday", EN) == {"title": "Plan for tomorrow", "due": date(2024, 6, 7)}


def test_a_parameters_own_name_goes_before_assignments() -> None:
    assert values("/kpi log day=昨天 dau=1") == {"values": (("dau", "1"),), "day": (YESTERDAY, YESTERDAY)}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("today", TODAY),
        ("今天", TODAY),
        ("昨天", YESTERDAY),
        ("-3d", date(2024, 6, 1)),
        ("周五", FRIDAY),
        ("3 June 2024", YESTERDAY),
        ("6月3日", YESTERDAY),
    ],
)
@pytest.mark.parametrize("form", ["/kpi board {day} month", "/kpi board 月 {day}", "/kpi board --grain month {day}", "/kpi board grain=月 {day}"])
def test_a_day_and_a_choice_stand_in_any_order(written: str, day: date, form: str) -> None:
    assert values(form.format(day=written)) == {"day": (day, day), "grain": "month"}


def test_a_day_may_look_ahead_where_the_command_does() -> None:
    assert values("/task add 备货 due=周五") == {"title": "备货", "due": date(2024, 6, 7)}


def test_a_day_that_depends_on_whom_one_asks_is_refused_in_english_with_both_readings() -> None:
    assert values("/kpi board 6/3", ZH) == {"day": (YESTERDAY, YESTERDAY)}
    made = asked("/kpi board 6/3", EN)
    assert made.mistakes["day"].args_ == {"typed": "6/3", "meant": "03-06 / 06-03"}


@pytest.mark.parametrize("metric", ["dau", "DAU", "日活跃用户"])
def test_a_metric_is_found_by_code_and_name(metric: str) -> None:
    assert values(f"/kpi show {metric} 28d")["metric"] == catalogue.metric("dau")


@pytest.mark.parametrize("task", ["T-12", "t12", "12", "#12", "Ｔ－１２"])
def test_a_task_is_named_by_its_number(task: str) -> None:
    assert values(f"/task done {task} 都好了") == {"task": 12, "note": "都好了"}


def test_a_sentence_keeps_its_own_quotes_equal_signs_and_dashes() -> None:
    assert values('/task add 核对 "满减" a=b —第二批 今天 due=周五')["title"] == '核对 "满减" a=b —第二批 今天'


def test_a_sentence_in_quotes_loses_them() -> None:
    assert values("/task add “备货 A 款” due=周五")["title"] == "备货 A 款"


@pytest.mark.parametrize("word", ["月", "每月", "MONTH", "ｍｏｎｔｈ"])
def test_a_choice_is_read_in_either_language_and_width(word: str) -> None:
    assert values(f"/kpi board {word}", EN) == {"grain": "month"}


# ------------------------------------------------------------------ mistakes


def test_a_missing_argument_is_named_and_the_rest_is_kept() -> None:
    made = asked("/kpi log 昨天")
    assert [item.name for item in made.missing] == ["values"]
    assert made.typed == {"day": "昨天"}


def test_a_wrong_word_stands_in_the_field_that_is_left_for_it() -> None:
    made = asked("/kpi board 昨添 month")
    assert (made.typed, wrong(made)) == ({"day": "昨添", "grain": "month"}, ["kernel.day.not_a_day"])


def test_a_right_word_behind_a_wrong_one_still_finds_its_field() -> None:
    made = asked("/kpi board mnth 昨天")
    assert (made.typed, wrong(made)) == ({"grain": "mnth", "day": "昨天"}, ["kernel.choice.unknown"])


def test_a_word_too_many_is_named() -> None:
    made = asked("/kpi board 昨天 month day")
    assert [error.args_["typed"] for error in made.stray] == ["day"]


def test_an_unknown_flag_is_named_and_its_value_kept() -> None:
    made = asked("/kpi board --dya 昨天")
    assert [error.args_["name"] for error in made.stray] == ["dya"]
    assert made.typed == {"day": "昨天"}


def test_an_unknown_flag_of_a_sentence_is_named_too() -> None:
    assert [error.args_["name"] for error in asked("/task add 备货 --prio high").stray] == ["prio"]


def test_an_argument_given_twice_is_not_overwritten() -> None:
    made = asked("/kpi board day=昨天 day=今天")
    assert made.typed["day"] == "昨天"
    assert [error.args_ for error in made.stray] == [{"name": "日期", "typed": "今天"}]


def test_a_flag_without_its_value_is_named() -> None:
    assert wrong(asked("/kpi board --day")) == ["kernel.argument.empty"]


@pytest.mark.parametrize("line", ['/task add ""', "/task add “ ”", '/task add title=""'])
def test_an_empty_text_is_no_title(line: str) -> None:
    assert not asked(line).complete


def test_a_command_without_arguments_names_what_it_cannot_take() -> None:
    assert [error.args_["typed"] for error in asked("/kpi metrics 全部").stray] == ["全部"]


# ------------------------------------------------------------------ presses and forms


def test_a_press_gives_arguments_by_name() -> None:
    made = call(routed_press(REGISTRY["task done"], {"task": "T-12"}), ZH)
    assert (made.complete, made.values) == (True, {"task": 12})


def test_empty_fields_of_a_form_count_as_not_given() -> None:
    made = call(routed_press(REGISTRY["task done"], {"task": " ", "note": ""}), ZH)
    assert [item.name for item in made.missing] == ["task"]


def test_a_press_may_carry_words_as_typed() -> None:
    made = call(routed_press(REGISTRY["kpi board"], {TYPED: "昨天 周"}), ZH)
    assert made.values == {"day": (YESTERDAY, YESTERDAY), "grain": "week"}


def test_words_of_a_press_do_not_take_the_place_of_its_arguments() -> None:
    made = call(routed_press(REGISTRY["kpi board"], {"day": "今天", TYPED: "昨天"}), ZH)
    assert made.values["day"] == (TODAY, TODAY)
    assert made.typed["grain"] == "昨天"


def test_a_field_that_the_command_does_not_have_is_named() -> None:
    made = call(routed_press(REGISTRY["kpi board"], {"colour": "red"}), ZH)
    assert [error.args_["name"] for error in made.stray] == ["colour"]


# ------------------------------------------------------------------ declaration


def test_a_command_that_is_declared_twice_is_refused() -> None:
    registry = Registry()
    registry.add(REGISTRY["kpi board"])
    with pytest.raises(ValueError, match="declared twice"):
        registry.add(REGISTRY["kpi board"])


def test_a_handler_with_another_signature_is_refused_when_it_is_declared() -> None:
    def handler(context: Context) -> Message:
        return Message((), "")

    with pytest.raises(TypeError, match="must take a Context"):
        command("test wrong", zh="测试 错", permission=REGISTRY["kpi board"].permission, registry=Registry())(handler)  # type: ignore[type-var]


@pytest.mark.parametrize("words", ["one", "one two three", "", "one "])
def test_a_command_has_two_words(words: str) -> None:
    def handler(context: Context, arguments: Nothing) -> Message:
        return Message((), "")

    with pytest.raises(ValueError, match="two words"):
        command(words, zh="测试 错", permission=REGISTRY["kpi board"].permission, registry=Registry())(handler)


# ------------------------------------------------------------------ promise 5

NAMES = sorted({name for item in REGISTRY for name in (item.words(Locale.ZH), item.words(Locale.EN))})
PIECES = [
    "dau=8.5万",
    "day=昨天",
    "--grain",
    "month",
    "昨天",
    "“A 款",
    "”",
    '"',
    "—",
    "--x",
    "T-12",
    "cac<=50",
    "=",
    "due = 周五",
    "x=1",
    "6/3",
    "''",
]
typing = st.builds(
    lambda name, words: f"{name} {' '.join(words)}", st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6)
)


@given(st.text() | typing, st.sampled_from([ZH, EN]))
def test_no_text_breaks_the_parser(line: str, scope: object) -> None:
    found = route(line, REGISTRY)
    if isinstance(found, Routed):
        call(found, scope)  # type: ignore[arg-type]


def said(made: Call) -> str:
    """Everything that an answer to the call holds: its fields, and the sentences about what is wrong."""
    sentences = [text(Locale.ZH, error.key, **error.args_) for error in (*made.stray, *made.mistakes.values())]
    return "\n".join([*made.typed.values(), *sentences])


@given(typing)
def test_every_word_is_read_kept_in_a_field_or_named(line: str) -> None:
    found = route(line, REGISTRY)
    if not isinstance(found, Routed):
        return
    answer = said(call(found, ZH))
    for word in found.words:
        assert word.text.strip() in answer
        assert word.key is None or word.key in answer or word.key.casefold() in {item.name for item in found.command.parameters}


@pytest.mark.parametrize(
    "line",
    [
        "/kpi log gmv=12k, orders=300",
        "/kpi log gmv=12k,orders=300",
        "/指标 记录 gmv=12k，orders=300",
        "/kpi log gmv 12k, orders 300",
        "/指标 记录 gmv：12k、orders：300",
    ],
)
def test_commas_part_figures(line: str) -> None:
    assert values(line) == {"values": (("gmv", "12k"), ("orders", "300"))}


def test_a_comma_inside_a_figure_parts_nothing() -> None:
    assert values("/kpi log gmv=12,000, orders=1,300") == {"values": (("gmv", "12,000"), ("orders", "1,300"))}
    assert values("/指标 记录 gmv=25 万，orders=300") == {"values": (("gmv", "25 万"), ("orders", "300"))}


@pytest.mark.parametrize(
    "line",
    [
        "/任务 添加 联系供应商，周五，@bob",
        "/任务 添加 联系供应商， 周五， @bob",
        "/任务，添加 联系供应商，@bob，周五",
        "/任务 添加 联系供应商 周五 @bob",
    ],
)
def test_a_day_and_an_owner_behind_commas_are_no_part_of_the_title(line: str) -> None:
    assert values(line) == {"title": "联系供应商", "due": date(2024, 6, 7), "owner": "@bob"}


def test_several_owners_behind_commas_are_all_owners() -> None:
    assert values("/任务 添加 联系供应商，周五，@lin，@bob")["owner"] == "@lin，@bob"


def test_commas_inside_a_title_stay_as_they_were_written() -> None:
    assert values("/任务 添加 联系供应商，问价格，  再定") == {"title": "联系供应商，问价格， 再定"}
    assert values("/task add Call Ann, Bob and Cy, tomorrow") == {"title": "Call Ann, Bob and Cy", "due": date(2024, 6, 5)}


def test_a_comma_behind_the_family_is_a_space() -> None:
    assert values("/任务，完成 T-15") == {"task": 15}
    assert values("任务、完成 T-15") == {"task": 15}


@pytest.mark.parametrize("line", ["", "  ", "hello", "Hi!", "你好", "谢谢！", "?", "？", "thanks", "Thank you."])
def test_kind_words_are_no_command(line: str) -> None:
    assert isinstance(route(line, REGISTRY), SmallTalk)


def test_a_courtesy_behind_a_command_changes_nothing() -> None:
    assert values("kpi board please") == values("/指标 看板 谢谢") == {}
    assert values("/task add thanks") == {"title": "thanks"}
