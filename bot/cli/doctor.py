"""What is wrong with this installation, and how is it mended?"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from bot.cli.run import Exit, Run
from bot.log import configure
from bot.platforms.findings import Added, Finding
from bot.platforms.settings import FeishuSettings, SlackSettings, feishu_settings, slack_settings
from bot.settings import Settings, database_exists, key_file, sealer_for
from core.clock import SystemClock
from core.domain.workspaces import Binding
from core.errors import ConfigurationError, SealError, Unreachable
from core.storage.engine import reach
from core.storage.migrate import is_current
from core.storage.sealing import new_key
from core.storage.unit_of_work import Database, UnitOfWork

if TYPE_CHECKING:
    from bot.house import House

Settled = TypeVar("Settled", SlackSettings, FeishuSettings)


def doctor(run: Run) -> None:
    """Prints one line a check; exit code 1 when something is to be mended."""
    configure()
    findings = list(_findings(run))
    for finding in findings:
        run.tell(f"{'ok  ' if finding.well else 'MEND'} {finding.name}: {finding.said}")
    run.data["checks"] = [{"name": item.name, "ok": item.well, "said": item.said} for item in findings]
    if not all(finding.well for finding in findings):
        run.finish_with(Exit.FAULT)


def _findings(run: Run) -> Iterator[Finding]:
    first = _checked("settings", lambda: _settings(run))
    yield first
    if first.well:
        settings = run.settings()
        yield _checked("playground", lambda: _listening(settings))
        yield _checked("key", lambda: _key(settings))
        database = _checked("database", lambda: _database(settings))
        yield database
        yield from _platforms(run, with_database=database.well)
    yield _checked("fonts", _fonts)


def _platforms(run: Run, *, with_database: bool) -> Iterator[Finding]:
    """Slack and Feishu as far as the settings name them, and the channels there to which something is posted by itself."""
    house = run.house() if with_database else None
    yield from _platform("slack", slack_settings, lambda settings: _slack(settings, house))
    yield from _platform("feishu", feishu_settings, lambda settings: _feishu(settings, house))


def _platform(name: str, settings_of: Callable[[], Settled | None], looked: Callable[[Settled], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        settings = settings_of()
        if settings is not None:
            yield from looked(settings)
    except ConfigurationError as error:
        yield Finding(name, False, str(error))


def _slack(settings: SlackSettings, house: House | None) -> Iterator[Finding]:
    from bot.platforms.slack.doctor import check, check_added

    if settings.bot_token is not None:
        yield from _home("slack", house)
    own, added = _teams(house, "slack")
    yield from check(settings, SystemClock(), own)
    if house is not None:
        yield from check_added(settings, house.ties, SystemClock(), added)


def _feishu(settings: FeishuSettings, house: House | None) -> Iterator[Finding]:
    from bot.platforms.feishu.doctor import check, check_added

    yield from _home("feishu", house)
    own, added = _teams(house, "feishu")
    yield from check(settings, SystemClock(), own)
    if house is not None:
        yield from check_added(settings, house.ties, SystemClock(), added)


def _home(platform: str, house: House | None) -> Iterator[Finding]:
    """Whether it is clear for which workspace the settings' team is: where it is not, `serve` does not start."""
    if house is not None:
        yield _checked(f"{platform} workspace", lambda: f"the team is for {_name_of(house.home(), house)}")


def _name_of(workspace: int, house: House) -> str:
    return next(each.name for each in house.workspaces() if each.id == workspace)


def _teams(house: House | None, platform: str) -> tuple[dict[str, str], list[Added]]:
    """The channels of the settings' own team, and the teams that were added."""
    if house is None:
        return {}, []
    with house.database.read() as uow:
        added = [Added(binding.id, binding.tenant, _channels(uow, binding)) for binding, _ in uow.credentials.all(platform)]
        known = {team.binding for team in added}
        own = [_channels(uow, binding) for binding in uow.places.bindings(platform) if binding.on and binding.id not in known]
    return {channel: name for channels in own for channel, name in channels.items()}, added


def _channels(uow: UnitOfWork, binding: Binding) -> dict[str, str]:
    """The platform's id and the name of each channel to which something is posted by itself."""
    used = {schedule.channel for schedule in uow.schedules.of(binding.workspace) if schedule.enabled}
    every = uow.places.channels(binding.workspace)
    return {channel.external_id: channel.name for channel in every if channel.binding == binding.id and channel.id in used}


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except (ConfigurationError, Unreachable) as error:
        return Finding(name, False, str(error))


def _settings(run: Run) -> str:
    beside = key_file(run.settings())
    return f"an SQLite database, {beside.with_suffix('')}" if beside else "a PostgreSQL database"


def _listening(settings: Settings) -> str:
    from bot.platforms.web.settings import WebSettings

    token = settings.token.get_secret_value() if settings.token else None
    WebSettings(host=settings.host, hosts=settings.host_names, token=token)
    return f"the playground listens on {settings.host}:{settings.port}"


def _key(settings: Settings) -> str:
    beside = key_file(settings)
    if settings.key is not None:
        sealer_for(settings)
        return "from MORNINGBELL_KEY"
    if beside is None:
        raise ConfigurationError(f"PostgreSQL needs MORNINGBELL_KEY. A fresh one, to be kept safe: {new_key()}")
    if not beside.exists() and not database_exists(settings):
        return f"none yet; it will be made with the database, as {beside}"
    sealer_for(settings)
    if beside.stat().st_mode & 0o077:
        raise ConfigurationError(f"{beside} can be read by others. Run: chmod 600 {shlex.quote(str(beside))}")
    return f"in {beside}; keep a copy apart from the database's"


def _database(settings: Settings) -> str:
    if not database_exists(settings):
        raise ConfigurationError("there is none yet. Make it: morningbell init NAME, or morningbell init --demo")
    database = Database.open(settings.database_url, sealer_for(settings))
    try:
        return _looked_at(database)
    except SealError as error:
        raise ConfigurationError(f"the key does not fit this database ({error}). Set the MORNINGBELL_KEY that it was made with.") from error
    finally:
        database.close()


def _looked_at(database: Database) -> str:
    """What stands in it. Raises Unreachable, ConfigurationError for old tables, and SealError for another key."""
    reach(database.engine)
    if not is_current(database.engine):
        raise ConfigurationError('the tables are not up to date. Any other verb brings them there, for example: morningbell say "/ops help"')
    with database.read() as uow:
        workspaces = uow.workspaces.all()
        for workspace in workspaces:
            uow.members.all(workspace.id)
    return f"up to date, {len(workspaces)} workspace{'' if len(workspaces) == 1 else 's'}"


def _fonts() -> str:
    from core.analysis.fonts import font_problem

    problem = font_problem()
    if problem:
        raise ConfigurationError(problem)
    return "Chinese and Latin letters can be drawn"
