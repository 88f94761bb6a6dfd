"""Does a platform that is half set up say what is missing, without saying what is there?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.platforms.settings import FeishuSettings, feishu_settings, slack_settings
from core.errors import ConfigurationError

SECRET = "xoxb-very-secret"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "APP_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "API_URL"):
        monkeypatch.delenv(f"SLACK_{name}", raising=False)
    for name in ("APP_ID", "APP_SECRET", "ENCRYPT_KEY", "VERIFICATION_TOKEN", "DOMAIN", "MODE"):
        monkeypatch.delenv(f"FEISHU_{name}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    for name in names:
        monkeypatch.setenv(name, SECRET)


def test_nothing_set_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")
    monkeypatch.setenv("FEISHU_DOMAIN", "lark")
    assert slack_settings() is None
    assert feishu_settings() is None


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (["SLACK_BOT_TOKEN"], ["SLACK_SIGNING_SECRET"]),
        (["SLACK_SIGNING_SECRET"], ["SLACK_BOT_TOKEN"]),
        (["SLACK_APP_TOKEN"], ["SLACK_BOT_TOKEN"]),
        (["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID"], ["SLACK_CLIENT_SECRET"]),
        (["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET"], ["SLACK_CLIENT_ID"]),
    ],
)
def test_half_a_slack_app_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, names: list[str], missing: list[str]) -> None:
    given(monkeypatch, *names)
    with pytest.raises(ConfigurationError) as refused:
        slack_settings()
    assert all(name in str(refused.value) for name in missing)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("names", "mode", "missing"),
    [
        (["FEISHU_APP_ID"], "socket", ["FEISHU_APP_SECRET"]),
        (["FEISHU_APP_ID", "FEISHU_APP_SECRET"], "webhook", ["FEISHU_ENCRYPT_KEY", "FEISHU_VERIFICATION_TOKEN", "FEISHU_MODE=socket"]),
        (["FEISHU_APP_ID", "FEISHU_APP_SECRET", "FEISHU_VERIFICATION_TOKEN"], "webhook", ["FEISHU_ENCRYPT_KEY"]),
    ],
)
def test_half_a_feishu_app_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, names: list[str], mode: str, missing: list[str]) -> None:
    given(monkeypatch, *names)
    monkeypatch.setenv("FEISHU_MODE", mode)
    with pytest.raises(ConfigurationError) as refused:
        feishu_settings()
    assert all(name in str(refused.value) for name in missing)
    assert SECRET not in str(refused.value)


def test_an_app_token_means_socket_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    settings = slack_settings()
    assert settings is not None
    assert settings.socket
    assert SECRET not in repr(settings)


def test_a_client_id_alone_lets_teams_install(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET")
    settings = slack_settings()
    assert settings is not None
    assert settings.oauth


def test_a_long_connection_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "FEISHU_APP_ID", "FEISHU_APP_SECRET")
    monkeypatch.setenv("FEISHU_MODE", "socket")
    assert isinstance(feishu_settings(), FeishuSettings)


def test_a_wrong_mode_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEISHU_MODE", SECRET)
    with pytest.raises(ConfigurationError) as refused:
        feishu_settings()
    assert "FEISHU_MODE" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_dotenv_file_counts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN={SECRET}\nSLACK_SIGNING_SECRET={SECRET}\n", encoding="utf-8")
    assert slack_settings() is not None
