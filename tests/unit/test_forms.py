"""Does a form ask for what is missing and keep what was typed?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.platforms.slack.limits import VIEW_TITLE, length
from core.domain.workspaces import Locale
from core.errors import UserError
from core.messages.model import Actions, Button, Context, Field, Form, Message, Paragraph, Press
from core.messages.phrases import plain
from core.messages.tokens import carries
from handlers.kernel.command import REGISTRY
from handlers.kernel.forms import asking, form
from handlers.kernel.kinds import Scope
from handlers.kernel.parse import TYPED, Call, routed_press
from handlers.kernel.parse import call as call_of
from handlers.kernel.replies import nearest
from handlers.kernel.replies import unknown as unknown_reply
from tests.asking import EN, ZH, asked, unknown


def fields(line: str, scope: Scope = ZH) -> dict[str, Field]:
    return {field.name: field for field in form(asked(line, scope), scope).fields}


def lines(message: Message) -> list[str]:
    first = message.blocks[0]
    assert isinstance(first, Paragraph)
    return [plain(line) for line in first.lines]


def buttons(message: Message) -> list[Button]:
    return [button for block in message.blocks if isinstance(block, Actions) for button in block.buttons]


def test_a_form_has_a_field_for_each_argument_with_what_was_typed() -> None:
    found = fields("/kpi log 昨天 dau=8.5万 cac<=50")
    assert list(found) == ["values", "day"]
    assert (found["values"].kind, found["values"].value, found["values"].required) == ("multiline", "dau=8.5万 cac<=50", True)
    assert (found["day"].kind, found["day"].value, found["day"].required) == ("date", "2024-06-03", False)


def test_what_was_not_understood_stands_in_its_field_with_the_reason() -> None:
    day = fields("/kpi board 昨添")["day"]
    assert (day.value, day.error) == ("昨添", "我没看懂日期「昨添」。可以写 昨天、周五、6月3日 或 2024-06-03。")


def test_a_choice_is_shown_by_the_word_that_its_options_have() -> None:
    grain = fields("/kpi board MONTH")["grain"]
    assert (grain.kind, grain.value) == ("select", "月")
    assert [option.value for option in grain.options] == ["日", "周", "月"]


def test_what_a_workspace_has_can_be_chosen() -> None:
    task = fields("/task done")["task"]
    assert (task.kind, [(option.value, option.label) for option in task.options]) == ("select", [("T-12", "备货 A 款")])


def test_what_there_is_not_is_told_and_not_offered_to_choose() -> None:
    made = replace(asked("/task done T-99 已上线"), mistakes={"task": UserError("task.unknown", number=99)})
    task, note = form(made, ZH).fields
    assert (task.value, task.error, note.value) == ("", "没有任务 T-99。发 /任务 列表 可以看到现有的编号。", "已上线")
    assert form(asked("/task done T-99 已上线"), ZH).fields[0].value == "T-99"


def test_a_task_is_chosen_however_it_was_typed() -> None:
    assert fields("/task done 12")["task"].value == "T-12"


def test_what_is_missing_is_named_in_the_persons_language() -> None:
    assert lines(asking(asked("/kpi log"), ZH)) == ["还差一点：请补上指标=数值。"]
    assert lines(asking(asked("/kpi log", EN), EN)) == ["Almost there. Please fill in: Metric=value."]


def test_every_mistake_is_said_and_the_first_is_the_fallback() -> None:
    message = asking(asked("/kpi board 昨添 mnth 多"), ZH)
    assert lines(message) == ["「多」放在这里我没看懂，其余的都留着。", "标出来的地方请改一下，其余都留着。"]
    assert message.fallback == lines(message)[0]
    assert [field.error != "" for field in fields("/kpi board 昨添 mnth 多").values()] == [True, True]


def test_a_command_without_arguments_asks_with_no_form() -> None:
    assert [type(block) for block in asking(asked("/kpi metrics 全部"), ZH).blocks] == [Paragraph]


@pytest.mark.parametrize(
    "line", ["/kpi log 昨天 dau=8.5万 cac<=50", "/kpi board 昨天 周", "/task done T-12 “都 好了”", "/kpi show dau 6月1日..6月3日"]
)
def test_a_form_that_is_sent_as_it_is_means_the_same(line: str) -> None:
    made = asked(line)
    sent = {field.name: field.value for field in form(made, ZH).fields}
    assert call_of(routed_press(made.command, sent), ZH).values == made.values


@pytest.mark.parametrize("scope", [ZH, EN], ids=["zh", "en"])
def test_a_forms_title_is_short_enough_for_a_window(scope: Scope) -> None:
    forms = [form(Call(item), scope) for item in REGISTRY if item.parameters and item.asks]
    assert [made.title for made in forms if length(made.title) > VIEW_TITLE] == []
    assert form(asked("/task add", EN), EN).title == "Add a task"


def test_how_a_date_is_typed_is_said_in_help_and_not_beside_a_calendar() -> None:
    assert fields("/task add", EN)["due"].hint == ""
    assert REGISTRY["task add"].typing(Locale.EN, "due") == "Such as tomorrow, Friday or 7 Jun"


# ------------------------------------------------------------------ did you mean


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("/kpu log dau=8.5万", "kpi log", "dau=8.5万"),
        ("/kpi lgo dau=8.5万 昨天", "kpi log", "dau=8.5万 昨天"),
        ("/指标 看版 昨天", "kpi board", "昨天"),
        ("/bord 昨天 周", "kpi board", "昨天 周"),
        ("/看板 昨天", "kpi board", "昨天"),
        ("/taks done T-12 “都 好了”", "task done", "T-12 “都 好了”"),
    ],
)
def test_the_nearest_command_carries_on_with_everything_else(line: str, name: str, rest: str) -> None:
    message = unknown_reply(unknown(line), REGISTRY, Locale.ZH)
    assert buttons(message)[0].press == Press(name, {TYPED: rest})


def test_a_misspelt_family_offers_its_commands() -> None:
    assert {found.path[0] for found, _ in nearest(unknown("/taks"), REGISTRY)} == {"task"}


def test_what_is_like_nothing_points_to_help() -> None:
    message = unknown_reply(unknown("/zzzzqqq"), REGISTRY, Locale.EN)
    assert buttons(message) == []
    assert message.fallback == "There is no command “/zzzzqqq”. Send /ops help to see them all."


def test_what_was_typed_without_a_slash_is_quoted_without_one() -> None:
    assert unknown_reply(unknown("bord"), REGISTRY, Locale.EN).fallback == "There is no command “bord”. Did you mean:"


def test_words_that_are_near_no_command_are_answered_with_where_to_begin() -> None:
    message = unknown_reply(unknown("zzzzqqq"), REGISTRY, Locale.EN)
    assert message.fallback == "I keep the team's figures, tasks and reminders. What would you like to see?"
    assert [button.label for button in buttons(message)] == ["Board", "My tasks", "Help"]


def test_what_is_too_long_for_a_button_is_said_back() -> None:
    rest = "长" * 600
    message = unknown_reply(unknown(f"/taks add {rest}"), REGISTRY, Locale.ZH)
    assert all(carries(button.press) for button in buttons(message))
    quiet = message.blocks[-1]
    assert isinstance(quiet, Context)
    assert rest in plain(quiet.text)


def test_a_handlers_mistake_about_no_argument_is_said_above() -> None:
    made = Call(REGISTRY["kpi board"], stray=(UserError("kernel.choice.unknown", typed="x", choices="y"),))
    message = asking(made, EN)
    assert lines(message) == ["“x” is not one of the choices: y."]
    assert isinstance(message.blocks[1], Form)
