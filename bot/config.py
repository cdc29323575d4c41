"""config.toml and the environment, checked and turned into one frozen Settings."""

import os
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.config_channels import TelegramSettings, ZaloBotSettings, ZaloOaSettings
from bot.config_faults import of_setting, of_toml, of_variable
from bot.config_plans import MailSettings, PlanSettings
from knowledge.differences import field_names
from knowledge.entries import Level, OfficeProfile
from knowledge.faults import why
from knowledge.problem import Problem

CONFIG_VARIABLE = "MOTCUA_CONFIG"
DEFAULT_FILE = Path("config.toml")
ENVIRONMENT_PREFIX = "MOTCUA_"


class ConfigProblem(Problem):
    """The configuration can't be used; the message says in Vietnamese what to mend."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:\d{1,5})?$")]
"""A site's scheme and host, nothing behind them."""


class WebSettings(_Section):
    """The web chat and the public pages.

    address: the site as people reach it ("https://motcua.example.vn"), "" = as each request says; secure_cookies: True
    where the site is reached by https; embed_sites: origins that may show the chat within their own pages.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    address: Origin | Literal[""] = ""
    secure_cookies: bool = False
    embed_sites: tuple[Origin, ...] = ()


class OfficeSettings(_Section):
    """The office's profile: the context that ranking uses and the contacts shown to citizens."""

    name: str = ""
    level: Literal["", "commune", "province", "ministry"] = ""
    province: str = ""
    agencies: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    address: str = ""
    hours: str = ""
    phone: str = ""
    hotline: str = ""
    email: str = ""

    def profile(self) -> OfficeProfile:
        """The same as the knowledge room's own type."""
        values = self.model_dump()
        values["level"] = Level(self.level) if self.level else Level.UNKNOWN
        return OfficeProfile(**values)


class KnowledgeSettings(_Section):
    """confirm_days: days after which data that nobody confirmed carries a caution, 0 = never; forms_folder: where
    copies of form files are kept; check_links: whether the addresses that entries name are visited every week."""

    confirm_days: int = Field(default=180, ge=0, le=3650)
    forms_folder: str = "var/forms"
    check_links: bool = True


class CalendarSettings(_Section):
    """Corrections of the working-day calendar. announced_until: the last year whose days off the Government has
    announced, 0 = as far as the calendar shipped knows."""

    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    announced_until: int = Field(default=0, ge=0, le=2199)


class PortalSettings(_Section):
    """Reading the national portal. rate: requests a second; agencies: their codes, empty = all; hour: of the night, in
    Viet Nam; drop_folder: where files exported by hand are put, "" = none; trusted_fields: parts of a procedure whose
    change alone is published at once."""

    base_url: str = Field(default="https://dichvucong.gov.vn/api/v1", pattern=r"^https?://[^\s/@?#]+[^\s@?#]*$")
    rate: float = Field(default=1.0, gt=0, le=20)
    agencies: tuple[str, ...] = ()
    nightly: bool = False
    hour: int = Field(default=1, ge=0, le=23)
    drop_folder: str = ""
    trusted_fields: tuple[str, ...] = ()

    @field_validator("trusted_fields")
    @classmethod
    def _known_fields(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        strange = sorted(set(names) - field_names())
        if strange:
            raise ValueError(f"không có trường {', '.join(strange)}; chọn trong: {', '.join(sorted(field_names()))}")
        return names


class RetentionSettings(_Section):
    """How long what citizens wrote is kept, in days; the purge runs every night."""

    conversation_days: int = Field(default=30, ge=1, le=3650)
    answer_days: int = Field(default=365, ge=1, le=3650)


class LearningSettings(_Section):
    """Everyday words from citizens' buttons. agreement: different citizens who have to agree before staff are asked,
    0 = nothing is gathered."""

    agreement: int = Field(default=3, ge=0, le=1000)


class ApiSettings(_Section):
    """The JSON API under /api/v1. per_minute: requests of one key, or of one address without a key."""

    enabled: bool = True
    require_key: bool = False
    per_minute: int = Field(default=60, ge=1, le=100_000)
    cors_origins: tuple[Annotated[str, Field(pattern=r"^(\*|https?://[^\s/*]+)$")], ...] = ()


class LimitsSettings(_Section):
    """Messages a minute that one replica takes in: of one citizen, and of all on one channel."""

    citizen_per_minute: int = Field(default=30, ge=1, le=10_000)
    channel_per_minute: int = Field(default=12_000, ge=1, le=1_000_000)


class CampaignSettings(_Section):
    """Messages that nobody asked for. telegram_per_second, zalo_per_second: messages a second with one token, over all
    replicas, 0 = no limit; left_for_answers: of Telegram's, never used by campaigns; quiet_from, quiet_until: hours of
    the Vietnamese day, equal = none; error_share: of failed messages above which a campaign pauses itself."""

    telegram_per_second: int = Field(default=25, ge=0, le=1000)
    left_for_answers: int = Field(default=5, ge=0, le=1000)
    zalo_per_second: int = Field(default=10, ge=0, le=1000)
    quiet_from: int = Field(default=21, ge=0, le=23)
    quiet_until: int = Field(default=7, ge=0, le=23)
    error_share: float = Field(default=0.1, gt=0, le=1)


class StaffSettings(_Section):
    """The staff desk under /can-bo. idle_minutes, session_hours: after how long without use, and in all, one has to
    sign in again."""

    enabled: bool = True
    idle_minutes: int = Field(default=60, ge=1, le=1440)
    session_hours: int = Field(default=12, ge=1, le=168)


class HandoverSettings(_Section):
    """Citizens who ask for a person, handed over in office hours. idle_minutes: without a word, after which they are
    given back to the machine."""

    enabled: bool = False
    idle_minutes: int = Field(default=30, ge=2, le=480)


class Settings(BaseSettings):
    """Everything that can be set. Unknown keys are errors; every key also from MOTCUA_... variables."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", env_ignore_empty=True
    )

    database_url: str = "sqlite+aiosqlite:///var/motcua.db"
    index_file: str = "var/index.npz"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    web: WebSettings = WebSettings()
    office: OfficeSettings = OfficeSettings()
    retention: RetentionSettings = RetentionSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    portal: PortalSettings = PortalSettings()
    api: ApiSettings = ApiSettings()
    calendar: CalendarSettings = CalendarSettings()
    learning: LearningSettings = LearningSettings()
    limits: LimitsSettings = LimitsSettings()
    telegram: TelegramSettings = TelegramSettings()
    zalo_oa: ZaloOaSettings = ZaloOaSettings()
    zalo_bot: ZaloBotSettings = ZaloBotSettings()
    staff: StaffSettings = StaffSettings()
    mail: MailSettings = MailSettings()
    plans: PlanSettings = PlanSettings()
    handover: HandoverSettings = HandoverSettings()
    campaigns: CampaignSettings = CampaignSettings()

    @property
    def hands_over(self) -> bool:
        """True where citizens can be handed over to people, who answer at the staff desk."""
        return self.handover.enabled and self.staff.enabled

    def profile(self) -> OfficeProfile:
        """The office as the knowledge room knows it."""
        return replace(
            self.office.profile(), confirm_days=self.knowledge.confirm_days, **self.calendar.model_dump(mode="python")
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


def config_file() -> Path:
    """The file that holds the settings: MOTCUA_CONFIG, else config.toml in the working folder."""
    return Path(os.environ.get(CONFIG_VARIABLE, "") or DEFAULT_FILE)


def load() -> Settings:
    """The settings in force. Raises ConfigProblem with every fault named."""
    path = config_file()
    if os.environ.get(CONFIG_VARIABLE) and not path.is_file():
        raise ConfigProblem(f"Không tìm thấy tệp cấu hình {path} (biến {CONFIG_VARIABLE}).")
    if path.is_dir():
        raise ConfigProblem(f"{path} là thư mục; cấu hình phải là một tệp. Hãy đổi tên thư mục, rồi chạy: motcua init")
    try:
        _refuse_strange_variables()
        return Settings()
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"Tệp {path} không đúng định dạng TOML, {of_toml(error)}.") from error
    except UnicodeDecodeError as error:
        raise ConfigProblem(f"Tệp {path} phải lưu bằng UTF-8.") from error
    except OSError as error:
        raise ConfigProblem(f"Không đọc được tệp cấu hình {path}: {why(error)}.") from error
    except SettingsError as error:
        raise ConfigProblem(
            f"Biến môi trường của mục {of_variable(error)} không đọc được; danh sách phải viết theo JSON, "
            'ví dụ ["a", "b"].'
        ) from error
    except ValidationError as error:
        faults = "; ".join(of_setting(entry) for entry in error.errors())
        raise ConfigProblem(f"Cấu hình ({path} và biến {ENVIRONMENT_PREFIX}…) có lỗi: {faults}") from error


def _refuse_strange_variables() -> None:
    known = {ENVIRONMENT_PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    strange = sorted(
        name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX) and name.split("__", 1)[0] not in known
    )
    if strange:
        raise ConfigProblem(f"Biến môi trường không có trong cấu hình: {', '.join(strange)}.")
