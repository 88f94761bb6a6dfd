"""What does every test start from? A database of each kind with today's tables, a clock that stands still, a key."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from core.clock import FixedClock
from core.storage.migrate import migrate
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from tests.postgres import PostgresServer

if TYPE_CHECKING:
    from tests.slack_server import SlackServer

settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

KEY = bytes(range(32))

if TYPE_CHECKING:
    from tests.feishu_server import FeishuServer


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2024, 6, 4, 0, 55, tzinfo=UTC))


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(KEY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database.open(f"sqlite:///{path}", Sealer(KEY))
    migrate(database.engine)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        template = Database.open(server.create("template_morningbell"), Sealer(KEY))
        migrate(template.engine)
        template.close()
        yield server


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "morningbell.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    yield server.emptied("template_morningbell")


@pytest.fixture
def database(database_url: str, sealer: Sealer) -> Iterator[Database]:
    """A fresh database of each kind: tests that take it run twice."""
    opened = Database.open(database_url, sealer)
    yield opened
    opened.close()


@pytest.fixture
def embedded(sqlite_url: str, sealer: Sealer) -> Iterator[Database]:
    """A fresh SQLite database, for tests of what lies above storage."""
    opened = Database.open(sqlite_url, sealer)
    yield opened
    opened.close()


@pytest.fixture
def feishu(clock: FixedClock) -> Iterator[FeishuServer]:
    """A Feishu of ours on loopback, by the test's clock. Imported only here, since aiohttp is slow to load."""
    from tests.feishu_server import FeishuServer

    with FeishuServer(clock) as server:
        yield server


@pytest.fixture
def slack(clock: FixedClock) -> Iterator[SlackServer]:
    """A Slack on loopback at the time of the test's clock."""
    from tests.slack_server import SlackServer

    with SlackServer(clock) as server:
        yield server
