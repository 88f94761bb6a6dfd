"""Which chat platforms is the process told to serve, and with which secrets? SLACK_… and FEISHU_… in the environment or in .env."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import ConfigurationError

_SHARED = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")


class SlackSettings(BaseSettings):
    """Slack's app. With an app token it is served by Socket Mode, else by HTTP; with a client id further teams can install it."""

    model_config = SettingsConfigDict(**_SHARED, env_prefix="SLACK_")

    bot_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    api_url: str = Field(default="https://slack.com/api/", description="another one for a proxy or a local server")

    @property
    def on(self) -> bool:
        """Whether anything of the app is set."""
        return any((self.bot_token, self.signing_secret, self.app_token, self.client_id, self.client_secret))

    @property
    def socket(self) -> bool:
        """Whether events come by Socket Mode."""
        return self.app_token is not None

    @property
    def oauth(self) -> bool:
        """Whether teams can install the app by themselves."""
        return self.client_id is not None and self.client_secret is not None

    def missing(self) -> list[str]:
        """The variables without which the app cannot work as it is begun."""
        lacking = []
        if bool(self.client_id) != bool(self.client_secret):
            lacking.append("SLACK_CLIENT_SECRET" if self.client_id else "SLACK_CLIENT_ID")
        if self.bot_token is None and not self.oauth and not lacking:
            lacking.append("SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)")
        if self.signing_secret is None and self.app_token is None:
            lacking.append("SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN for Socket Mode)")
        return lacking


class FeishuSettings(BaseSettings):
    """Feishu's app, or Lark's."""

    model_config = SettingsConfigDict(**_SHARED, env_prefix="FEISHU_")

    app_id: str | None = None
    app_secret: SecretStr | None = None
    encrypt_key: SecretStr | None = None
    verification_token: SecretStr | None = None
    domain: str = Field(default="feishu", description="feishu, lark, or an address (http for this machine only)")
    mode: Literal["webhook", "socket"] = "webhook"

    @property
    def on(self) -> bool:
        """Whether anything of the app is set."""
        return any((self.app_id, self.app_secret, self.encrypt_key, self.verification_token))

    def missing(self) -> list[str]:
        """The variables without which the app cannot work as it is begun."""
        lacking = _unset({"FEISHU_APP_ID": self.app_id, "FEISHU_APP_SECRET": self.app_secret})
        # Without the key anybody could post as Feishu.
        for_webhook = _unset({"FEISHU_ENCRYPT_KEY": self.encrypt_key, "FEISHU_VERIFICATION_TOKEN": self.verification_token})
        if self.mode == "webhook" and for_webhook:
            lacking.append(f"{' and '.join(for_webhook)} (or FEISHU_MODE=socket for a long connection)")
        return lacking


def _unset(settings: Mapping[str, object]) -> list[str]:
    return [name for name, value in settings.items() if value is None]


AnySettings = TypeVar("AnySettings", SlackSettings, FeishuSettings)


def slack_settings() -> SlackSettings | None:
    """Slack's settings; None where nothing of it is set. Raises ConfigurationError where only half of it is."""
    return _whole("Slack", _load(SlackSettings, "SLACK_"))


def feishu_settings() -> FeishuSettings | None:
    """Feishu's settings; None where nothing of it is set. Raises ConfigurationError where only half of it is."""
    return _whole("Feishu", begun_feishu())


def begun_feishu() -> FeishuSettings:
    """As much of Feishu's settings as there is. Raises ConfigurationError for one that cannot be read."""
    return _load(FeishuSettings, "FEISHU_")


def _load(kind: type[AnySettings], prefix: str) -> AnySettings:
    try:
        return kind()
    except ValidationError as error:
        wrong = "; ".join(f"{prefix}{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors(include_input=False))
        raise ConfigurationError(f"A setting cannot be used. {wrong}.") from None
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("The file .env cannot be read as UTF-8 text. Save it so, or remove it.") from None


def _whole(name: str, settings: AnySettings) -> AnySettings | None:
    if not settings.on:
        return None
    if missing := settings.missing():
        raise ConfigurationError(f"{name} is only half set up. Still missing: {', '.join(missing)}.")
    return settings
