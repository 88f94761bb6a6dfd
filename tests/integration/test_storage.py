"""Do both databases keep what they are given, and undo what was not committed?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import core.storage.tables  # noqa: F401  # declares the tables
from core.domain.workspaces import Locale, Member, Permission, Workspace
from core.errors import SealError
from core.storage.base import Base
from core.storage.migrate import NEWEST, alembic_config, is_current, migrate
from core.storage.sealing import Place, Sealer
from core.storage.unit_of_work import Database
from tests.postgres import PostgresServer

NOW = datetime(2024, 6, 4, 1, tzinfo=UTC)
SHOP = Workspace(0, "Tea shop", Locale.ZH, "Asia/Shanghai", "CNY", "CN")


def test_migrations_build_exactly_the_declared_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_current_database_is_left_alone(database: Database) -> None:
    assert is_current(database.engine)
    migrate(database.engine)
    assert is_current(database.engine)


def test_the_newest_migration_is_known_without_alembic() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [NEWEST]


def test_a_database_of_another_version_is_not_current(database: Database) -> None:
    with database.write() as uow:
        uow.session.execute(text("update alembic_version set version_num = '0000'"))
        uow.commit()
    assert not is_current(database.engine)


def test_an_empty_database_is_not_current(tmp_path: Path, sealer: Sealer) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/new.db", sealer)
    assert not is_current(database.engine)
    migrate(database.engine)
    assert is_current(database.engine)
    database.close()


def test_a_look_sees_one_state_until_it_is_released(database: Database) -> None:
    with database.read() as look:
        assert look.workspaces.all() == ()
        with database.write() as uow:
            uow.workspaces.add(SHOP, NOW)
            uow.commit()
        assert look.workspaces.all() == ()
        look.release()
        assert [workspace.name for workspace in look.workspaces.all()] == [SHOP.name]


def test_what_was_not_committed_is_undone(database: Database) -> None:
    with database.write() as uow:
        uow.workspaces.add(SHOP, NOW)
    with database.read() as uow:
        assert uow.workspaces.all() == ()


def test_actions_wait_for_the_commit(database: Database) -> None:
    seen: list[str] = []
    with database.write() as uow:
        uow.after_commit(lambda: seen.append("done"))
        assert seen == []
        uow.commit()
    assert seen == ["done"]


def test_a_member_keeps_everything_and_the_name_is_sealed(database: Database) -> None:
    with database.write() as uow:
        shop = uow.workspaces.add(SHOP, NOW)
        kept = uow.members.add(shop.id, Member(0, "林晓", Permission.LEAD, "运营经理", "lin", Locale.EN, "Asia/Tokyo"))
        uow.commit()
    with database.read() as uow:
        assert uow.members.get(shop.id, kept.id) == kept
        raw = uow.session.execute(text("select name from members")).scalar_one()
    assert "林晓".encode() not in bytes(raw)


def test_a_name_moved_to_another_row_does_not_open(database: Database) -> None:
    with database.write() as uow:
        shop = uow.workspaces.add(SHOP, NOW)
        first = uow.members.add(shop.id, Member(0, "A", Permission.LEAD, handle="a"))
        second = uow.members.add(shop.id, Member(0, "B", Permission.LEAD, handle="b"))
        move = text("update members set name = (select name from members where id = :source) where id = :target")
        uow.session.execute(move, {"source": first.id, "target": second.id})
        uow.commit()
    with database.read() as uow, pytest.raises(SealError):
        uow.members.get(shop.id, second.id)


def test_a_person_of_another_workspace_is_not_found(database: Database) -> None:
    with database.write() as uow:
        shop = uow.workspaces.add(SHOP, NOW)
        other = uow.workspaces.add(Workspace(0, "Other", Locale.EN, "Europe/London", "GBP", "GB"), NOW)
        member = uow.members.add(shop.id, Member(0, "A", Permission.ADMIN, handle="a"))
        uow.commit()
    with database.read() as uow, pytest.raises(LookupError):
        uow.members.get(other.id, member.id)


def test_instants_come_back_aware_and_exact(database: Database) -> None:
    standing = NOW + timedelta(microseconds=123456)
    with database.write() as uow:
        shop = uow.workspaces.add(Workspace(0, "Demo", Locale.EN, "Asia/Shanghai", "CNY", "CN", demo=True, frozen_at=standing), NOW)
        uow.commit()
    with database.read() as uow:
        assert uow.workspaces.get(shop.id).frozen_at == standing


def test_another_key_does_not_open(sealer: Sealer) -> None:
    place = Place("t", "1", "f")
    with pytest.raises(SealError):
        Sealer(bytes(32)).open(sealer.seal(b"x", place), place)


@pytest.fixture(params=["sqlite", "postgresql"])
def first(request: pytest.FixtureRequest, tmp_path: Path, sealer: Sealer) -> Iterator[Database]:
    """A database with the tables of the first release."""
    server: PostgresServer | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    database = Database.open(server.create("first_release") if server else f"sqlite:///{tmp_path}/first.db", sealer)
    config = alembic_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    yield database
    database.close()


FIRST_ROWS = (
    "insert into workspaces (id, name, locale, timezone, currency, calendar, demo, created_at)"
    " values (1, 'Tea shop', 'en', 'UTC', 'CNY', 'CN', false, '2024-06-04 01:00:00')",
    "insert into bindings (id, workspace_id, platform, tenant) values (1, 1, 'web', '1')",
    "insert into deliveries (id, workspace_id, key, kind, binding_id, conversation, due_at, state, attempts, created_at)"
    " values (1, 1, 'k', 'digest', 1, 'ops', '2024-06-04 01:00:00', 'planned', 0, '2024-06-04 01:00:00')",
    "insert into files (ref, workspace_id, name, media_type, content, created_at) values ('r', 1, 'a.csv', 'text/csv', '', '2024-06-04 01:00:00')",
)


def test_what_the_first_release_kept_is_read_by_this_one(first: Database) -> None:
    with first.write() as uow:
        for row in FIRST_ROWS:
            uow.session.execute(text(row))
        uow.commit()
    migrate(first.engine)
    with first.read() as uow:
        assert uow.workspaces.get(1).newcomers is Permission.VIEWER
        assert uow.places.found(1).on
        found = uow.deliveries.get(1)
        assert found is not None
        assert (found.subject, found.edits) == ("", None)
        assert uow.session.execute(text("select ref, origin from files")).one() == ("r", None)
