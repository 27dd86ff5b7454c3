"""Settings: command line > environment > ``gradsync.toml`` here > user config folder > default (contract, Settings)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from agent.errors import UsageError

PREFIX = "GRADSYNC_"
FILE_NAME = "gradsync.toml"


REASONS = {
    "extra_forbidden": "没有这一项",
    "missing": "缺少这一项",
    "bool": "应该是 true 或 false",
    "int": "应该是整数",
    "float": "应该是数字",
    "string_pattern": "写法不对",
    "string": "应该是文字",
    "date": "应该是日期，例如 2024-06-03",
    "greater_than": "太小了",
    "less_than": "太大了",
    "literal": "不是可以选的词",
    "enum": "不是可以选的词",
    "tuple": "应该是列表",
    "list": "应该是列表",
    "too_short": "不能为空",
    "model_type": "应该是一张表",
    "dict": "应该是一张表",
    "path": "应该是文件路径",
    "value_error": "值不能用",
}
"""What is said for each kind of pydantic error, by the beginning of its type."""


class SiteSettings(BaseModel):
    """What a person may set for one site; every address overrides the profile's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    login_url: str | None = None
    archive_url: str | None = None
    portal_url: str | None = None
    origins: str = ""
    username: str | None = None
    password: SecretStr | None = None

    @property
    def further_origins(self) -> tuple[str, ...]:
        """The comma-separated ``ORIGINS`` as a tuple."""
        return tuple(part.strip() for part in self.origins.split(",") if part.strip())

    @property
    def addresses(self) -> tuple[str, ...]:
        """The overridden addresses, in no particular order."""
        return tuple(url for url in (self.login_url, self.archive_url, self.portal_url) if url)


class SitesSettings(BaseModel):
    """Settings of each site."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    chsi: SiteSettings = SiteSettings()
    chaoxing: SiteSettings = SiteSettings()
    lzu: SiteSettings = SiteSettings()

    def of(self, site: str) -> SiteSettings:
        """Return the settings of a site by its id; raises ``AttributeError`` for an unknown one."""
        found: SiteSettings = getattr(self, site)
        return found


class CohortSettings(BaseModel):
    """Settings of ``gradsync cohort``: where the queue lies, what seals it, and how gently the sites are treated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: SecretStr | None = None
    key_file: Path | None = None
    consents: Path | None = None
    credentials: Path | None = None
    sign_ins_per_minute: float = Field(default=20, gt=0, le=60000)
    cases_per_browser: int = Field(default=50, gt=0)
    silent_seconds: float = Field(default=20, ge=1, le=3600)


class Settings(BaseSettings):
    """All settings; ``GRADSYNC_`` and ``__`` make the environment's names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    sites: SitesSettings = SitesSettings()
    browser_path: Path | None = None
    browser_channel: str | None = None
    browser_endpoint: SecretStr | None = None
    headless: bool | None = None
    slow_network_seconds: float = Field(default=30, gt=0, le=3600)
    answers: Path | None = None
    today: date | None = None
    compare_faces: bool = False
    keep_session: bool = False
    session_passphrase: SecretStr | None = None
    session_hours: float = Field(default=12, gt=0, le=24 * 7)
    cohort: CohortSettings = CohortSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the two TOML files behind the environment, the nearer one first."""
        files = (TomlConfigSettingsSource(settings_cls, path) for path in config_files())
        return (init_settings, env_settings, *files)


def config_files() -> tuple[Path, ...]:
    """Return where settings files are looked for, the stronger first."""
    return (Path(FILE_NAME), platformdirs.user_config_path("gradsync") / FILE_NAME)


def load(overrides: Mapping[str, Any] | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Args:
        overrides: Values of the command line; ``None`` values are ignored.
        environ: The environment in which unknown names are looked for.

    Returns:
        The merged settings.

    Raises:
        UsageError: A key is unknown or a value cannot be used; the message names it.
    """
    reject_unknown_names(environ)
    try:
        return Settings(**{key: value for key, value in (overrides or {}).items() if value is not None})
    except ValidationError as error:
        raise UsageError(f"设置有误：{describe(error)}。") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"设置文件 {FILE_NAME} 的写法有误：{error}。") from None
    except UnicodeDecodeError:
        raise UsageError(f"设置文件 {FILE_NAME} 不是 UTF-8 编码。", "请用编辑器另存为 UTF-8 编码。") from None


def describe(error: ValidationError) -> str:
    """Return one Chinese phrase per problem, each naming the key and never the value."""
    return "；".join(_phrase(item) for item in error.errors())


def _phrase(item: ErrorDetails) -> str:
    name, said = ".".join(map(str, item["loc"])), reason(item)
    return f"{name}（{said}）" if name else said


def reason(item: ErrorDetails) -> str:
    """Return the Chinese phrase for one problem, without the key and the value."""
    found = next((reason for kind, reason in REASONS.items() if item["type"].startswith(kind)), "值不能用")
    return f"{found}：{item['ctx']['error']}" if item["type"] == "value_error" and "ctx" in item else found


def reject_unknown_names(environ: Mapping[str, str]) -> None:
    """Raise ``UsageError`` for a ``GRADSYNC_`` variable that no setting reads: a typo must not pass in silence."""
    known = {name.upper() for name in environment_names(Settings)}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise UsageError(
            f"环境变量 {'、'.join(unknown)} 不是 gradsync 的设置项。", "请对照 README 里的设置表改正变量名。"
        )


def environment_names(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    """Yield the environment's name of every setting, nested ones with ``__``."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from environment_names(kind, f"{prefix}{name}__")
        else:
            yield f"{prefix}{name}"
