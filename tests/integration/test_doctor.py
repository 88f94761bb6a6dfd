"""Does the doctor find what is wrong, say how to mend it, and keep secrets to itself?"""

from __future__ import annotations

from pathlib import Path

import pytest

from core.storage.sealing import new_key
from tests.command_line import Ended, Terminal

PASSWORD = "hush-hush"
NOWHERE = f"postgresql://bell:{PASSWORD}@127.0.0.1:1/bell"


@pytest.fixture(autouse=True)
def fonts_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second for each look at the fonts; test_cli looks truly."""
    monkeypatch.setattr("core.analysis.fonts.font_problem", lambda: None)


def found(ended: Ended, name: str) -> tuple[bool, str]:
    [check] = [check for check in ended.data["checks"] if check["name"] == name]
    return check["ok"], check["said"]


def test_a_sound_house_is_well(shop: Terminal) -> None:
    ended = shop.json("doctor")
    assert ended.code == 0, ended.out
    assert [check["name"] for check in ended.data["checks"]] == ["settings", "playground", "key", "database", "fonts"]
    assert "MEND" not in shop("doctor").out


def test_before_the_beginning_it_says_how_to_begin_and_makes_nothing(empty: Terminal) -> None:
    ended = empty.json("doctor")
    assert ended.code == 1
    well, said = found(ended, "database")
    assert (well, "morningbell init" in said) == (False, True)
    assert list(empty.folder.iterdir()) == []


def test_a_key_that_others_can_read_is_told_with_the_command_that_mends_it(shop: Terminal) -> None:
    Path(f"{shop.database}.key").chmod(0o644)
    ended = shop.json("doctor")
    well, said = found(ended, "key")
    assert (ended.code, well) == (1, False)
    assert f"chmod 600 {shop.database}.key" in said


def test_a_key_that_does_not_fit_is_told(shop: Terminal) -> None:
    other = new_key()
    ended = shop("--json", "doctor", environment={"MORNINGBELL_KEY": other})
    well, said = found(ended, "database")
    assert (ended.code, well) == (1, False)
    assert "MORNINGBELL_KEY" in said
    assert other not in ended.out + ended.err
    spoken = shop("say", "/ops help", environment={"MORNINGBELL_KEY": other})
    assert (spoken.code, spoken.out) == (2, "")
    assert "doctor" in spoken.err


@pytest.mark.parametrize("written", ["short", "AAAA", "钥匙", "?" * 44])
def test_a_key_that_is_none_is_told_and_not_repeated(shop: Terminal, written: str) -> None:
    Path(f"{shop.database}.key").write_text(written, encoding="utf-8")
    by_file = shop.json("doctor")
    assert found(by_file, "key")[0] is False
    by_setting = shop("doctor", environment={"MORNINGBELL_KEY": written})
    assert by_setting.code == 1
    assert written not in by_setting.out + by_file.out


def test_a_missing_key_is_told_and_no_other_is_made(shop: Terminal) -> None:
    Path(f"{shop.database}.key").unlink()
    for verb in (("doctor",), ("say", "/ops help")):
        ended = shop(*verb)
        assert ended.code in (1, 2)
        assert f"{shop.database}.key" in ended.out + ended.err
    assert not Path(f"{shop.database}.key").exists()


def test_postgresql_without_a_key_gets_a_fresh_one_to_keep(shop: Terminal) -> None:
    ended = shop.json("--database", NOWHERE, "doctor")
    well, said = found(ended, "key")
    assert (ended.code, well) == (1, False)
    assert shop("doctor", environment={"MORNINGBELL_KEY": said.split()[-1]}).out.count("ok   key") == 1, "it can be used as printed"


@pytest.mark.parametrize(
    "url",
    [
        NOWHERE,
        f"postgresql://127.0.0.1:1/bell?user=bell&password={PASSWORD}",
        f"postgresql://bell:{PASSWORD}@no-such-host.invalid/bell",
        f"postgresql://bell:pass@{PASSWORD}@127.0.0.1:1/bell",
        f"postgresql://bell:{PASSWORD}@127.0.0.1:port/bell",
        f"postgresql://bell:{PASSWORD}@127.0.0.1:1/bell?nonsense={PASSWORD}",
        f"mysql://bell:{PASSWORD}@127.0.0.1/bell",
        f"bell:{PASSWORD}@127.0.0.1",
    ],
)
def test_a_password_is_never_shown(shop: Terminal, url: str) -> None:
    key = {"MORNINGBELL_KEY": new_key()}
    for verb in (("doctor",), ("say", "/ops help"), ("--json", "tick"), ("serve", "--port", "0")):
        ended = shop("--database", url, *verb, environment=key)
        assert ended.code in (1, 2), verb
        assert PASSWORD not in ended.out + ended.err, verb
        assert "Traceback" not in ended.out + ended.err, verb
        assert ended.out + ended.err, verb


def test_a_database_that_does_not_answer_is_told_with_its_address(shop: Terminal) -> None:
    key = {"MORNINGBELL_KEY": new_key()}
    well, said = found(shop("--database", NOWHERE, "--json", "doctor", environment=key), "database")
    assert not well
    assert "127.0.0.1:1" in said
    assert shop("--database", NOWHERE, "say", "/ops help", environment=key).code == 1


def test_a_database_of_another_kind_is_wrong_usage_and_names_the_two(shop: Terminal) -> None:
    refused = shop("--database", "mysql://localhost/bell", "say", "/ops help")
    assert refused.code == 2
    assert "SQLite" in refused.err
    assert "PostgreSQL" in refused.err
    assert shop("--database", "mysql://localhost/bell", "doctor").code == 1


def test_a_file_that_is_no_database_is_told(shop: Terminal) -> None:
    shop.database.write_bytes(b"a letter, and no database at all" * 100)
    for verb in (("doctor",), ("say", "/ops help")):
        ended = shop(*verb)
        assert ended.code == 1
        assert str(shop.database) in ended.out + ended.err
        assert "Traceback" not in ended.out + ended.err


def test_a_setting_that_cannot_be_read_is_named_without_its_value(shop: Terminal) -> None:
    wrong = {"MORNINGBELL_PORT": "eighty-eighty"}
    ended = shop("doctor", environment=wrong)
    assert ended.code == 1
    assert "MORNINGBELL_PORT" in ended.out
    assert "eighty-eighty" not in ended.out
    assert shop("tick", environment=wrong).code == 2


def test_an_env_file_is_read_and_one_that_is_no_text_is_told(shop: Terminal) -> None:
    (shop.folder / ".env").write_text("MORNINGBELL_PORT=8123\n", encoding="utf-8")
    assert "8123" in shop("doctor").out
    (shop.folder / ".env").write_bytes(b"MORNINGBELL_TOKEN=\xff\xfe\n")
    assert ".env" in shop("doctor").out


def test_an_open_playground_without_a_token_is_told(shop: Terminal) -> None:
    ended = shop("--json", "doctor", environment={"MORNINGBELL_HOST": "0.0.0.0"})
    assert found(ended, "playground")[0] is False
    well = shop("--json", "doctor", environment={"MORNINGBELL_HOST": "0.0.0.0", "MORNINGBELL_TOKEN": "sesame"})
    assert found(well, "playground")[0] is True
    assert "sesame" not in well.out


def test_old_tables_are_told_with_what_brings_them_up_to_date(shop: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.storage.migrate.NEWEST", "9999")
    well, said = found(shop.json("doctor"), "database")
    assert not well
    assert "morningbell" in said
