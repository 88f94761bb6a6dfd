"""Do the commands about people, roles, channels and one's own page do what they say, for those who may, in either language?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from core.clock import FixedClock
from core.domain.cadences import Timed, Workdays
from core.domain.deliveries import Kind
from core.domain.links import MOST_TRIES
from core.domain.workspaces import Channel, Locale, Member, Permission
from core.messages.model import Bold, Code, Form, Heading, Inline, Mention, Message, Paragraph, Phrase
from core.ports import Profile, Reply
from core.services.newcomers import take_in
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from tests.office import Office, open_office, press, words


@pytest.fixture
def office(embedded: Database, clock: FixedClock) -> Office:
    """林晓 runs it in Chinese, Vera looks on in English."""
    return open_office(embedded, clock)


def pieces(message: Message) -> list[Inline]:
    return [piece for block in message.blocks if isinstance(block, Heading | Paragraph) for line in _phrases(block) for piece in line]


def _phrases(block: Heading | Paragraph) -> tuple[Phrase, ...]:
    return (block.text,) if isinstance(block, Heading) else block.lines


def newcomer(office: Office, actor: str = "U1", name: str = "Chen") -> tuple[int, Member]:
    """Somebody who speaks on Slack for the first time, and the binding there."""
    with office.database.write() as uow:
        bound = uow.places.binding("slack", "T1")
        binding = bound[0] if bound else uow.places.bind(office.shop.id, "slack", "T1")
        member = take_in(uow, office.shop, binding, actor, Profile(name, locale=Locale.EN))
        uow.commit()
    return binding, member


def on_slack(office: Office, line: str, actor: str = "U1") -> Answer:
    return office.say(line, platform="slack", tenant="T1", actor=actor, conversation="D1")


# ------------------------------------------------------------------ people


def test_the_team_is_listed_with_what_each_may_do_and_where(office: Office) -> None:
    newcomer(office)
    answer = office.say("/ops people", office.viewer)
    assert words(answer).splitlines() == [
        "3 people in the team",
        "林晓 @lin | — | admin | playground",
        "Chen @chen | — | viewer | Slack",
        "Vera @vera | — | viewer | playground",
    ]


def test_an_admin_grants_and_the_person_is_named(office: Office) -> None:
    answer = office.say("/运营 授权 @vera 负责人")
    assert words(answer) == "@Vera 的权限现在是负责人（原来是查看）。"
    assert Mention(office.viewer.id, "Vera") in pieces(answer.message)
    assert words(office.say("/ops grant @vera lead")) == "@Vera 的权限已经是负责人，没有改动。"


def test_nobody_else_grants_and_the_last_admin_stays(office: Office) -> None:
    refused = office.say("/ops grant @vera admin", office.viewer)
    assert (refused.outcome, refused.message.card) == (Outcome.MISTAKE, "kernel.refused")
    kept = office.say("/ops grant @lin member")
    assert kept.outcome is Outcome.MISTAKE
    form = next(block for block in kept.message.blocks if isinstance(block, Form))
    assert {field.name: field.error for field in form.fields}["permission"].startswith("大家找得到的管理员只有 林晓")
    with office.database.read() as uow:
        assert uow.members.get(office.shop.id, office.owner.id).permission is Permission.ADMIN


def test_what_newcomers_may_do_is_a_setting(office: Office) -> None:
    assert "新来的人的权限: 成员" in words(office.say("/ops set newcomers=member"))
    with office.database.read() as uow:
        office.shop = uow.workspaces.get(office.shop.id)
    assert newcomer(office)[1].permission is Permission.MEMBER


def test_an_admin_is_asked_before_she_gives_it_up(office: Office) -> None:
    office.say("/ops grant @vera admin")
    asked = office.say("/ops grant me lead")
    assert words(asked).splitlines() == [
        "你将不再是管理员，改为：负责人",
        "现在还没有改动。改了以后，你不能再改设置和任何人的权限，只有其他管理员能帮你改回来：Vera。",
        "[把我改为负责人]",
    ]
    assert words(office.say("/ops grant @lin admin")) == "@林晓 的权限已经是管理员，没有改动。"
    assert words(press(office, asked)) == "@林晓 的权限现在是负责人（原来是管理员）。"


def test_a_word_too_many_confirms_nothing(office: Office) -> None:
    office.say("/ops grant @vera admin")
    answer = office.say("/ops grant @lin member yes")
    assert answer.outcome is Outcome.MISTAKE
    form = next(block for block in answer.message.blocks if isinstance(block, Form))
    assert [field.name for field in form.fields] == ["who", "permission"]


def test_an_admin_whom_nobody_can_reach_in_chat_is_no_other_admin(office: Office) -> None:
    """The owner of the first hour is at home in the playground alone."""
    _, chen = newcomer(office)
    with office.database.write() as uow:
        uow.members.save(office.shop.id, replace(chen, permission=Permission.ADMIN))
        uow.commit()
    kept = on_slack(office, "/ops grant me viewer")
    assert (kept.outcome, kept.message.card) == (Outcome.MISTAKE, "kernel.form")
    assert words(office.say("/ops grant me viewer")).startswith("你将不再是管理员")


def test_who_is_refused_is_told_of_somebody_who_can_be_asked(office: Office) -> None:
    newcomer(office)
    assert words(on_slack(office, "/ops set currency=GBP")) == "This needs the permission admin; yours is viewer. An admin can do it."
    _, lead = newcomer(office, "U2", "Ada")
    with office.database.write() as uow:
        uow.members.save(office.shop.id, replace(lead, permission=Permission.ADMIN))
        uow.commit()
    assert words(on_slack(office, "/ops set currency=GBP")).endswith("Ada can do it.")


def test_of_one_whom_nobody_knows_it_is_told_how_people_appear(office: Office) -> None:
    answer = office.say("/ops grant @nobodyatall lead")
    form = next(block for block in answer.message.blocks if isinstance(block, Form))
    assert "和我说过一次话的人，才会出现在 /运营 成员 里" in form.fields[0].error


@pytest.mark.parametrize("line", ["/ops people", "/ops grant @vera lead", "/ops grant @vera admin"])
def test_who_may_do_what_is_told_to_the_one_who_asks_alone(office: Office, line: str) -> None:
    assert office.say(line, reply=Reply.POST).visible_to == office.owner.id


# ------------------------------------------------------------------ linking


def code_of(answer: Answer) -> str:
    return next(piece.text for piece in pieces(answer.message) if isinstance(piece, Code))


def test_a_code_from_one_platform_typed_on_the_other_makes_one_person(office: Office) -> None:
    newcomer(office)
    given = office.say("/运营 关联")
    assert f"/运营 关联 {code_of(given)}" in words(given)
    joined = on_slack(office, f"/ops link {code_of(given).lower()}")
    assert words(joined).splitlines()[:2] == [
        "Both accounts are yours now: 林晓 (@lin)",
        "Your tasks and roles are in one place. Your permission: admin.",
    ]
    # She had chosen no language there, and has one here.
    assert words(on_slack(office, "/ops whoami")).splitlines()[0] == "You are 林晓"


def test_the_same_request_joins_once(office: Office) -> None:
    newcomer(office)
    line = f"/ops link {code_of(office.say('/ops link'))}"
    asked = office.invocation(line, office.owner, platform="slack", tenant="T1", actor="U1", conversation="D1")
    first, second = office.dispatcher()(asked), office.dispatcher()(asked)
    assert first.message == second.message


def test_wrong_codes_are_counted_although_nothing_else_happens(office: Office) -> None:
    newcomer(office)
    code = code_of(office.say("/ops link"))
    wrong = [words(on_slack(office, "/ops link AAAA-AAAA")) for _ in range(MOST_TRIES)]
    assert all(line.startswith("That code does not hold") for line in wrong)
    assert words(on_slack(office, f"/ops link {code}")).startswith("Too many wrong codes.")
    assert words(office.say(f"/ops link {code}")).startswith("这是你自己的关联码。")


# ------------------------------------------------------------------ roles


@pytest.fixture
def staffed(office: Office) -> Office:
    office.say('/岗位 添加 运营经理 核心职责=带团队 协作部门="设计，技术"')
    office.say("/role add 数据分析师 reports_to=运营经理")
    return office


def test_a_role_is_written_down_and_shown(staffed: Office) -> None:
    assert words(staffed.say("/岗位 查看 运营经理")).splitlines() == [
        "运营经理",
        "在岗: 空缺",
        "核心职责: 带团队",
        "汇报对象: —",
        "协作部门: 设计，技术",
    ]
    assert words(staffed.say("/role list", staffed.viewer)).splitlines()[:3] == [
        "2 roles, 2 held by nobody",
        "运营经理 | nobody | —",
        "数据分析师 | nobody | 运营经理",
    ]


def test_a_role_is_given_from_a_day_and_an_earlier_holder_ended_by_a_press(staffed: Office) -> None:
    staffed.say("/role assign @vera 运营经理 from=2024-06-01")
    given = staffed.say("/岗位 任命 @lin 运营经理 6月10日")
    assert words(given).splitlines() == [
        "@林晓 从 周一 6月10日 起担任 运营经理。",
        "Vera 也还在担任 运营经理，一个岗位可以有几个人。",
        "[结束 Vera 的任期]",
    ]
    assert words(press(staffed, given)) == "@Vera 担任 运营经理 到 周日 6月9日 为止。"
    with staffed.database.read() as uow:
        spells = [(holding.member, holding.since, holding.until) for holding in uow.roles.holdings(staffed.shop.id)]
    assert spells == [(staffed.viewer.id, date(2024, 6, 1), date(2024, 6, 9)), (staffed.owner.id, date(2024, 6, 10), None)]


def test_who_holds_a_role_is_called_by_it(staffed: Office) -> None:
    staffed.say("/role assign @vera 运营经理")
    assert "Vera @vera | 运营经理 | viewer | playground" in words(staffed.say("/ops people", staffed.viewer))
    assert words(staffed.say("/role end @vera 运营经理")) == "@Vera 担任 运营经理 到 今天 周二 6月4日 为止。"


def test_slips_about_roles_are_told_beside_their_field(staffed: Office) -> None:
    slips = {
        "/role show 经理": ("role", "没有「经理」这个岗位。发 /岗位 列表 可以看到全部。"),
        "/role change 运营经理 reports_to=数据分析师": (
            "reports_to",
            "运营经理 不能向 数据分析师 汇报，因为 数据分析师 已经在向 运营经理 汇报。没有改动。",
        ),
        "/role add 运营经理": ("name", "已经有叫「运营经理」的岗位了，请换一个名称。"),
        "/role end @vera 运营经理": ("who", "那时 Vera 并不担任 运营经理，没有改动。"),
        "/role assign @nobodyatall 运营经理": ("who", "我不认识「nobodyatall」。请写 @账号 或全名。"),
    }
    for line, (name, sentence) in slips.items():
        answer = staffed.say(line)
        form = next(block for block in answer.message.blocks if isinstance(block, Form))
        assert (answer.outcome, {field.name: field.error for field in form.fields}[name]) == (Outcome.MISTAKE, sentence), line


def test_a_role_can_be_put_at_the_top_again_and_renamed(staffed: Office) -> None:
    answer = staffed.say("/role change 数据分析师 reports_to=无 name=数据主管")
    assert words(answer).splitlines()[:4] == ["改好了岗位 数据主管", "在岗: 空缺", "核心职责: —", "汇报对象: —"]
    assert "还没写 数据主管 要改什么" in words(staffed.say("/role change 数据主管"))


# ------------------------------------------------------------------ channels


def test_a_channel_says_how_it_is_posted_in_and_changes(office: Office) -> None:
    shown = office.say("/ops channel")
    form = next(block for block in shown.message.blocks if isinstance(block, Form))
    assert words(shown).splitlines() == ["我在这里的设置", form.title]
    assert {field.name: field.value for field in form.fields} == {"locale": "中文", "digest": "关", "at": ""}
    changed = office.say("/运营 频道 locale=English digest=on at=8点半")
    assert words(changed).splitlines() == ["我在这里的设置", "语言: English", "晨报: 工作日 08:30（S-1）", "已保存。"]
    with office.database.read() as uow:
        bound = uow.places.binding("web", str(office.shop.id))
        assert bound is not None
        ops = uow.places.channel(bound[0], "ops")
        assert ops is not None
        (schedule,) = uow.schedules.in_channel(office.shop.id, Kind.DIGEST, ops.id)
    assert (ops.locale, schedule.cadence, schedule.on, schedule.owner) == (Locale.EN, Timed(time(8, 30), Workdays()), True, office.owner.id)
    assert "晨报: 不发到这里" in words(office.say("/ops channel digest=off"))
    assert "晨报: 工作日 08:30" in words(office.say("/ops channel digest=on"))


def test_a_channel_that_nobody_knew_is_known_from_then_on(office: Office) -> None:
    binding, member = newcomer(office)
    with office.database.write() as uow:
        uow.members.save(office.shop.id, replace(member, permission=Permission.LEAD))
        uow.commit()
    asked = on_slack(office, "/ops channel")
    assert (asked.outcome, asked.message.fallback) == (Outcome.DONE, "How I post here")
    with office.database.read() as uow:
        assert uow.places.channel(binding, "D1") is None
    on_slack(office, "/ops channel digest=on")
    with office.database.read() as uow:
        assert [schedule.channel for schedule in uow.schedules.of(office.shop.id)] == [_id(uow.places.channel(binding, "D1"))]


def test_a_channel_that_nobody_knew_has_the_name_that_comes_with_the_command(office: Office) -> None:
    binding, member = newcomer(office)
    with office.database.write() as uow:
        uow.members.save(office.shop.id, replace(member, permission=Permission.LEAD))
        uow.commit()
    office.say("/ops channel digest=on", platform="slack", tenant="T1", actor="U1", conversation="C7", called="launch")
    with office.database.read() as uow:
        found = uow.places.channel(binding, "C7")
    assert found is not None
    assert found.name == "launch"


def _id(channel: Channel | None) -> int:
    assert channel is not None
    return channel.id


def test_slips_about_a_channel_change_nothing(office: Office) -> None:
    for line, sentence in {
        "/ops channel at=25:00": "我没看懂时间「25:00」。可以写 09:00、9点半 或 上午9点。",
        "/ops channel digest=off at=9:00": "这里的晨报要关掉，就不用写时间了。两项请去掉一项。",
    }.items():
        answer = office.say(line)
        form = next(block for block in answer.message.blocks if isinstance(block, Form))
        assert {field.name: field.error for field in form.fields}["at"] == sentence
    assert office.say("/ops channel", office.viewer).message.card == "kernel.refused"


# ------------------------------------------------------------------ home


def test_home_tells_what_waits_and_leads_on(office: Office) -> None:
    office.say("/task add 备货 due=2024-06-01")
    office.say("/task add 上架 due=2024-06-30")
    answer = office.say("/运营 首页")
    assert words(answer).splitlines() == [
        "林晓，有 1 项任务等着你",
        "等着你的",
        "T-1 备货 · 逾期 3 天（6月1日）",
        "[完成 T-1]",
        "指标",
        "还没有昨天的数据。发 /指标 记录，或把报表拖进来。",
        "整个团队有 1 项任务逾期。",
        "[我的任务]",
        "[完整看板]",
        "[全部命令]",
    ]
    assert words(press(office, answer)).startswith("T-1 已完成：备货")


def test_home_shows_yesterdays_figures(office: Office) -> None:
    office.say("/kpi log dau=8.5万 day=2024-06-03")
    office.say("/kpi target dau=10万")
    assert "昨天 周一 6月3日\nDAU 8.5万\n" in words(office.say("/ops home"))
    assert words(office.say("/ops home", office.viewer)).splitlines()[0] == "Vera, nothing waits for you"
    assert Bold("yesterday Mon 3 Jun") in pieces(office.say("/ops home", office.viewer).message)
