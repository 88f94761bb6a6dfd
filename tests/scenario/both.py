"""Who is at work in the stories of one team on both platforms? 半山茶铺, with a channel on Slack and a group on Feishu, and one process behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.house import FEISHU, SLACK, House
from core.clock import FixedClock
from core.domain.deliveries import Delivery
from core.domain.workspaces import Member
from core.storage.unit_of_work import Database
from tests import feishu_server, slack_server
from tests.feishu_server import UNLIMITED, Answer, Event, FeishuServer
from tests.house import Process, Shop, feishu_settings, give_account, nothing, open_shop, slack_settings
from tests.slack_server import Person, Posted, Rules, SlackServer


@dataclass
class Team:
    """The shop on both. `lin` runs it and is known on both; `zhou` is known on Slack alone; others are newcomers."""

    url: str
    clock: FixedClock
    slack: SlackServer
    feishu: FeishuServer
    shop: Shop
    socket: bool = False

    def __post_init__(self) -> None:
        self.lin = self.slack.add_person("lin", "林晓")
        self.zhou = self.slack.add_person("zhou", "周航")
        self.ops = self.slack.add_channel("ops", self.lin, self.zhou)
        self.lin_there = self.feishu.world.add_user("林晓", "ou_lin")
        self.group = self.feishu.world.add_group("运营群", [self.lin_there])

    @contextmanager
    def process(self, before: Callable[[House], None] = nothing) -> Iterator[Process]:
        """A process on the shop's database, told by both platforms from now on."""
        mode = "socket" if self.socket else "webhook"
        settings = (slack_settings(self.slack, socket=self.socket), feishu_settings(self.feishu, mode=mode))
        with Process(self.url, self.clock, *settings, before=before) as process:
            self.turn_to(process)
            self._know(process.house.database)
            yield process

    def turn_to(self, process: Process) -> None:
        """Both platforms tell that process from now on."""
        self._told = process
        if not self.socket:
            self.slack.carrier.app_url = f"{process.address}/slack/events"
            self.hook = self.feishu.webhook(f"{process.address}/feishu/events")

    def tell(self, event: Event) -> Answer:
        """Feishu tells the event."""
        answer = self.feishu.socket.push(event).answer if self.socket else self.hook.deliver(event)
        self._told.finish()
        return answer

    def command(self, person: Person, place: slack_server.Channel, line: str) -> slack_server.Answer:
        """Somebody types a slash command."""
        answer = self.slack.acts.command(person, place, line)
        self._told.finish()
        return answer

    # What stands where

    def on_slack(self, place: slack_server.Channel | None = None) -> tuple[Posted, ...]:
        """What the bot said in #ops, or in another conversation."""
        return self.slack.from_bot(place or self.ops)

    def on_feishu(self, place: feishu_server.Chat | None = None) -> list[feishu_server.Message]:
        """The bot's cards in the group, or in another conversation."""
        return self.feishu.world.cards(place or self.group)

    @property
    def alone(self) -> feishu_server.Chat:
        """林晓's own conversation with the bot on Feishu."""
        return self.feishu.world.direct(self.lin_there, self.feishu.app)

    def deliveries(self, database: Database) -> list[Delivery]:
        """The ledger."""
        with database.read() as uow:
            return list(uow.deliveries.of(self.shop.workspace.id))

    def people(self, database: Database) -> dict[str, Member]:
        """Everyone who is active, by name."""
        with database.read() as uow:
            return {member.name: member for member in uow.members.all(self.shop.workspace.id) if member.active}

    def _know(self, database: Database) -> None:
        with database.read() as uow:
            bound = uow.places.binding(SLACK, self.slack.team.id)
            known = bound is not None and uow.members.by_account(bound[0], self.lin.id) is not None
        if not known:
            give_account(database, self.shop, "lin", SLACK, self.slack.team.id, self.lin.id)
            give_account(database, self.shop, "zhou", SLACK, self.slack.team.id, self.zhou.id)
            give_account(database, self.shop, "lin", FEISHU, self.feishu.app.app_id, self.lin_there.open_id)


@contextmanager
def one_team(url: str, clock: FixedClock, *, socket: bool = False) -> Iterator[Team]:
    """The team with its platforms; no process yet."""
    with SlackServer(clock, Rules(burst=1_000, looks=0)) as slack, FeishuServer(clock, limits=UNLIMITED) as feishu:
        house = Process(url, clock).house
        shop = open_shop(house.database, clock)
        house.close()
        yield Team(url, clock, slack, feishu, shop, socket)
