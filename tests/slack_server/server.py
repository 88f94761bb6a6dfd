"""What does a test hold in hand? A Slack on loopback: set it up, let people act, ask what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Self

from core.clock import FixedClock
from tests.slack_server.acts import Acts
from tests.slack_server.api import Api
from tests.slack_server.carrier import Carrier
from tests.slack_server.conversations import channel_messages
from tests.slack_server.faults import Faults
from tests.slack_server.loops import Serving
from tests.slack_server.sockets import Sockets
from tests.slack_server.values import BOT_SCOPES, Call, Channel, Ephemeral, Person, Post, Posted, Rules, Team, Token, Upload, View
from tests.slack_server.world import Grant, World

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
APP_TOKEN = "xapp-1-A0MB-connections"


class SlackServer:
    """A Slack with one team in it, in a `with` block."""

    def __init__(self, clock: FixedClock, rules: Rules | None = None) -> None:
        self.clock = clock
        self.world = World(clock, rules or Rules(), "A0MB", "1234.5678", "client-secret-9c1f")
        self.signing_secret, self.app_token = SIGNING_SECRET, APP_TOKEN
        self.client_id, self.client_secret = self.world.client_id, self.world.client_secret
        self.world.tokens[APP_TOKEN] = Token(APP_TOKEN, "app", "", frozenset({"connections:write"}))
        self.faults = Faults()
        self.sockets = Sockets(self.world)
        self.carrier = Carrier(clock, SIGNING_SECRET, self.sockets)
        self.acts = Acts(self.world, self.carrier)
        self.team = self.add_team("半山茶铺", "hillside-tea")

    def __enter__(self) -> Self:
        app = Api(self.world, self.faults).application()
        app.router.add_get("/link/", self.sockets.serve)
        self._serving = Serving(app, "slack")
        self.world.base = self._serving.url
        self._serving.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.faults.release()
        self._serving.stop()

    # ------------------------------------------------------------ setting up

    @property
    def api_url(self) -> str:
        """What `WebClient(base_url=…)` and SLACK_API_URL take."""
        return f"{self.world.base}/api/"

    @property
    def token(self) -> str:
        """The bot token of the first team."""
        return self.team.token

    def add_team(self, name: str, domain: str, scopes: tuple[str, ...] = BOT_SCOPES) -> Team:
        """A further team that has the app."""
        with self.world.lock:
            bot = self.world.ident("U")
            team = Team(self.world.ident("T"), name, domain, bot, self.world.ident("B"), f"xoxb-{self.world.ident('')}")
            self.world.teams[team.id] = team
            self.world.tokens[team.token] = Token(team.token, "bot", team.id, frozenset(scopes))
            self.world.people[bot] = Person(bot, team.id, "morningbell", "Morningbell", standing="bot")
        return team

    def add_person(self, name: str, real_name: str = "", team: Team | None = None, **about: str) -> Person:
        """A user; `about`: tz, locale, standing."""
        with self.world.lock:
            person = Person(self.world.ident("U"), (team or self.team).id, name, real_name or name, **about)  # type: ignore[arg-type]  # a literal
            self.world.people[person.id] = person
        return person

    def add_channel(self, name: str, *members: Person, bot: bool = True, private: bool = False, team: Team | None = None) -> Channel:
        """A channel with these people in it, and with the bot."""
        home = team or self.team
        everyone = {person.id for person in members} | ({home.bot_user} if bot else set())
        with self.world.lock:
            channel = Channel(self.world.ident("C"), home.id, name, "group" if private else "channel", frozenset(everyone))
            self.world.channels[channel.id] = channel
        return channel

    def direct(self, person: Person) -> Channel:
        """The bot's direct conversation with a person."""
        with self.world.lock:
            return self.world.direct(self.world.teams[person.team], person.id)

    def archive(self, channel: Channel) -> None:
        """Closes a channel for good."""
        with self.world.lock:
            self.world.channels[channel.id] = replace(self.world.channels[channel.id], archived=True)

    def remove_bot(self, channel: Channel) -> None:
        """Takes the bot out of a channel."""
        with self.world.lock:
            standing = self.world.channels[channel.id]
            self.world.channels[channel.id] = replace(standing, members=standing.members - {self.world.teams[channel.team].bot_user})

    def allow(self, rules: Rules) -> None:
        """Changes what is allowed from now on."""
        self.world.rules = rules

    def scopes(self, *scopes: str, team: Team | None = None) -> None:
        """Gives the team's first token these scopes and no others."""
        self._change_token(team, lambda token: replace(token, scopes=frozenset(scopes)))

    def revoke(self, team: Team | None = None) -> None:
        """Ends the team's first token."""
        self._change_token(team, lambda token: replace(token, revoked=True))

    def authorise(self, team: Team, redirect_uri: str | None = None, scopes: tuple[str, ...] = BOT_SCOPES) -> str:
        """Somebody agrees to the app on Slack's page: the `code` with which Slack sends the browser back."""
        with self.world.lock:
            code = self.world.ident("code-")
            self.world.codes[code] = Grant(team.id, frozenset(scopes), self.clock.now(), redirect_uri)
        return code

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self.clock.instant += timedelta(seconds=seconds)

    # ------------------------------------------------------------ asking what happened

    def messages(self, channel: Channel) -> tuple[Posted, ...]:
        """What stands in a conversation, threads too, oldest first; people's messages among it."""
        with self.world.lock:
            return tuple(channel_messages(self.world, channel.id))

    def from_bot(self, channel: Channel) -> tuple[Posted, ...]:
        """What the bot said in a conversation, oldest first."""
        return tuple(one for one in self.messages(channel) if one.author == self.world.teams[channel.team].bot_user)

    def ephemerals(self, person: Person, channel: Channel) -> tuple[Ephemeral, ...]:
        """What only this person sees in a conversation, oldest first."""
        with self.world.lock:
            return tuple(one for one in self.world.ephemerals.values() if one.user == person.id and one.channel == channel.id)

    def views(self, person: Person) -> tuple[View, ...]:
        """The modals that are open before a person, the topmost last."""
        with self.world.lock:
            return tuple(one for one in self.world.views.values() if one.user == person.id and one.open and one.payload["type"] == "modal")

    def view(self, view: View) -> View:
        """A view as it stands now."""
        with self.world.lock:
            return self.world.views[view.id]

    def home(self, person: Person) -> View | None:
        """A person's home page, if it was ever published."""
        with self.world.lock:
            return self.world.homes.get((person.team, person.id))

    def uploads(self) -> tuple[Upload, ...]:
        """Every file, oldest first."""
        with self.world.lock:
            return tuple(self.world.uploads.values())

    def calls(self, method: str | None = None) -> tuple[Call, ...]:
        """The calls of the Web API, of one method or of all, oldest first."""
        with self.world.lock:
            return tuple(one for one in self.world.calls if method in {None, one.method})

    def posts(self) -> tuple[Post, ...]:
        """What was sent to response URLs, oldest first."""
        with self.world.lock:
            return tuple(self.world.posts)

    def _change_token(self, team: Team | None, change: Callable[[Token], Token]) -> None:
        with self.world.lock:
            value = (team or self.team).token
            self.world.tokens[value] = change(self.world.tokens[value])
