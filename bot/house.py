"""How are the parts put together? Here alone the process chooses its database, key, clock, platforms and handlers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import structlog

import handlers.every  # noqa: F401  # declares the commands
from bot.courier import Courier
from bot.dispatch import Dispatcher, Overrides
from bot.door import Door, Threshold
from bot.engines import engine_maker
from bot.platforms.settings import FeishuSettings, SlackSettings, feishu_settings, slack_settings
from bot.roles import Role
from bot.settings import Settings, sealer_for
from bot.switchboard import Maker, Switchboard
from bot.ties import StoredTies
from core.clock import SystemClock
from core.domain.moments import business_time
from core.domain.workspaces import Locale, Workspace
from core.errors import ConfigurationError, SendError
from core.messages.tokens import Signer
from core.ports import Clock, Platform
from core.services.copies import settle_copy
from core.storage.engine import reach
from core.storage.migrate import migrate
from core.storage.unit_of_work import Database
from handlers.kernel.command import REGISTRY
from handlers.kernel.complete import Suggestion, complete
from handlers.kernel.directory import StoredDirectory
from handlers.kernel.kinds import Scope

if TYPE_CHECKING:
    from bot.deliveries import Deliveries
    from bot.platforms.feishu.start import Parts

log = structlog.get_logger()

WEB, SLACK, FEISHU = "web", "slack", "feishu"


@dataclass(frozen=True)
class House:
    """One process's parts, each made when first asked for. `now` is the business time of `--now`."""

    settings: Settings
    now: datetime | None = None
    locale: Locale | None = None
    role: Role = Role.ALL

    @cached_property
    def clock(self) -> Clock:
        """Machine time."""
        return SystemClock()

    @cached_property
    def database(self) -> Database:
        """The database, brought up to date. Raises ConfigurationError, and Unreachable."""
        database = Database.open(self.settings.database_url, sealer_for(self.settings))
        reach(database.engine)
        migrate(database.engine)
        if settled := settle_copy(database, self.clock.now()):
            log.warning("copy_settled", deliveries=settled)
        return database

    @cached_property
    def signer(self) -> Signer:
        """Signs the tokens of buttons and forms."""
        return Signer(self.database.sealer.derive("token"))

    @cached_property
    def ties(self) -> StoredTies:
        """Secrets and accounts on the platforms."""
        return StoredTies(self.database, self.clock, self.home)

    @cached_property
    def platforms(self) -> Switchboard:
        """The platforms that the process is set up for. Raises ConfigurationError for one that is half set."""
        makers: dict[str, Maker] = {WEB: partial(_web, self.database, self.clock, self.now)}
        if self.slack is not None:
            makers[SLACK] = partial(_slack, self.slack, self.ties, self.clock)
        if self.feishu is not None:
            makers[FEISHU] = lambda: self.feishu_parts.platform
        return Switchboard(self.database, makers)

    @cached_property
    def slack(self) -> SlackSettings | None:
        """Slack's settings; None where it is off. Raises ConfigurationError where it is half set."""
        return slack_settings()

    @cached_property
    def feishu(self) -> FeishuSettings | None:
        """Feishu's settings; None where it is off. Raises ConfigurationError where it is half set."""
        return feishu_settings()

    @cached_property
    def feishu_parts(self) -> Parts:
        """What Feishu's platform and its edge share. Raises ConfigurationError where Feishu is off, or set wrongly."""
        from bot.platforms.feishu.start import feishu_parts

        if self.feishu is None:
            raise ConfigurationError("Feishu is not set up: FEISHU_APP_ID and FEISHU_APP_SECRET are missing.")
        return feishu_parts(self.feishu, self.ties, self.clock)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What goes out by itself."""
        from bot.deliveries import Deliveries

        make_engine = engine_maker(self.settings, self.role)
        return Deliveries(self.database, self.clock, self.signer, self.dispatcher(), self.platforms, self.ties.refs, make_engine, self.now)

    def close(self) -> None:
        """Closes what was opened: connections to Feishu, the database."""
        if "feishu_parts" in vars(self):
            self.feishu_parts.client.close()
        if "database" in vars(self):
            self.database.close()

    def dispatcher(self, courier: Courier | None = None) -> Dispatcher:
        """Answers invocations; with a `courier`, what is slow or cannot be handed back goes by the ledger, and newcomers are asked for outside."""
        door = Door(self.database, self.platforms)
        return Dispatcher(
            self.database,
            self.clock,
            REGISTRY,
            self.signer,
            courier=courier,
            welcome=door if courier is None else Threshold(door),
            fetch=lambda binding, external: self.platforms(binding).download(binding, external),
            overrides=Overrides(self.locale, self.now),
        )

    def adopt(self) -> None:
        """Finds out whose the settings' secrets are, before a single verb sends something. Slack out of reach is tried again by the ledger."""
        if self.slack is not None and self.slack.bot_token is not None:
            from bot.platforms.slack.start import introduced

            self.ties.expect(SLACK)
            with suppress(SendError):
                self.ties.adopt(SLACK, *introduced(self.slack.bot_token.get_secret_value(), self.slack.api_url))
        if self.feishu is not None and self.feishu.app_id is not None:
            from bot.platforms.feishu.start import secrets_of

            self.ties.adopt(FEISHU, self.feishu.app_id, secrets_of(self.feishu))

    def home(self) -> int:
        """The workspace to which the team of the settings' secrets belongs. Raises ConfigurationError where that is not clear."""
        every = self.workspaces()
        named = [workspace for workspace in every if self.settings.workspace in ("", workspace.name)]
        if len(named) != 1:
            known = ", ".join(workspace.name for workspace in every) or "none yet; make one with morningbell init NAME"
            raise ConfigurationError(f"Which workspace are the platforms for? Set MORNINGBELL_WORKSPACE to its name. There are: {known}.")
        return named[0].id

    def complete(self, workspace: int, member: int, line: str, caret: int) -> Sequence[Suggestion]:
        """What could come next in a member's composer."""
        with self.database.read() as uow:
            team, person = uow.workspaces.get(workspace), uow.members.get(workspace, member)
            today = business_time(team, self.clock.now(), self.now).today
            scope = Scope(person.locale or team.locale, today, StoredDirectory(uow, workspace))
            return complete(line, caret, REGISTRY, scope)

    def workspaces(self) -> Sequence[Workspace]:
        """Every workspace, the oldest first."""
        with self.database.read() as uow:
            return uow.workspaces.all()


def _web(database: Database, clock: Clock, now: datetime | None) -> Platform[Any]:
    from bot.platforms.web.platform import WebPlatform

    return WebPlatform(database, clock, now=now)


def _slack(settings: SlackSettings, ties: StoredTies, clock: Clock) -> Platform[Any]:
    from bot.platforms.slack.start import slack_platform

    return slack_platform(settings, ties, clock)
