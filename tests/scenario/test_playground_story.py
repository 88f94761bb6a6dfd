"""The demo shop's first week, played through the real house: what does the team see, morning after morning?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from itertools import count

import pytest
from pydantic import SecretStr

from bot.demo.shop import load_demo
from bot.house import House
from bot.platforms.text import render
from bot.platforms.web.platform import WebPlatform
from bot.settings import Settings
from core.clock import FixedClock
from core.domain.workspaces import Locale, Workspace
from core.messages.model import Actions, Button, Form, Message
from core.ports import Address, Invocation, InvocationKind, Receipt
from core.services.workspaces import WEB
from core.storage.repositories.chat import ChatMessage
from core.storage.sealing import new_key
from handlers.kernel.answer import Answer, Outcome
from tests.fakes import FakeRenderer

# The machine's own time is another year's: nothing that the shop sees may come from it.
MACHINE = datetime.fromisoformat("2026-01-05T12:00+00:00")
REQUESTS = count()


class Killed(BaseException):
    """The process is gone: no handler of the program sees it."""


class Deadly(WebPlatform):
    """A platform at which the process dies, before or after the message stands."""

    before = True

    def send(self, address: Address, payload: str, key: str) -> Receipt:
        if not self.before:
            super().send(address, payload, key)
        raise Killed


@dataclass
class Team:
    """The shop's people before the playground. The process behind it may die; another then takes its place on the same database."""

    url: str
    key: str = field(default_factory=new_key)
    machine: FixedClock = field(default_factory=lambda: FixedClock(MACHINE))

    def __post_init__(self) -> None:
        self.begin()
        self.workspace: Workspace = load_demo(self.house.database, self.machine, Locale.ZH)
        with self.house.database.read() as uow:
            self.ids: Mapping[str, int] = {member.handle: member.id for member in uow.members.all(self.workspace.id)}

    def begin(self) -> None:
        """A process begins."""
        self.house = House(Settings(database_url=self.url, key=SecretStr(self.key)))
        vars(self.house)["clock"] = self.machine
        self.house.deliveries.renderer = FakeRenderer()

    def step(self, to: str) -> None:
        """Steps the clock at the top, in the shop's time."""
        local = datetime.fromisoformat(to).replace(tzinfo=self.workspace.zone)
        self.house.deliveries.standing.step(self.workspace.id, local)

    def digests(self) -> list[str]:
        """The morning digests that stand in #ops, in order, in plain words."""
        return [_words(message.content) for message in self._posted("ops") if message.key.startswith("digest:")]

    def say(self, who: str, line: str) -> Answer:
        return self._act(who, InvocationKind.COMMAND, line, {})

    def press(self, who: str, button: Button) -> Answer:
        return self._act(who, InvocationKind.BUTTON, button.token, {})

    def submit(self, who: str, form: Form, fields: Mapping[str, str]) -> Answer:
        return self._act(who, InvocationKind.FORM, form.submit.token, fields)

    def _act(self, who: str, kind: InvocationKind, payload: str, fields: Mapping[str, str]) -> Answer:
        tenant, actor = str(self.workspace.id), str(self.ids[who])
        return self.house.dispatcher()(Invocation(WEB, tenant, actor, "ops", f"story-{next(REQUESTS)}", kind, payload, fields))

    def _posted(self, name: str) -> list[ChatMessage]:
        with self.house.database.read() as uow:
            [channel] = [channel for channel in uow.places.channels(self.workspace.id) if channel.name == name]
            return list(uow.chat.before(channel.id, self.ids["shen"], limit=100))


@pytest.fixture
def team(database_url: str) -> Iterator[Team]:
    team = Team(database_url)
    yield team
    team.house.close()


def test_the_first_week(team: Team) -> None:
    # Tuesday, 08:55. Nothing has come yet, and nothing of today or later can be seen.
    assert team.digests() == []
    assert "6月3日" in words(team.say("shen", "/指标 看板"))
    assert team.say("shen", "/kpi board 2024-06-05").outcome is Outcome.MISTAKE

    # 09:00. The digest stands in #ops, once, and looking again brings no second one.
    team.step("2024-06-04T09:00")
    team.step("2024-06-04T09:00")
    [tuesday] = team.digests()
    assert "6月3日" in tuesday
    assert "GMV" in tuesday

    # Somebody who may only look cannot write down a figure, and learns who can.
    refused = team.say("gu", "/kpi log dau=9万")
    assert refused.outcome is Outcome.MISTAKE
    assert "权限" in words(refused)

    # The manager sees that a figure never came, asks to log it, and gets a form. What is typed wrongly comes back with what was wrong.
    assert "缺" in words(team.say("lin", "/kpi show page_views 2024-05-29..2024-05-29"))
    form = the_form(team.say("lin", "/指标 记录"))
    wrong = team.submit("lin", form, {"values": "page_views=很多", "day": "2024-05-29"})
    assert wrong.outcome is Outcome.MISTAKE
    assert next(item for item in the_form(wrong).fields if item.name == "values").value == "page_views=很多"
    assert team.submit("lin", form, {"values": "page_views=61.2万", "day": "2024-05-29"}).outcome is Outcome.DONE
    assert "61.2万" in words(team.say("gu", "/kpi show page_views 2024-05-29..2024-05-29"))

    # A task is finished by its button, though not by one who may only look; then it is no longer on the list.
    button = the_button(team.say("xu", "/任务 我的"), "task done")
    assert team.press("gu", button).outcome is Outcome.MISTAKE
    assert team.press("xu", button).outcome is Outcome.DONE
    assert button.press.arguments["task"] not in words(team.say("xu", "/任务 我的"))

    # A day later the next digest came on its way, and the finished task is gone from it.
    team.step("2024-06-05T09:00")
    [_, wednesday] = team.digests()
    assert "6月4日" in wednesday
    assert button.press.arguments["task"] not in wednesday


def test_over_the_dragon_boat_days_it_is_quiet_and_the_next_one_covers_them(team: Team) -> None:
    team.step("2024-06-07T18:00")
    before = team.digests()
    assert len(before) == 4, "Tuesday to Friday"

    # Saturday to Monday are days off: the clock passes them and nobody is disturbed.
    team.step("2024-06-10T23:00")
    assert team.digests() == before

    team.step("2024-06-11T09:00")
    [*_, tuesday] = team.digests()
    assert len(team.digests()) == len(before) + 1
    assert all(f"6月{day}日" in tuesday for day in (7, 8, 9, 10))


def test_what_lies_ahead_is_never_visible(team: Team) -> None:
    for instant in ("2024-06-04T09:00", "2024-06-05T08:00", "2024-06-12T09:00"):
        team.step(instant)
        local = datetime.fromisoformat(instant)
        ahead = local.date() + timedelta(days=1)
        assert team.say("shen", f"/kpi board {ahead}").outcome is Outcome.MISTAKE, instant
        assert team.say("shen", f"/ops digest {ahead}").outcome is Outcome.MISTAKE, instant
        shown = team.say("shen", "/kpi board")
        assert f"6月{local.day - 1}日" in words(shown), instant
        assert f"6月{local.day}日" not in words(shown), instant
        assert not any(f"6月{ahead.day}日" in digest.split("任务")[0] for digest in team.digests()), instant


@pytest.mark.parametrize("before", [True, False], ids=["before it stands", "after it stands"])
def test_a_process_that_dies_while_sending_neither_repeats_nor_skips(team: Team, before: bool) -> None:
    web = Deadly(team.house.database, team.machine)
    web.before = before
    team.house.platforms.use(WEB, web)
    with pytest.raises(Killed):
        team.step("2024-06-04T09:00")
    assert len(team.digests()) == (0 if before else 1)

    # Another process begins a minute later, on the same database.
    team.house.close()
    team.machine.instant += timedelta(minutes=1)
    team.begin()
    for _ in range(3):
        team.house.deliveries.tick()
        team.machine.instant += timedelta(minutes=1)
    [tuesday] = team.digests()
    assert "6月3日" in tuesday

    # And the next morning is as if nothing had happened.
    team.step("2024-06-05T09:00")
    assert len(team.digests()) == 2


def words(answer: Answer) -> str:
    """What an answer says, in plain words."""
    return render(answer.message)


def the_form(answer: Answer) -> Form:
    [form] = [block for block in answer.message.blocks if isinstance(block, Form)]
    return form


def the_button(answer: Answer, command: str) -> Button:
    return next(button for button in _buttons(answer.message) if button.press.command == command)


def _buttons(message: Message) -> Iterator[Button]:
    for block in message.blocks:
        if isinstance(block, Actions):
            yield from block.buttons


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html))
