"""What is wrong with this installation, and how is it mended?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.cli.run import Exit, Run
from bot.settings import Settings, key_file, sealer_for
from core.errors import ConfigurationError, SealError
from core.storage.migrate import is_current
from core.storage.sealing import new_key
from core.storage.unit_of_work import Database


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, and what to do when it is not well."""

    name: str
    well: bool
    said: str


def doctor(run: Run) -> None:
    """Prints one line a check; exit code 1 when something is to be mended."""
    findings = list(_findings(run))
    for finding in findings:
        run.tell(f"{'ok  ' if finding.well else 'MEND'} {finding.name}: {finding.said}")
    run.data["checks"] = [{"name": item.name, "ok": item.well, "said": item.said} for item in findings]
    if not all(finding.well for finding in findings):
        run.finish_with(Exit.FAULT)


def _findings(run: Run) -> Iterator[Finding]:
    settings = run.settings()
    yield _checked("settings", lambda: _listening(settings))
    yield _checked("key", lambda: _key(settings))
    yield _checked("database", lambda: _database(settings))
    yield _checked("fonts", _fonts)


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except ConfigurationError as error:
        return Finding(name, False, str(error))


def _listening(settings: Settings) -> str:
    from bot.platforms.web.settings import WebSettings

    token = settings.token.get_secret_value() if settings.token else None
    WebSettings(host=settings.host, hosts=settings.host_names, token=token)
    return f"the playground listens on {settings.host}:{settings.port}"


def _key(settings: Settings) -> str:
    if settings.key is None and key_file(settings) is None:
        raise ConfigurationError(f"PostgreSQL needs MORNINGBELL_KEY. A fresh one, to be kept safe: {new_key()}")
    sealer_for(settings)
    beside = key_file(settings)
    if settings.key is not None or beside is None:
        return "from MORNINGBELL_KEY"
    if beside.stat().st_mode & 0o077:
        raise ConfigurationError(f"{beside} can be read by others. Run: chmod 600 {beside}")
    return f"in {beside}; keep a copy apart from the database's"


def _database(settings: Settings) -> str:
    database = Database.open(settings.database_url, sealer_for(settings))
    try:
        if not is_current(database.engine):
            raise ConfigurationError("the tables are not up to date. Any verb brings them there, for example: morningbell init --demo")
        with database.read() as uow:
            workspaces = uow.workspaces.all()
            for workspace in workspaces:
                uow.members.all(workspace.id)
    except SealError as error:
        raise ConfigurationError(f"the key does not fit this database ({error}). Set the MORNINGBELL_KEY that it was made with.") from error
    except OSError as error:
        raise ConfigurationError(f"it cannot be reached: {error}") from error
    finally:
        database.close()
    return f"up to date, {len(workspaces)} workspace{'' if len(workspaces) == 1 else 's'}"


def _fonts() -> str:
    from core.analysis.fonts import font_problem

    problem = font_problem()
    if problem:
        raise ConfigurationError(problem)
    return "Chinese and Latin letters can be drawn"
