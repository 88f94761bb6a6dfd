"""Does what people say about what comes by itself do what it says, for those who may, in either language, and is nothing kept of what cannot be?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.reports import Reports
from core.clock import FixedClock
from core.domain.cadences import Cadence, Cron, Every, EveryDays, MonthEnd, Once, Timed, Weekdays, Workdays
from core.domain.deliveries import DeliveryState, Kind
from core.domain.moments import business_time
from core.domain.schedules import Schedule
from core.domain.workspaces import Channel, Locale, Permission
from core.messages.model import Button
from core.messages.phrases import plain
from core.ports import unheard
from core.services.schedules import MOST_OF_ONE, switch_off
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from scheduler.planner import Planner
from tests.delivering import PlainWeek
from tests.office import Office, asked_in, open_office, press, words


@pytest.fixture
def office(embedded: Database, clock: FixedClock) -> Office:
    """林晓 runs it in Chinese, Vera looks on in English. It is 08:55 on Tuesday 4 June 2024 in Shanghai."""
    return open_office(embedded, clock)


def schedules(office: Office) -> tuple[Schedule, ...]:
    with office.database.read() as uow:
        return uow.schedules.of(office.shop.id)


def add_channel(office: Office, name: str, *, gone: bool = False) -> Channel:
    with office.database.write() as uow:
        bound = uow.places.binding("web", str(office.shop.id))
        assert bound is not None
        channel = uow.places.add_channel(office.shop.id, Channel(0, bound[0], name, name))
        uow.places.save_channel(replace(channel, gone=gone))
        uow.commit()
    return channel


def refused(office: Office, line: str, field: str, *, english: bool = False) -> str:
    """What is said beside the field of the form; nothing may have been kept."""
    before = schedules(office)
    if english:
        with office.database.write() as uow:
            uow.members.save(office.shop.id, replace(office.owner, locale=Locale.EN))
            uow.commit()
    answer = office.say(line)
    assert answer.outcome is Outcome.MISTAKE
    assert schedules(office) == before
    return asked_in(answer)[field].error


# ------------------------------------------------------------------ making one


def test_a_digest_is_scheduled_and_its_next_five_times_are_shown(office: Office) -> None:
    answer = office.say("/ops schedule digest daily 09:00 workdays #ops")
    assert words(answer).splitlines() == [
        "S-1 已建好：晨报，工作日 09:00",
        "状态: 开启",
        "发到: 这里",
        "时区: Asia/Shanghai",
        "工作日历: CN",
        "设置人: 林晓",
        "接下来",
        "今天 周二 6月4日 09:00",
        "明天 周三 6月5日 09:00",
        "后天 周四 6月6日 09:00",
        "周五 6月7日 09:00",
        "周二 6月11日 09:00",  # 10 June is the dragon boat festival
        "[暂停]",
        "[现在发一次]",
        "[修改]",
        "[移除]",
    ]


@pytest.mark.parametrize(
    ("line", "kind", "cadence"),
    [
        ("/ops schedule board weekly fri 17:00", Kind.BOARD, Timed(time(17), Weekdays(frozenset({4})))),
        ("/运营 定时 看板 每周五 17:00", Kind.BOARD, Timed(time(17), Weekdays(frozenset({4})))),
        ("/ops schedule tasks month-end 16:00", Kind.TASKS, Timed(time(16), MonthEnd(working=True))),
        ("/定时 任务 月末16:00", Kind.TASKS, Timed(time(16), MonthEnd(working=True))),
        ("/schedule digest once 2026-12-31 10:00", Kind.DIGEST, Timed(time(10), Once(date(2026, 12, 31)))),
        ("/运营 定时 日报 一次 12月31日 10:00", Kind.DIGEST, Timed(time(10), Once(date(2024, 12, 31)))),
        ("/schedule digest every 3 days 09:00", Kind.DIGEST, Timed(time(9), EveryDays(3, date(2024, 6, 4)))),
        ("/定时 晨报 每3天 08:00", Kind.DIGEST, Timed(time(8), EveryDays(3, date(2024, 6, 5)))),
        ("/schedule board every 2 hours", Kind.BOARD, Every(timedelta(hours=2), datetime.combine(date(2024, 6, 4), time()))),
        ('/schedule digest cron "0 9 * * 1-5"', Kind.DIGEST, Cron("0 9 * * 1-5")),
    ],
)
def test_any_rhythm_can_be_written_in_a_line(office: Office, line: str, kind: Kind, cadence: Cadence) -> None:
    assert office.say(line).outcome is Outcome.DONE
    [kept] = schedules(office)
    assert (kept.kind, kept.cadence, kept.owner) == (kind, cadence, office.owner.id)


def test_a_schedule_may_have_a_zone_a_language_and_a_calendar_of_its_own(office: Office) -> None:
    answer = office.say("/schedule digest workdays 09:00 zone=america/new_york lang=en calendar=us")
    [kept] = schedules(office)
    assert (kept.zone, kept.locale, kept.calendar) == ("America/New_York", Locale.EN, "US")
    assert "今天 周二 6月4日 09:00 (UTC−4)" in words(answer)


@pytest.mark.parametrize("line", ["/schedule digest weekdays at 9", "/schedule digest at 9 on weekdays", "/schedule digest weekdays at 9:00"])
def test_no_little_word_is_taken_for_a_country_and_weekdays_are_explained(office: Office, line: str) -> None:
    told = words(office.say(line))
    [kept] = schedules(office)
    assert (kept.cadence, kept.calendar) == (Timed(time(9), Weekdays(frozenset(range(5)))), None)
    assert "周一到周五都发，节假日也发。" in told
    assert "周一到周五都发" not in words(office.say("/schedule digest workdays 09:00"))


def test_a_day_and_a_time_may_have_their_little_words(office: Office) -> None:
    assert office.say("/schedule digest once on 31 Dec at 9am").outcome is Outcome.DONE
    assert [each.cadence for each in schedules(office)] == [Timed(time(9), Once(date(2024, 12, 31)))]


def test_what_comes_once_in_a_far_year_is_to_come(office: Office) -> None:
    told = words(office.say("/schedule digest once 2100-02-01 09:00"))
    assert "周一 2100年2月1日 09:00" in told.splitlines()
    assert "不会再来" not in told


def test_what_is_over_is_not_resumed(office: Office, clock: FixedClock) -> None:
    office.say("/schedule digest once 2024-06-04 10:00")
    office.say("/schedule pause S-1")
    clock.instant += timedelta(hours=2)
    before = schedules(office)
    answer = office.say("/schedule resume S-1")
    assert answer.outcome is Outcome.MISTAKE
    assert "它的时间已经过了" in words(answer) + asked_in(answer)["schedule"].error
    assert schedules(office) == before


def test_the_same_schedule_is_not_made_twice(office: Office) -> None:
    office.say("/schedule digest workdays 09:00")
    [kept] = schedules(office)
    told = words(office.say("/schedule digest workdays 09:00", replace(office.owner)))
    assert told.splitlines()[0] == "S-1 已经是这样了，没有重复新建：晨报，工作日 09:00"
    assert schedules(office) == (kept,)
    for other in ("board workdays 09:00", "digest workdays 09:15", "digest workdays 09:00 zone=Europe/London"):
        office.say(f"/schedule {other}")
    assert len(schedules(office)) == 4


def test_what_went_out_at_this_instant_is_not_next(office: Office, clock: FixedClock) -> None:
    office.say("/schedule digest daily 09:00")
    clock.instant += timedelta(minutes=5)
    Planner(office.database, clock, lambda *_: PlainWeek()).run()
    assert "今天 周二 6月4日 09:00" in words(office.say("/schedule list")), "it is still to go"
    [row] = office.deliveries()
    with office.database.write() as uow:
        for state in (DeliveryState.BUILT, DeliveryState.SENDING, DeliveryState.SENT):
            before, row = row, replace(row, state=state)
            assert uow.deliveries.move(before, row)
        uow.commit()
    for line in ("/schedule list", "/schedule show S-1"):
        told = words(office.say(line))
        assert "今天 周二 6月4日 09:00" not in told
        assert "明天 周三 6月5日 09:00" in told


def test_what_is_missing_is_asked_for_with_what_was_typed_still_there(office: Office) -> None:
    fields = asked_in(office.say("/定时 晨报 09:30 #ops"))
    assert {name: field.value for name, field in fields.items() if field.value} == {"at": "09:30", "channel": "#ops"}
    assert (fields["cadence"].kind, fields["channel"].kind, fields["day"].kind) == ("select", "select", "date")
    assert {"每天", "工作日", "每周五", "每月最后一个工作日", "一次"} <= {option.value for option in fields["cadence"].options}
    assert asked_in(office.say("/定时 晨报 每周五"))["at"].error == "几点来？例如 09:00。"
    assert asked_in(office.say("/定时 晨报 一次 10:00"))["day"].error == "哪一天来？例如 12月31日。"
    assert schedules(office) == ()


def test_a_rhythm_that_nobody_is_offered_stays_in_the_form(office: Office) -> None:
    cadence = asked_in(office.say("/定时 晨报 每5天 25:00"))["cadence"]
    assert cadence.value == "每5天"
    assert "每5天" in {option.value for option in cadence.options}


# ------------------------------------------------------------------ what cannot be


@pytest.mark.parametrize(
    ("line", "field", "zh", "en"),
    [
        ("/schedule digest fri 25:00", "at", "我没看懂时间「25:00」", "I could not read the time “25:00”"),
        ("/schedule digest fri 09:00 zone=Shangai", "zone", "是不是 Asia/Shanghai？", "Did you mean Asia/Shanghai?"),
        ("/schedule board once 2024-02-30 09:00", "day", "没有「2024-02-30」这一天", "There is no day “2024-02-30”"),
        ("/schedule board once 30 Feb at 9", "day", "没有「30 Feb」这一天", "There is no day “30 Feb”"),
        ("/schedule digest fri 09:00 zone=Qqqq", "zone", "没有「Qqqq」这个时区", "There is no time zone “Qqqq”"),
        ("/schedule digest fri 09:00 calendar=XX", "calendar", "XX", "XX"),
        ('/schedule digest cron "0 9 30 2 *"', "cadence", "永远不会到", "never comes"),
        ('/schedule digest cron "* * * * *"', "cadence", "太密了", "more often than every 15 minutes"),
        ('/schedule digest cron "bell at nine"', "cadence", "这不是一条 cron 表达式", "That is no line of a crontab"),
        ("/schedule digest every 5 minutes", "cadence", "太密了", "more often than every 15 minutes"),
        ("/schedule digest every blue moon", "cadence", "我没看懂「every」", "I could not read how often “every”"),
        ("/schedule digest once 2024-06-03 10:00", "cadence", "这个时间已经过去", "That time is over"),
        ("/schedule digest once 2025-03-30 01:30 zone=Europe/London", "cadence", "正好跳过这个时间", "put forward over it"),
        ("/schedule digest once 2024-10-27 01:30 zone=Europe/London", "cadence", "这个时间会出现两次", "show that time twice"),
        ("/schedule digest fri 09:00 #nowhere", "channel", "我不认识频道「nowhere」", "I do not know a channel “nowhere”"),
        ("/schedule digest fri 09:00 #left", "channel", "我被移出了「left」", "I was removed from “left”"),
        ("/schedule digest daily 09:00 day=2024-12-24", "day", "这里请留空", "leave this empty"),
        ('/schedule digest cron "0 9 * * *" at=10:00', "at", "cron 自己写明了时间", "says its own times"),
        ("/schedule digest monthly 45 09:00", "cadence", "每月的日子是 1 到 31 号", "A month has the days 1 to 31"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field_and_nothing_is_saved(office: Office, line: str, field: str, zh: str, en: str) -> None:
    add_channel(office, "left", gone=True)
    assert zh in refused(office, line, field)
    assert en in refused(office, line, field, english=True)


def test_a_key_that_there_is_not_is_answered_with_those_of_the_language(office: Office) -> None:
    told = words(office.say("/schedule digest fri 09:00 colour=red"))
    assert "时区" in told
    assert "zone" not in told


@pytest.mark.parametrize("key", ["zone", "tz", "timezone", "TZ", "时区"])
def test_a_zone_is_taken_by_each_of_its_keys(office: Office, key: str) -> None:
    assert office.say(f"/schedule digest fri 09:00 {key}=Europe/London").outcome is Outcome.DONE
    assert schedules(office)[0].zone == "Europe/London"


def test_nobody_has_more_than_fifty(office: Office) -> None:
    for minute in range(MOST_OF_ONE):
        assert office.say(f"/schedule digest fri 09:{minute:02}").outcome is Outcome.DONE
    answer = office.say("/schedule digest fri 10:00")
    assert answer.outcome is Outcome.MISTAKE
    assert "你已有 50 个定时" in words(answer)
    assert len(schedules(office)) == MOST_OF_ONE


def test_a_recurring_time_at_which_clocks_change_is_explained_on_the_card(office: Office) -> None:
    office.clock.instant = datetime(2025, 3, 28, 12, tzinfo=UTC)
    told = words(office.say("/schedule digest daily 01:30 zone=Europe/London"))
    assert "后天 周日 3月30日：Europe/London 的钟拨快，正好跳过这个时间，所以拨完马上发。" in told
    assert "后天 周日 3月30日 02:00" in told


def test_a_year_whose_moved_working_days_are_not_published_is_said(office: Office) -> None:
    office.clock.instant = datetime(2090, 11, 5, tzinfo=UTC)
    assert "2091 年的调休还没有公布" in words(office.say("/schedule digest workdays 09:00"))
    assert "2091" not in words(office.say("/schedule digest workdays 09:00 calendar=GB"))
    assert "调休" not in words(office.say("/schedule digest daily 09:00"))


# ------------------------------------------------------------------ looking at them


def test_everything_that_comes_by_itself_is_listed_with_its_next_time_or_why_there_is_none(office: Office) -> None:
    office.say("/schedule digest workdays 09:00")
    office.say("/schedule board fri 17:00")
    office.say("/schedule tasks mon 09:30")
    office.say("/schedule pause S-2")
    with office.database.write() as uow:
        [*_, last] = uow.schedules.of(office.shop.id)
        switch_off(uow, last, "no_channel", business_time(office.shop, office.clock.now()))
        uow.commit()
    listed = words(office.say("/ops schedules", office.viewer)).splitlines()
    assert listed[:3] == [
        "3 schedules",
        "S-1 | Morning digest → this conversation | workdays at 09:00 | today Tue 4 Jun 09:00",
        "S-2 | Board → this conversation | every Fri at 17:00 | paused until you resume it",
    ]
    assert listed[3].startswith("S-3 | Tasks of the week → this conversation | every Mon at 09:30 | switched off. ")
    assert listed[4:] == ["[S-1]", "[S-2]", "[S-3]"]


def test_where_nothing_comes_yet_the_first_one_is_a_press_away(office: Office) -> None:
    empty = office.say("/定时 列表")
    assert words(empty).splitlines()[0] == "还没有定时"
    assert set(asked_in(press(office, empty))) == {"cadence", "at", "channel", "day", "zone", "locale", "calendar"}


def test_who_may_only_look_sees_no_buttons_and_changes_nothing(office: Office) -> None:
    shown = office.say("/schedule digest fri 09:00")
    assert "[" not in words(office.say("/schedule show S-1", office.viewer))
    refusal = press(office, shown, office.viewer)
    assert (refusal.outcome, refusal.message.card) == (Outcome.MISTAKE, "kernel.refused")
    assert schedules(office)[0].on


def test_a_permission_that_was_taken_back_counts_at_the_next_press(office: Office) -> None:
    office.say("/ops grant @vera lead")
    shown = office.say("/schedule digest fri 09:00", office.viewer)
    office.say("/ops grant @vera member")
    assert press(office, shown, office.viewer).outcome is Outcome.MISTAKE
    assert schedules(office)[0].on


def test_a_number_that_there_is_not_is_told(office: Office) -> None:
    office.say("/schedule digest fri 09:00")
    assert asked_in(office.say("/schedule show S-9"))["schedule"].error == "没有定时 S-9，这次没有改动。发 /定时 列表 可以看到所有编号。"
    assert asked_in(office.say("/schedule show abc"))["schedule"].error == "我没看懂「abc」是哪个定时。请写编号，例如 S-3。"


# ------------------------------------------------------------------ changing them


def test_a_pause_ends_on_its_day_or_when_somebody_resumes_it(office: Office) -> None:
    office.say("/schedule digest fri 09:00")
    assert "已暂停，周四 6月20日 起再发" in words(office.say("/定时 暂停 S-1 到 6月20日"))
    assert "周五 6月21日 09:00" in words(office.say("/schedule show S-1"))
    assert "状态: 开启" in words(office.say("/定时 恢复 S-1"))
    assert "[恢复]" in words(office.say("/schedule pause 1"))
    assert not schedules(office)[0].on
    assert "暂停要到以后的某一天为止" in asked_in(office.say("/schedule pause S-1 until 2024-06-04"))["until"].error


def test_what_the_house_switched_off_says_why_and_is_resumed_by_a_press(office: Office) -> None:
    office.say("/schedule digest fri 09:00")
    with office.database.write() as uow:
        switch_off(uow, uow.schedules.of(office.shop.id)[0], "bad_credentials", business_time(office.shop, office.clock.now()))
        uow.commit()
    shown = office.say("/schedule show S-1")
    assert "状态: 已停用。" in words(shown)
    press(office, shown)
    assert schedules(office)[0].on


def test_one_thing_is_changed_and_the_rest_stays(office: Office) -> None:
    add_channel(office, "board")
    office.say("/schedule board fri 17:00 zone=Europe/London")
    office.say("/schedule change S-1 09:30")
    office.say("/schedule change S-1 每周一")
    office.say("/schedule change S-1 #board")
    [kept] = schedules(office)
    assert kept.cadence == Timed(time(9, 30), Weekdays(frozenset({0})))
    assert kept.zone == "Europe/London"
    with office.database.read() as uow:
        assert uow.places.known(kept.channel).name == "board"


def test_a_change_without_anything_shows_how_it_is(office: Office) -> None:
    office.say("/schedule digest every 5 days 09:00")
    fields = asked_in(office.say("/schedule change S-1"))
    assert {name: field.value for name, field in fields.items() if field.value} == {
        "schedule": "S-1",
        "cadence": "每5天",
        "at": "09:00",
        "channel": "#ops",
        "day": "2024-06-04",
    }


def test_a_new_rhythm_takes_the_time_along_and_leaves_the_day(office: Office) -> None:
    office.say("/schedule digest once 2024-12-31 10:00")
    office.say("/schedule change S-1 workdays")
    office.say("/schedule digest once 2024-12-31 10:00")
    office.say("/schedule change S-2 cron 0 9 * * 1")
    assert [each.cadence for each in schedules(office)] == [Timed(time(10), Workdays()), Cron("0 9 * * 1")]


def test_it_is_removed_once_that_is_confirmed(office: Office) -> None:
    office.say("/schedule digest fri 09:00")
    asked = office.say("/schedule remove S-1")
    assert words(asked).splitlines()[0] == "要移除 S-1 吗？"
    assert len(schedules(office)) == 1
    assert "不再发了" in words(press(office, asked))
    assert schedules(office) == ()
    assert office.say("/schedule digest fri 09:00").message.fallback.startswith("S-2 ")


# ------------------------------------------------------------------ a test


def planned(office: Office) -> list[tuple[str, DeliveryState]]:
    return [(row.key, row.state) for row in office.deliveries()]


def test_a_test_is_sent_beside_todays_own_also_while_it_is_paused(office: Office) -> None:
    office.say("/schedule digest daily 09:00")
    Planner(office.database, office.clock, lambda *_: PlainWeek()).run()
    todays = planned(office)
    told = office.say("/schedule send S-1")
    assert words(told).splitlines() == ["S-1 的测试正在发往这里。", "这是额外的一次，原来的照常按时发。"]
    [trial] = [row for row in office.deliveries() if row.key not in dict(todays)]
    assert (trial.kind, trial.due_at, trial.asked_at, trial.state) == (Kind.DIGEST, office.clock.now(), office.clock.now(), DeliveryState.PLANNED)
    assert set(todays) <= set(planned(office))
    office.say("/schedule pause S-1")
    assert trial.key in dict(planned(office))


@pytest.mark.parametrize(("line", "said"), [("digest", "晨报"), ("board", "看板"), ("tasks", "任务")])
def test_a_test_says_that_it_is_one_whatever_it_brings(office: Office, line: str, said: str) -> None:
    office.say(f"/schedule {line} fri 09:00")
    office.say("/schedule send S-1")
    [row] = office.deliveries()
    with office.database.read() as uow:
        request = uow.deliveries.request(row.id)
    moment = business_time(office.shop, office.clock.now())
    message = Reports(office.database, office.signer).builders[row.kind](request, office.shop, moment, unheard)
    last = message.blocks[-1]
    assert not isinstance(last, Button)
    assert "这是 S-1 的测试" in plain(getattr(last, "text", ""))


# ------------------------------------------------------------------ days and hours of one's own


def test_a_day_off_moves_what_comes_on_working_days(office: Office) -> None:
    office.say("/schedule digest workdays 09:00")
    assert words(office.say("/运营 休息日 6月6日 团建")).splitlines()[0] == "后天 周四 6月6日 团队休息（团建）。工作日才发的，这天不发。"
    assert words(office.say("/ops workday 2024-06-08")).splitlines()[0] == "周六 6月8日 团队上班。工作日才发的，这天也发。"
    shown = words(office.say("/schedule show S-1"))
    assert ("6月6日" in shown, "6月8日" in shown) == (False, True)


def test_days_are_listed_and_removed_by_a_press_or_a_word(office: Office) -> None:
    office.say("/ops dayoff 2024-12-24 Team day")
    office.say("/ops workday 2024-12-28")
    listed = office.say("/ops dayoff")
    assert words(listed).splitlines()[:3] == ["团队自定的日子有 2 个", "周二 12月24日 | 休息 | Team day", "周六 12月28日 | 上班 | —"]
    press(office, listed)
    office.say("/运营 休息日 移除 12月28日")
    assert words(office.say("/ops dayoff")).splitlines()[0] == "团队还没有自定的日子"


@pytest.mark.parametrize(
    ("line", "field", "said"),
    [
        ("/ops dayoff 2024-06-03", "day", "这一天已经过去"),
        ("/ops dayoff remove 2024-12-24", "day", "没有给这一天定过什么"),
        ("/ops dayoff remove", "day", "要移除哪一天？"),
        ("/ops dayoff Team day", "day", "团队哪一天休息？"),
        ("/ops dayoff 2024-02-30", "day", "没有「2024-02-30」这一天"),
        ("/ops dayoff 30 Feb Team day", "day", "没有「30 Feb」这一天"),
        ("/ops dayoff remove 2月30日", "day", "没有「2月30日」这一天"),
        ("/ops workday", "day", ""),
    ],
)
def test_a_day_that_cannot_be_is_told(office: Office, line: str, field: str, said: str) -> None:
    answer = office.say(line)
    assert answer.outcome is Outcome.MISTAKE
    assert said in asked_in(answer)[field].error
    with office.database.read() as uow:
        assert uow.days_off.of(office.shop.id) == ()


def test_only_a_lead_says_when_the_team_rests(office: Office) -> None:
    assert office.say("/ops dayoff 2024-12-24", office.viewer).message.card == "kernel.refused"


def hours(office: Office) -> str:
    return words(office.say("/ops whoami", office.viewer))


def test_quiet_hours_are_kept_for_one_person_and_shown(office: Office) -> None:
    told = words(office.say("/ops quiet 22:00-08:00", office.viewer))
    assert told.startswith("Quiet hours from 22:00 to 08:00 (Asia/Shanghai).")
    assert "what is scheduled to come here, come at their time" in told
    assert "Quiet hours: 22:00–08:00" in hours(office)
    with office.database.read() as uow:
        assert uow.members.get(office.shop.id, office.owner.id).quiet is None
        assert uow.members.get(office.shop.id, office.viewer.id).permission is Permission.VIEWER
    assert words(office.say("/运营 免打扰 晚上10点半到早上7点")).startswith("免打扰 22:30 到 07:00（Asia/Shanghai）。")
    office.say("/ops quiet off", office.viewer)
    assert "Quiet hours: —" in hours(office)


@pytest.mark.parametrize(("typed", "said"), [("25-3", "我没看懂时段「25-3」"), ("22:00", "我没看懂时段"), ("9-9", "同一个时间")])
def test_hours_that_are_none_are_told(office: Office, typed: str, said: str) -> None:
    assert said in asked_in(office.say(f"/ops quiet {typed}"))["hours"].error


def test_the_channel_says_by_which_number_its_digest_comes(office: Office) -> None:
    answer: Answer = office.say("/ops channel digest=on at=08:30")
    assert "晨报: 工作日 08:30（S-1）" in words(answer)
