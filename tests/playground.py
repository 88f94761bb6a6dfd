"""How is the playground run in tests? With a small shop, a fake dispatcher, and a real server on a free port in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO

from bot.carriers import Carriers
from bot.edges import Edges
from bot.platforms.web.app import WebApp
from bot.platforms.web.seams import Seams
from bot.platforms.web.settings import WebSettings
from bot.server import Server, listen
from core.clock import FixedClock
from core.domain.quantities import Unit
from core.domain.readings import State
from core.domain.workspaces import Channel, Locale, Member, Permission, Workspace
from core.messages.model import (
    Actions,
    Button,
    Chart,
    Column,
    Context,
    Field,
    Form,
    Heading,
    Mention,
    Message,
    Number,
    Option,
    Panel,
    Paragraph,
    Phrase,
    Press,
    Table,
)
from core.ports import Address, Invocation, InvocationKind
from core.storage.unit_of_work import Database
from handlers.kernel.answer import Answer, Outcome
from handlers.kernel.complete import Suggestion

START = datetime(2024, 6, 4, 0, 55, tzinfo=UTC)
COMMANDS = (
    ("/kpi board ", "/kpi board [日期] [粒度]", "指标看板"),
    ("/kpi log ", "/kpi log [日期] 指标=数值…", "记录指标"),
    ("/kpi show ", "/kpi show 指标 [范围]", "单个指标的走势"),
)
ARGUMENTS = (("dau=", "dau=", "日活跃用户"), ("gmv=", "gmv=", "成交总额"))


@dataclass
class Shop:
    """What stands in the database before a test."""

    workspace: Workspace
    owner: Member
    other: Member
    binding: int
    ops: Channel
    campaign: Channel

    def address(self, visible_to: int | None = None) -> Address:
        return Address(self.binding, self.ops.external_id, visible_to=visible_to)


def open_shop(database: Database, *, demo: bool = True, name: str = "半山茶铺", locale: Locale = Locale.ZH) -> Shop:
    """A workspace with two people and two channels, whose clock stands at 08:55 when it is a demo."""
    with database.write() as uow:
        frozen = START if demo else None
        workspace = uow.workspaces.add(Workspace(0, name, locale, "Asia/Shanghai", "CNY", "CN", demo=demo, frozen_at=frozen), START)
        owner = uow.members.add(workspace.id, Member(0, "林晓", Permission.ADMIN, "运营经理", "lin"))
        other = uow.members.add(workspace.id, Member(0, "周航", Permission.MEMBER, "投放", "zhou"))
        uow.workspaces.set_owner(workspace.id, owner.id)
        binding = uow.places.bind(workspace.id, "web", str(workspace.id))
        ops = uow.places.add_channel(workspace.id, Channel(0, binding, "ops", "ops"))
        campaign = uow.places.add_channel(workspace.id, Channel(0, binding, "campaign-618", "campaign-618"))
        uow.commit()
    return Shop(workspace, owner, other, binding, ops, campaign)


@dataclass
class FakeHouse:
    """Answers as a dispatcher would, and remembers what it was asked. `silent`: nothing falls due; `more`: further completions."""

    database: Database
    asked: list[Invocation] = field(default_factory=list)
    app: WebApp | None = None
    slow: bool = False
    silent: bool = False
    more: tuple[tuple[str, str, str], ...] = ()

    def dispatch(self, invocation: Invocation) -> Answer:
        self.asked.append(invocation)
        actor = int(invocation.actor)
        if invocation.kind is InvocationKind.FORM:
            return Answer(said("在做了"), Outcome.WORKING, actor) if self.slow else logged(invocation.fields, actor)
        if invocation.kind is InvocationKind.COMMAND and invocation.payload.startswith("/kpi log"):
            return Answer(log_form(), visible_to=actor)
        if invocation.kind is InvocationKind.COMMAND:
            return Answer(board(), visible_to=actor)
        return Answer(said(f"{invocation.kind.value} {invocation.payload[:12]}"))

    def complete(self, _workspace: int, _member: int, text: str, caret: int) -> Sequence[Suggestion]:
        before = text[:caret]
        if before.startswith("/kpi log "):
            start = before.rindex(" ") + 1
            return [Suggestion(insert, start, label, hint) for insert, label, hint in ARGUMENTS if insert.startswith(before[start:])]
        return [
            Suggestion(insert, 0, label, hint) for insert, label, hint in COMMANDS + self.more if before.startswith("/") and insert.startswith(before)
        ]

    def step(self, workspace: int, to: datetime) -> None:
        with self.database.write() as uow:
            stepped = replace(uow.workspaces.get(workspace), frozen_at=to)
            uow.workspaces.save(stepped)
            channel = uow.places.channels(workspace)[0]
            uow.commit()
        if self.silent:
            return
        assert self.app is not None
        platform = self.app.platform
        platform.send(Address(channel.binding, channel.external_id), platform.render(said("早安，这是今天的晨报"), {}), f"digest:{to.isoformat()}")


class FakeRenderer:
    """Draws one grey picture."""

    def draw(self, chart: Chart) -> bytes:
        return picture()


def playground(database: Database, settings: WebSettings | None = None) -> tuple[WebApp, FakeHouse]:
    """The app on fakes."""
    house = FakeHouse(database)
    clock = FixedClock(START)
    seams = Seams(database, clock, house.dispatch, house.complete, house.step, FakeRenderer())
    app = WebApp(seams, settings or WebSettings(poll_seconds=0.2))
    house.app = app
    return app, house


@contextmanager
def serving(app: WebApp) -> Iterator[str]:
    """The app on a free port of this machine; the block gets its address."""
    listening = listen("127.0.0.1", 0)
    server = Server(Edges(app, (), Carriers()))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="playground")
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive(), "the server did not stop"


@cache
def picture() -> bytes:
    from matplotlib.figure import Figure

    written = BytesIO()
    Figure(figsize=(2.7, 2.1), dpi=40).savefig(written, format="png")
    return written.getvalue()


def said(words: str) -> Message:
    return Message((Paragraph(((words,),)),), words, locale=Locale.ZH.value)


def board() -> Message:
    """The board of a campaign, as a card."""
    rows = (
        row("GMV", "28.6万", "30万", "−5%"),
        row("订单量", "1,043", "1,060", "−2%"),
        row("DAU", "8.5万", "10万", "−15%", bad=True),
        row("加购-下单转化率", "18%", "25%", "−28%", bad=True),
    )
    columns = (Column("指标"), Column("实际", "right"), Column("目标", "right"), Column("偏差", "right"))
    heading = "昨天 GMV 达成 95%，DAU 和加购转化落后"
    return Message(
        (
            Heading((heading,)),
            Table(columns, rows),
            Chart("digest", "28 天走势：GMV、订单量、DAU、转化率", "近 28 天", (Panel("GMV", "28.6万"),)),
            Paragraph((("今天到期：T-12 主会场页面 ", Mention(1, "林晓"), "，T-14 优惠券配置 ", Mention(2, "周航")),)),
            Actions(
                (
                    Button("标记 T-12 完成", Press("task done", {"task": "T-12"}), "primary", token="done"),
                    Button("看 DAU", Press("kpi show", {"metric": "dau"}), token="show"),
                    Button("删除目标", Press("kpi target", {}), "danger", confirm="删除 DAU 的目标？之后的偏差就算不出来了。", token="drop"),
                )
            ),
            Context(("数据截至 6月3日 周一，DAU 为暂定值",)),
        ),
        heading,
        "kpi.board",
        Locale.ZH.value,
    )


def row(name: str, actual: str, target: str, deviation: str, *, bad: bool = False) -> tuple[Phrase, ...]:
    tone = "bad" if bad else "neutral"
    return ((name,), (actual,), (target,), (Number(deviation, Decimal("-0.1"), Unit.RATE, State.FINAL, tone),))  # type: ignore[arg-type]  # a literal


def log_form(typed: str = "", error: str = "", note: str = "") -> Message:
    fields = (
        Field("day", "日期", "date", "2024-06-03"),
        Field("dau", "DAU", "number", typed, placeholder="8.5万", hint="可以写 8.5万、85000 或 85k", error=error),
        Field("source", "来源", "select", "hand", options=(Option("hand", "手工"), Option("orders", "订单")), required=False),
        Field("note", "备注", "multiline", note, required=False),
    )
    form = Form("记录指标", fields, Button("记录", Press("kpi log", {}), "primary", token="log"))
    return Message((Paragraph((("还差 DAU 的数值。",),)), form), "记录指标", "kernel.form", Locale.ZH.value)


def logged(fields: object, actor: int) -> Answer:
    assert isinstance(fields, dict)
    typed = fields.get("dau", "")
    if typed.endswith("w"):
        return Answer(log_form(typed, f"我没看懂「{typed}」。可以写 8.5万、85000 或 85k。", fields.get("note", "")), Outcome.MISTAKE, actor)
    return Answer(said(f"记下了：DAU {typed}"), visible_to=actor)
