"""Is every act answered once, for those who may, in their language, and told plainly when something breaks?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import structlog
from structlog.testing import capture_logs

import handlers.every  # noqa: F401  # declares the commands
from bot.courier import Courier, taken_up
from bot.dispatch import Dispatcher, Overrides
from bot.log import configure
from core.clock import FixedClock
from core.domain.deliveries import Delivery, DeliveryState, Kind, Request
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.messages.model import Form, Press
from core.ports import InvocationKind, Reply
from core.services import workspaces
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from tests.office import NOW, SECRET, Jobs, Office, open_office, token, unsent


@pytest.fixture
def office(database: Database, clock: FixedClock) -> Office:
    return open_office(database, clock)


# ------------------------------------------------------------------ who acts


@pytest.mark.parametrize("changes", [{"actor": "99"}, {"tenant": "nobody"}, {"platform": "elsewhere"}])
def test_a_stranger_is_told_so_in_the_teams_language_where_it_is_known(office: Office, changes: dict[str, str]) -> None:
    answer = office.say("/kpi board", **changes)
    words = (
        "我只为本团队的成员服务，访客和外部账号不在内。如果你是成员，请联系管理员。"
        if "actor" in changes
        else "I work for the members of this team; guests and outside accounts are left out. If you are a member, please ask an admin."
    )
    assert (answer.outcome, answer.message.fallback) == (Outcome.MISTAKE, words)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("/任务 添加 Stock", "zh-CN"),
        ("/任务 何时", "zh-CN"),
        ("/help 任务", "zh-CN"),
        ("看板", "zh-CN"),
        ("/ops 指标 看板", "zh-CN"),
        ("/kpi 看板", "zh-CN"),
        ("/task add 备货", "en"),
        ("/kpi log 销售额=5", "en"),
        ("/kpi 客单价", "en"),
        ("/role 店长", "en"),
        ("/tasks 备货", "en"),
    ],
)
def test_who_chose_no_language_is_answered_in_that_of_the_commands_words(office: Office, line: str, language: str) -> None:
    with office.database.write() as uow:
        uow.workspaces.save(replace(office.shop, locale=Locale.EN))
        uow.commit()
    assert office.say(line).message.locale == language
    office.say("/ops language en")
    assert office.say(line).message.locale == "en"


def test_a_press_is_answered_in_the_language_of_its_card(office: Office) -> None:
    with office.database.write() as uow:
        uow.workspaces.save(replace(office.shop, locale=Locale.EN))
        uow.commit()
    card = office.say("/任务 添加 备货")
    asked = office.invocation(token(card), office.owner, InvocationKind.BUTTON)
    assert office.dispatcher()(asked).message.locale == "zh-CN"


def test_who_has_left_is_a_stranger(office: Office) -> None:
    with office.database.write() as uow:
        uow.members.save(office.shop.id, replace(office.viewer, active=False))
        uow.commit()
    assert office.say("/kpi board", office.viewer).message.fallback == "我只为本团队的成员服务，访客和外部账号不在内。如果你是成员，请联系管理员。"


def test_a_button_of_another_team_does_nothing(office: Office) -> None:
    with office.database.write() as uow:
        other, _, _ = workspaces.create(
            uow, Workspace(0, "Other", Locale.EN, "UTC", "GBP", "GB"), Member(0, "Bo", Permission.ADMIN, handle="bo"), NOW
        )
        uow.commit()
    theirs = office.signer.sign(other.id, Press("task add", {"title": "x"}))
    answer = office.say(theirs, kind=InvocationKind.BUTTON)
    assert (answer.outcome, answer.visible_to) == (Outcome.MISTAKE, office.owner.id)
    assert answer.message.fallback == "这个按钮属于另一个团队，没有执行。"
    assert office.tasks() == ()


@pytest.mark.parametrize("payload", ["", "forged", "AAAA" * 20])
def test_a_forged_button_does_nothing(office: Office, payload: str) -> None:
    answer = office.say(payload, kind=InvocationKind.BUTTON)
    assert (answer.outcome, answer.message.fallback) == (Outcome.MISTAKE, "这个按钮已经失效，没有执行。请重新发一次命令。")
    assert answer.visible_to == office.owner.id


def test_a_button_of_a_command_that_is_gone_is_no_longer_valid(office: Office) -> None:
    gone = office.signer.sign(office.shop.id, Press("test gone", {}))
    assert office.say(gone, kind=InvocationKind.BUTTON).message.fallback == "这个按钮已经失效，没有执行。请重新发一次命令。"


# ------------------------------------------------------------------ permission


def test_who_may_not_is_told_who_may_and_alone_sees_it(office: Office) -> None:
    answer = office.say("/task add 备货", office.viewer)
    assert answer.message.fallback == "This needs the permission member; yours is viewer. 林晓 can do it."
    assert (answer.outcome, answer.visible_to) == (Outcome.MISTAKE, office.viewer.id)
    assert (office.tasks(), office.inbox()) == ((), 0)


def test_permission_goes_before_questions(office: Office) -> None:
    assert office.say("/task add", office.viewer).message.card == "kernel.refused"


def test_a_viewer_who_presses_an_admins_button_is_refused(office: Office) -> None:
    form = token(office.say("/ops settings"))
    answer = office.say(form, office.viewer, kind=InvocationKind.FORM, fields={"name": "Mine"})
    assert answer.message.card == "kernel.refused"
    with office.database.read() as uow:
        assert uow.workspaces.get(office.shop.id).name == "茶铺"


def test_permission_that_was_taken_away_is_gone_at_the_press(office: Office) -> None:
    button = office.signer.sign(office.shop.id, Press("task add", {"title": "备货"}))
    with office.database.write() as uow:
        uow.members.save(office.shop.id, replace(office.owner, permission=Permission.VIEWER))
        uow.commit()
    assert office.say(button, kind=InvocationKind.BUTTON).outcome is Outcome.MISTAKE
    assert office.tasks() == ()


# ------------------------------------------------------------------ once


def test_the_same_request_has_one_effect_and_the_same_answer(office: Office) -> None:
    asked = office.invocation("/task add 备货", office.owner)
    dispatch = office.dispatcher()
    first, second = dispatch(asked), dispatch(asked)
    assert first == second
    assert first.outcome is Outcome.DONE
    assert [task.title for task in office.tasks()] == ["备货"]


def test_another_request_of_the_same_words_is_another_act(office: Office) -> None:
    office.say("/task add 备货")
    office.say("/task add 备货")
    assert len(office.tasks()) == 2


def test_two_threads_with_the_same_request_have_one_effect(office: Office) -> None:
    asked, start = office.invocation("/task add 备货", office.owner), threading.Barrier(6)
    dispatch = office.dispatcher()

    def race(_: int) -> Answer:
        start.wait()
        return dispatch(asked)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(race, range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].outcome is Outcome.DONE
    assert len(office.tasks()) == 1


def test_a_mistake_is_not_stored_so_that_it_can_be_mended_under_the_same_request(office: Office) -> None:
    asked = office.invocation("/task add", office.owner)
    form = office.dispatcher()(asked)
    assert (form.outcome, office.inbox()) == (Outcome.MISTAKE, 0)
    sent = replace(asked, kind=InvocationKind.FORM, payload=token(form), fields={"title": "备货"})
    assert office.dispatcher()(sent).outcome is Outcome.DONE
    assert [task.title for task in office.tasks()] == ["备货"]


def test_a_handler_that_refuses_half_way_leaves_nothing(office: Office) -> None:
    assert office.say("/test half").outcome is Outcome.MISTAKE
    with office.database.read() as uow:
        assert uow.members.get(office.shop.id, office.owner.id).locale is None
    assert office.inbox() == 0


def test_a_reading_command_stores_nothing(office: Office) -> None:
    assert office.say("/ops whoami").outcome is Outcome.DONE
    assert office.inbox() == 0


# ------------------------------------------------------------------ mistakes


def test_a_handlers_mistake_stands_beside_its_field_with_everything_typed(office: Office) -> None:
    answer = office.say("/ops set name=新茶铺 timezone=Mars/Base")
    form = next(block for block in answer.message.blocks if isinstance(block, Form))
    fields = {item.name: item for item in form.fields}
    assert (fields["name"].value, fields["timezone"].value) == ("新茶铺", "Mars/Base")
    assert fields["timezone"].error == "没有「Mars/Base」这个时区。可以写 Asia/Shanghai、Europe/London 等。"
    with office.database.read() as uow:
        assert uow.workspaces.get(office.shop.id) == office.shop


@pytest.mark.parametrize(("line", "asks"), [("/task add", True), ("/kpi log", True), ("/kpi log dau=很多", False), ("/kpi log 昨添", False)])
def test_a_call_that_only_lacks_something_is_told_from_one_with_a_mistake(office: Office, line: str, asks: bool) -> None:
    answer = office.say(line)
    assert (answer.outcome, answer.asks) == (Outcome.MISTAKE, asks)


def test_an_answer_names_the_posted_messages_that_are_changed_with_it(office: Office) -> None:
    office.say("/task add 备货")
    with office.database.write() as uow:
        binding = uow.places.bind(office.shop.id, "slack", "T1")
        posted = Delivery(0, office.shop.id, "answer:1", Kind.ANSWER, binding, "C1", NOW, subject="task:1", state=DeliveryState.SENDING)
        row = uow.deliveries.plan(posted, Request(), NOW)
        assert row is not None
        held = replace(posted, id=row)
        assert uow.deliveries.move(held, replace(held, state=DeliveryState.SENT, receipt="17.1", sent_at=NOW))
        uow.commit()
    assert office.say("/task done 1").edited == {"17.1"}
    assert office.say("/task done 1").edited == frozenset()


def test_nothing_to_change_is_not_called_saved(office: Office) -> None:
    assert office.say("/ops set").message.fallback == "还没写要改什么。填好要改的，再提交。"


def test_the_day_on_which_the_shop_opened_can_be_put_right(office: Office) -> None:
    assert office.say("/ops set opened_on=2020-05-01").outcome is Outcome.DONE
    with office.database.read() as uow:
        assert uow.workspaces.get(office.shop.id).opened_on == date(2020, 5, 1)


def test_the_name_of_another_team_is_taken(office: Office) -> None:
    with office.database.write() as uow:
        workspaces.create(uow, Workspace(0, "Other", Locale.EN, "UTC", "GBP", "GB"), Member(0, "Bo", Permission.ADMIN, handle="bo"), NOW)
        uow.commit()
    assert "Other" in office.say("/ops set name=Other").message.fallback


def test_did_you_mean_carries_on_where_it_is_pressed(office: Office) -> None:
    answer = office.say("/task ad 备货 A 款 due=周五")
    assert answer.outcome is Outcome.MISTAKE
    done = office.say(token(answer), kind=InvocationKind.BUTTON)
    assert done.outcome is Outcome.DONE
    assert [task.title for task in office.tasks()] == ["备货 A 款"]


# ------------------------------------------------------------------ faults


def test_a_fault_gives_a_number_and_the_log_has_the_trace(office: Office) -> None:
    with capture_logs() as logs:
        answer = office.say("/test break", office.viewer)
    (entry,) = logs
    assert (entry["event"], entry["exc_info"]) == ("incident", True)
    assert answer.outcome is Outcome.FAULT
    assert entry["incident"] in answer.message.fallback
    assert "boom" not in repr(answer)
    assert answer.message.locale == "en"
    assert answer.visible_to == office.viewer.id


def test_no_secret_is_in_the_log(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    try:
        office.say("/test query")
    finally:
        structlog.reset_defaults()
    logged = capsys.readouterr().err
    assert "nowhere" in logged
    assert SECRET not in logged


def test_a_database_that_is_gone_is_a_fault_with_a_number_too(office: Office) -> None:
    broken = Dispatcher(_Broken(office.database), office.clock, office.registry, office.signer)  # type: ignore[arg-type]
    with capture_logs() as logs:
        answer = broken(office.invocation("/kpi board", office.owner))
    assert answer.outcome is Outcome.FAULT
    assert logs[0]["incident"] in answer.message.fallback


class _Broken:
    def __init__(self, database: Database) -> None:
        self.sealer = database.sealer

    def read(self) -> object:
        raise OSError("the disk is gone")

    write = read


# ------------------------------------------------------------------ slow commands


def test_without_anybody_to_put_it_off_to_a_slow_command_is_done_at_once(office: Office) -> None:
    assert office.say("/test slow").message.fallback == "worked"


def test_a_slow_command_waits_in_the_ledger_and_its_worker_is_woken(office: Office) -> None:
    jobs = Jobs()
    asked = office.invocation("/test slow", office.owner)
    dispatch = office.dispatcher(courier=Courier(office.clock, jobs, unsent))
    first, second = dispatch(asked), dispatch(asked)
    (delivery,) = office.deliveries()
    assert first == second
    assert (first.outcome, first.delivery) == (Outcome.WORKING, delivery.id)
    assert set(jobs.woken) == {delivery.id}
    assert office.worked == []


def test_a_slow_command_is_finished_from_the_ledger_alone(office: Office) -> None:
    office.dispatcher(courier=Courier(office.clock, Jobs(), unsent))(office.invocation("/test slow", office.viewer))
    (delivery,) = office.deliveries()
    with office.database.read() as uow:
        request = uow.deliveries.request(delivery.id)
    assert office.dispatcher()(taken_up(request)).message.fallback == "worked"
    assert office.worked == ["vera"]
    assert delivery.visible_to == office.viewer.id


def test_a_slow_command_with_a_mistake_is_not_put_off(office: Office) -> None:
    answer = office.dispatcher(courier=Courier(office.clock, Jobs(), unsent))(office.invocation("/ops digest 昨添", office.owner))
    assert answer.outcome is Outcome.MISTAKE
    assert office.deliveries() == ()


# ------------------------------------------------------------------ language and time


def test_the_answer_is_in_the_persons_language_else_the_teams(office: Office) -> None:
    assert "zh-CN" in office.say("/test time").message.fallback
    assert "en" in office.say("/test time", office.viewer).message.fallback
    over = office.dispatcher(overrides=Overrides(locale=Locale.EN))
    assert " en " in over(office.invocation("/test time", office.owner)).message.fallback


def test_a_person_chooses_their_language(office: Office) -> None:
    assert office.say("/运营 语言 English").message.fallback == "All right, I will answer you in English."
    assert " en " in office.say("/test time").message.fallback


@pytest.mark.parametrize(
    ("override", "local"),
    [(datetime(2024, 6, 18, 20), "2024-06-18T20:00:00+08:00"), (datetime(2024, 6, 18, 20, tzinfo=UTC), "2024-06-19T04:00:00+08:00")],  # noqa: DTZ001
)
def test_now_without_an_offset_is_workspace_time(office: Office, override: datetime, local: str) -> None:
    over = office.dispatcher(overrides=Overrides(now=override))
    assert over(office.invocation("/test time", office.owner)).message.fallback == f"{local} zh-CN ops"


def test_a_greeting_is_answered_with_where_to_begin_for_whoever_reads_along(office: Office) -> None:
    for line in ("", "你好", "thanks"):
        answer = office.say(line, reply=Reply.POST)
        assert (answer.outcome, answer.visible_to) == (Outcome.DONE, None)
        assert answer.message.fallback == "我帮团队记指标、管任务、到点提醒。想看什么？"
