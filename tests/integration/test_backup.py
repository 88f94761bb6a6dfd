"""Is a copy of the database whole, without its key, and silent about what may have gone out since it was made?"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from core.domain.deliveries import SEND_LEASE, DeliveryState, Why, taken
from core.domain.workspaces import Workspace
from core.errors import BackupError
from core.services.copies import settle_all, settle_copy
from core.storage.backup import back_up
from core.storage.sealing import Sealer
from core.storage.unit_of_work import Database
from tests.command_line import Terminal
from tests.conftest import KEY
from tests.delivering import DAY, DUE, HOUR, OPENING, MovingClock, Post, ledger_of, open_shop, states
from tests.postgres import PostgresServer


def unseen(copy: Path) -> None:
    """Looks at nothing."""


@pytest.fixture
def copied(database: Database, database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Brings the database to 09:00 with the digest about to be sent, and opens a copy of it, as each of the two is copied."""
    post = Post(database, MovingClock(OPENING))
    open_shop(database)
    settle_copy(database, OPENING)
    post.tick()
    if database_url.startswith("sqlite"):
        back_up(Path(database_url.removeprefix("sqlite:///")), tmp_path / "copy.db", unseen)
        url = f"sqlite:///{tmp_path / 'copy.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        database.close()
        url = server.create("restored", "used")
    opened = Database.open(url, Sealer(KEY))
    yield opened
    opened.close()
    if database_url.startswith("postgresql"):
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("DROP DATABASE restored")


# ------------------------------------------------------------------ what a copy sends


def test_a_copy_that_is_put_back_sends_nothing_that_was_due(copied: Database) -> None:
    later = MovingClock(DUE + HOUR)
    assert settle_copy(copied, later.now()) == 1
    post = Post(copied, later)
    assert post.tick() == []
    assert post.platform.keys() == []
    [row] = [row for row in ledger_of(copied, shop_of(copied)) if row.due_at == DUE]
    assert (row.state, row.reason) == (DeliveryState.MISSED, Why.RESTORED)


def test_a_copy_does_not_plan_again_what_was_due_since_it_was_made(copied: Database) -> None:
    later = MovingClock(DUE + 2 * DAY + HOUR)
    settle_copy(copied, later.now())
    post = Post(copied, later)
    post.tick()
    later.instant = DUE + 3 * DAY
    post.tick()
    assert [row.due_at for row in ledger_of(copied, shop_of(copied)) if row.receipt] == [DUE + 3 * DAY]


def test_what_was_on_its_way_rests_in_doubt_for_a_person(copied: Database) -> None:
    shop = shop_of(copied)
    [row] = [row for row in ledger_of(copied, shop) if row.due_at == DUE]
    with copied.write() as uow:
        assert uow.deliveries.move(row, replace(row, state=DeliveryState.BUILT))
        built = replace(row, state=DeliveryState.BUILT)
        assert uow.deliveries.move(built, taken(built, DUE))
        uow.commit()
    settle_copy(copied, DUE + timedelta(seconds=10))
    later = MovingClock(DUE + 2 * SEND_LEASE)
    post = Post(copied, later)
    assert post.tick() == []
    assert states(copied, shop)[0] == "in_doubt"


def test_a_copy_is_settled_once(copied: Database) -> None:
    assert settle_copy(copied, DUE) == 1
    post = Post(copied, MovingClock(DUE + DAY - HOUR))
    post.planner.run()
    assert settle_copy(copied, DUE + DAY) == 0
    post.clock = MovingClock(DUE + DAY)
    assert settle_all(copied, DUE + DAY) == 1


def test_the_database_itself_goes_on_after_a_copy_was_made(embedded: Database, sqlite_url: str, tmp_path: Path) -> None:
    open_shop(embedded)
    settle_copy(embedded, OPENING)
    back_up(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db", unseen)
    assert settle_copy(embedded, DUE) == 0
    assert Post(embedded, MovingClock(DUE)).tick() == ["sent"]


def test_somebody_without_rights_on_the_server_can_tell_where_they_are(postgres: PostgresServer) -> None:
    url = postgres.create("plainly", "template_morningbell")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        connection.execute("GRANT ALL ON origin TO plain")
        connection.execute("SET ROLE plain")
        assert connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone()


def shop_of(database: Database) -> Workspace:
    with database.read() as uow:
        return uow.workspaces.all()[0]


# ------------------------------------------------------------------ how a copy is made


def test_a_copy_made_while_others_write_is_whole(embedded: Database, sqlite_url: str, tmp_path: Path) -> None:
    shop, channel, _ = open_shop(embedded)
    stopping = Event()

    def write() -> None:
        while not stopping.is_set():
            with embedded.write() as uow:
                uow.workspaces.save(shop)
                uow.places.save_channel(channel)
                uow.commit()

    writing = Thread(target=write)
    writing.start()
    try:
        for number in range(5):
            back_up(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / f"{number}.db", unseen)
    finally:
        stopping.set()
        writing.join()
    assert sorted(path.name for path in tmp_path.glob("[0-9].db*")) == [f"{number}.db" for number in range(5)]


def test_what_is_no_sound_database_leaves_no_copy(tmp_path: Path) -> None:
    broken, target = tmp_path / "broken.db", tmp_path / "copy.db"
    broken.write_bytes(b"no database" * 500)
    with pytest.raises(BackupError):
        back_up(broken, target, unseen)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.db"]


def _note(file: Path) -> None:
    file.write_text("mine")


def test_a_copy_never_takes_the_place_of_a_file(embedded: Database, sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    with pytest.raises(FileExistsError):
        back_up(Path(sqlite_url.removeprefix("sqlite:///")), target, lambda copy: _note(target))
    assert target.read_text() == "mine"
    assert list(tmp_path.glob(".copy*")) == []


# ------------------------------------------------------------------ the verbs


def test_the_verb_copies_and_says_where_the_key_is(shop: Terminal) -> None:
    made = shop.json("backup", "copy.db")
    copy = shop.folder / "copy.db"
    assert made.code == 0, made.err
    assert made.data == {"backup": "copy.db", "bytes": copy.stat().st_size}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    key = Path(f"{shop.database}.key").read_bytes().strip()
    assert key not in copy.read_bytes()
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT place FROM origin").fetchall() == [("copy",)]
    opened.close()
    assert sorted(path.name for path in shop.folder.glob("*copy*")) == ["copy.db"]


def test_the_copy_answers_with_the_exported_key(shop: Terminal) -> None:
    assert shop("backup", "copy.db").code == 0
    assert shop("keys", "export", "kept.key").code == 0
    kept = shop.folder / "kept.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    without = shop("--database", "sqlite:///copy.db", "say", "/ops whoami")
    assert without.code == 2
    given = {"MORNINGBELL_KEY": kept.read_text()}
    assert "@shen" in shop("--database", "sqlite:///copy.db", "say", "/ops whoami", environment=given).out


def test_nothing_is_written_over(shop: Terminal) -> None:
    taken_already = shop.folder / "there"
    taken_already.write_text("mine")
    for verb in (("backup", "there"), ("keys", "export", "there")):
        refused = shop(*verb)
        assert (refused.code, refused.out) == (2, "")
        assert "there already" in refused.err
    assert taken_already.read_text() == "mine"


def test_a_folder_that_is_not_there_is_told_without_a_trace(shop: Terminal) -> None:
    for verb in (("backup", "no/copy.db"), ("keys", "export", "no/key")):
        failed = shop(*verb)
        assert failed.code == 1
        assert "could not be written" in failed.err


def test_where_there_is_no_database_none_is_made(empty: Terminal) -> None:
    for verb in (("backup", "copy.db"), ("keys", "export", "key"), ("restored",)):
        assert empty(*verb).code == 2, verb
    assert list(empty.folder.iterdir()) == []


def test_for_postgresql_its_own_tools_are_named(empty: Terminal) -> None:
    told = empty("--database", "postgresql://somebody@somewhere/shop", "backup", "shop.dump")
    assert told.code == 2
    assert "pg_dump --format=custom --file=shop.dump" in told.err
    assert "pg_restore" in told.err
