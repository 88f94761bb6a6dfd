"""Which cards can the product make? Every one of them, in a language, as the house itself made it in conversations with two shops."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import handlers.every  # noqa: F401  # declares the commands
from bot.demo.shop import load_demo
from bot.dispatch import Dispatcher
from core.clock import FixedClock
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.messages.model import Actions, Form, Message
from core.messages.tokens import Signer, signed
from core.ports import Invocation, InvocationKind
from core.services.workspaces import WEB, create
from core.storage.migrate import migrate
from core.storage.repositories.chat import StoredFile
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from handlers.kernel import replies
from handlers.kernel.command import REGISTRY
from tests.contract.slots import LINES, notices, plan_morning
from tests.order_files import HEADER, Line

# 08:57 in Shanghai on Tuesday 2024-06-04.
NOW = datetime(2024, 6, 4, 0, 57, tzinfo=UTC)
KEY = bytes(range(32))
ORDERS = "\n".join([HEADER, Line("1001", "2024-05-27", 2).row(), Line("1002", "2024-05-28").row(), Line("1003", "2024-05-28", price="ten").row()])
FIGURES = "日期,DAU,访客数\n2024-06-01,8.5万,10万\n2024-06-02,86000,abc\n"

# What is said in the demo shop, and by whom.
STORY = (
    ("shen", "/ops help"),
    ("shen", "/ops help kpi"),
    ("shen", "/ops help kpi log"),
    ("shen", "/ops help nothing"),
    ("shen", "/ops whoami"),
    ("shen", "/ops settings"),
    ("gu", "/ops settings"),
    ("shen", "/ops set name=半山茶铺总店"),
    ("shen", "/ops set"),
    ("shen", "/ops set timezone=Moon"),
    ("shen", "/ops digest"),
    ("shen", "/ops digest 2024-05-31"),
    ("shen", "/ops digest 2030-01-01"),
    ("shen", "/ops deliveries"),
    ("shen", "/ops resend S-1"),
    ("shen", "/ops seen S-1"),
    ("shen", "/ops reenable S-1"),
    ("shen", "/ops import"),
    ("shen", "/kpi board"),
    ("shen", "/kpi board 2024-05-29"),
    ("shen", "/kpi board grain=week"),
    ("shen", "/kpi board grain=month"),
    ("shen", "/kpi show dau"),
    ("shen", "/kpi show campaign_roi"),
    ("shen", "/kpi show page_views 2024-05-29..2024-05-29"),
    ("shen", "/kpi show"),
    ("shen", "/kpi metrics"),
    ("lin", "/kpi log"),
    ("lin", "/kpi log dau=8.6万"),
    ("lin", "/kpi log dau=8.6万"),
    ("lin", "/kpi log dau=8.5万 visitors=10万 day=2024-06-03"),
    ("lin", "/kpi log dau=很多"),
    ("gu", "/kpi log dau=9万"),
    ("lin", "/kpi target"),
    ("lin", "/kpi target dau=10万"),
    ("lin", "/kpi target dau=10万 gmv=30万 when=2024-06-05..2024-06-18"),
    ("lin", "/task add"),
    ("lin", "/task add Check the pages due=2024-06-06 owner=xu,zhou campaign=618 phase=run standard=All&links<work>"),
    ("lin", "/task add 补拍主图 due=2024-06-01"),
    ("lin", "/task list"),
    ("lin", "/task list all"),
    ("lin", "/task list overdue campaign=618"),
    ("xu", "/task mine"),
    ("gu", "/task mine"),
    ("xu", "/task done"),
    ("xu", "/task done T-1"),
    ("xu", "/task done T-999"),
    ("shen", "/campaign list"),
    ("shen", "/campaign show"),
    ("shen", "/campaign show 618"),
    ("shen", "/campaign show 11"),
    ("shen", "/role list"),
    ("shen", "/role add"),
    ("shen", "/role add Buyer"),
    ("shen", "/role show Buyer"),
    ("shen", "/role change Buyer name=Purchaser"),
    ("shen", "/role assign lin Purchaser"),
    ("shen", "/role show Purchaser"),
    ("shen", "/role end lin Purchaser"),
    ("gu", "/role add Baker"),
    ("xu", "/ops home"),
    ("shen", "/ops people"),
    ("shen", "/ops grant gu member"),
    ("shen", "/ops grant"),
    ("shen", "/ops channel"),
    ("shen", "/ops channel digest=on at=09:30"),
    ("shen", "/ops link"),
    ("shen", "/ops link nothing"),
    ("shen", "/schedule list"),
    ("shen", "/schedule digest"),
    ("shen", "/schedule digest fri 25:00 zone=Moon"),
    ("shen", '/schedule digest cron "0 9 30 2 *"'),
    ("shen", "/schedule board fri 17:00 zone=America/New_York lang=en calendar=US"),
    ("shen", "/schedule tasks month-end 16:00"),
    ("shen", "/schedule digest once 2024-12-31 10:00 #nowhere"),
    ("shen", "/schedule change S-2"),
    ("shen", "/schedule change S-2 every 3 days"),
    ("shen", "/schedule pause S-2 until 2024-06-20"),
    ("shen", "/schedule pause S-3"),
    ("shen", "/schedule resume S-3"),
    ("shen", "/schedule show S-2"),
    ("gu", "/schedule show S-1"),
    ("shen", "/schedule show S-9"),
    ("shen", "/schedule send S-3"),
    ("shen", "/schedule remove S-3"),
    ("shen", "/ops schedules"),
    ("shen", "/ops quiet"),
    ("shen", "/ops quiet 22:00-08:00"),
    ("shen", "/ops quiet late"),
    ("shen", "/ops dayoff"),
    ("shen", "/ops dayoff 2024-12-24 Team day"),
    ("shen", "/ops workday 2024-12-28"),
    ("shen", "/ops dayoff 2024-12-25"),
    ("shen", "/ops dayoff remove 2024-12-28"),
    ("shen", "/kpi bord dau"),
    ("shen", "zzzz"),
    ("gu", "/ops language en"),
)
# What is said where nothing stands yet.
EMPTY = ("/schedule list", "/kpi board", "/kpi show dau", "/task list", "/task mine", "/campaign list", "/campaign show", "/ops digest")


@cache
def every_card(locale: Locale) -> Mapping[str, Message]:
    """The cards by what was done to get them, each signed as it goes out."""
    folder = Path(mkdtemp())
    database = Database.open(f"sqlite:///{folder}/cards.db", Sealer(KEY))
    try:
        migrate(database.engine)
        return dict(_told(database, locale))
    finally:
        database.close()
        shutil.rmtree(folder)


def _told(database: Database, locale: Locale) -> Iterator[tuple[str, Message]]:
    demo = Talk(database, load_demo(database, FixedClock(NOW), locale))
    for who, line in STORY:
        yield f"{who}: {line}", demo.say(who, line)
    yield "xu presses done", demo.press_first("xu", demo.say("xu", "/task mine"))
    for name, content in (("orders.csv", ORDERS), ("figures.csv", FIGURES)):
        shown = demo.drop("lin", name, content)
        yield f"{name} dropped", shown
        yield f"{name} confirmed", demo.press_first("lin", shown)
        yield f"{name} again", demo.press_first("lin", shown)
    slots = plan_morning(database, demo.workspace, NOW)
    for line in LINES:
        yield f"shen: {line} that morning", demo.say("shen", line)
    for name, message in notices(database, demo.workspace, slots, NOW):
        yield name, signed(message, demo.workspace.id, demo.signer)
    for line in ("/ops seen S-1", "/ops resend S-1", "/ops reenable S-1"):
        yield f"shen: {line} after that", demo.say("shen", line)
    empty = Talk(database, _empty(database, locale))
    for line in EMPTY:
        yield f"nothing yet: {line}", empty.say("shen", line)
    yield "fault", replies.fault("1a2b3c4d", locale)
    yield "working", replies.working(REGISTRY["ops digest"], locale, here=True)
    yield "working elsewhere", replies.working(REGISTRY["ops digest"], locale, here=False)


@dataclass
class Talk:
    """A conversation with the house in one workspace."""

    database: Database
    workspace: Workspace
    acts: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.signer = Signer(self.database.sealer.derive("token"))
        with self.database.read() as uow:
            self.ids = {member.handle: member.id for member in uow.members.all(self.workspace.id)}

    def say(self, who: str, line: str) -> Message:
        return self._act(who, InvocationKind.COMMAND, line)

    def press_first(self, who: str, message: Message) -> Message:
        """What comes of the first form of a message, else of its first button."""
        forms = [block.submit for block in message.blocks if isinstance(block, Form)]
        buttons = [button for block in message.blocks if isinstance(block, Actions) for button in block.buttons]
        return self._act(who, InvocationKind.BUTTON, (forms + buttons)[0].token)

    def drop(self, who: str, name: str, content: str) -> Message:
        ref = f"file-{name}"
        with self.database.write() as uow:
            uow.files.add(StoredFile(ref, self.workspace.id, name, "text/csv", content.encode(), None), NOW)
            uow.commit()
        return self._act(who, InvocationKind.FILE, ref)

    def _act(self, who: str, kind: InvocationKind, payload: str) -> Message:
        self.acts += 1
        dispatch = Dispatcher(self.database, FixedClock(NOW), REGISTRY, self.signer)
        tenant, actor, key = str(self.workspace.id), str(self.ids[who]), f"act-{self.workspace.id}-{self.acts}"
        answer = dispatch(Invocation(WEB, tenant, actor, "ops", key, kind, payload, {}))
        return signed(answer.message, self.workspace.id, self.signer)


def _empty(database: Database, locale: Locale) -> Workspace:
    with database.write() as uow:
        wanted = Workspace(0, "Tea shop", locale, "Asia/Shanghai", "CNY", "CN")
        workspace, _, _ = create(uow, wanted, Member(0, "Shen", Permission.ADMIN, handle="shen"), NOW)
        uow.commit()
    return workspace
