"""The sections of the chat platforms: which are on, where they are reached, what is not sure about them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

Address = Annotated[str, Field(pattern=r"^https?://[^\s/@?#]+[^\s@?#]*$")]
Number = Annotated[str, Field(pattern=r"^\d{0,30}$")]
NO_SECRET = SecretStr("")


def _secret() -> SecretStr:
    """A key that has no place in a file that is copied about: set by its MOTCUA_... variable."""
    secret: SecretStr = Field(default=NO_SECRET, exclude=True)
    return secret


class ChannelSection(BaseModel):
    """What each platform's section has. enabled: people are answered there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = False


class TelegramSettings(ChannelSection):
    """Telegram. mode: "polling" fits one process alone, "webhook" needs web.address; base_url: of the Bot API;
    connections: that Telegram may open at once; username: of the bot, for links; webhook_secret: "" = made from the
    token."""

    mode: Literal["polling", "webhook"] = "polling"
    base_url: Address = "https://api.telegram.org"
    connections: int = Field(default=40, ge=1, le=100)
    username: Annotated[str, Field(pattern=r"^\w{0,40}$")] = ""
    token: SecretStr = _secret()
    webhook_secret: SecretStr = _secret()


class ZaloOaSettings(ChannelSection):
    """Zalo Official Account.

    mac_id, mac_time: what stands in the signature (sources disagree); buttons: choices as buttons, not as a numbered
    list; proof: calls carry appsecret_proof; window_days: how long after a citizen's last word they may be written to;
    free_hours: how long that costs nothing; paid: it may be written to them after that; refresh_alarm_days: staff are
    told when the refresh token has no longer than this to live; secret_key: of the webhook page, "" = app_secret.
    """

    app_id: Number = ""
    oa_id: Number = ""
    base_url: Address = "https://openapi.zalo.me"
    oauth_url: Address = "https://oauth.zaloapp.com"
    mac_id: Literal["app_id", "oa_id"] = "app_id"
    mac_time: Literal["body", "header"] = "body"
    buttons: bool = False
    proof: bool = False
    window_days: int = Field(default=7, ge=1, le=60)
    free_hours: int = Field(default=48, ge=1, le=1440)
    paid: bool = False
    per_minute: int = Field(default=4000, ge=1, le=100_000)
    refresh_alarm_days: int = Field(default=14, ge=1, le=80)
    app_secret: SecretStr = _secret()
    secret_key: SecretStr = _secret()
    refresh_token: SecretStr = _secret()


class ZaloBotSettings(ChannelSection):
    """Zalo's bot platform. mode: "polling" fits one process alone, "webhook" needs web.address; webhook_secret: "" =
    made from the token."""

    mode: Literal["polling", "webhook"] = "polling"
    base_url: Address = "https://bot-api.zaloplatforms.com"
    token: SecretStr = _secret()
    webhook_secret: SecretStr = _secret()
