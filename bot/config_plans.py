"""The sections of official mail and of the plans' reminders."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

NO_SECRET = SecretStr("")
NO_SENDER = "khi có mail.host thì mail.sender phải là một địa chỉ thư"


class MailSettings(BaseModel):
    """The mail server. host: "" = no mail is sent; password: set by its MOTCUA_... variable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="", pattern=r"^[A-Za-z0-9.:-]*$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: str = Field(default="", pattern=r"^$|^[^\s@<>]+@[^\s@<>]+$")
    password: SecretStr = Field(default=NO_SECRET, exclude=True)

    @model_validator(mode="after")
    def _from_somebody(self) -> "MailSettings":
        if self.host and not self.sender:
            raise ValueError(NO_SENDER)
        return self


class PlanSettings(BaseModel):
    """Reminders about overdue tasks. remind_every_days: until the next letter; remind_hour: of working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    remind_every_days: int = Field(default=7, ge=1, le=90)
    remind_hour: int = Field(default=8, ge=0, le=17)
