"""Settings: command line > environment > ``gradsync.toml`` here > user config folder > default (contract, Settings)."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from agent import sites
from agent.errors import UsageError
from agent.files.file_names import typed_path
from agent.files.text_files import parse_toml, read_text
from agent.paths import settings_folder

PREFIX = "GRADSYNC_"
FILE_NAME = "gradsync.toml"


REASONS = {
    "extra_forbidden": "没有这一项",
    "missing": "缺少这一项",
    "bool": "应该是 true 或 false",
    "int": "应该是整数",
    "float": "应该是数字",
    "string_pattern": "写法不对",
    "string": "应该是文字，放在英文引号里",
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


_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\]")
_HOSTS = re.compile(rf"\*\.[\w-]+(?:\.[\w-]+)+|{_HOST.pattern}")
"""One host, or all below a name; never all of a top-level domain."""
_WHOLE = "要写完整的网址，以 http:// 或 https:// 开头，例如 https://my.chsi.com.cn/archive/index.jsp"


def _address(text: str) -> str:
    """The address of a page, whole; raises ``ValueError`` for what is none, without repeating it."""
    address = text.strip()
    if address and not _is_address(address, _HOST):
        raise ValueError(_WHOLE)
    if "@" in urlsplit(address).netloc:
        raise ValueError("网址里不要写用户名和密码，请把“@”和它前面的部分删掉")
    return address


def _is_address(text: str, hosts: re.Pattern[str]) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port  # noqa: F841  raises for one that is no number
    except ValueError:
        return False
    host = parts.netloc.rpartition("@")[2]
    bare = host if host.endswith("]") else re.sub(r":\d*$", "", host)
    return parts.scheme in {"http", "https"} and bool(hosts.fullmatch(bare)) and not re.search(r"\s", text)


def _origins(text: str) -> str:
    """Comma-separated hosts, each with or without ``http://`` and a port; raises ``ValueError`` where one of them is none."""
    for origin in filter(None, (part.strip() for part in text.split(","))):
        whole = origin if "://" in origin else f"http://{origin}"
        if not _is_address(whole, _HOSTS) or "@" in whole:
            raise ValueError("要写网站的主机名，几个之间用英文逗号隔开，例如 account.chsi.com.cn")
    return text


def _path(value: object) -> object:
    """A path as it was typed or copied.

    Raises:
        ValueError: It has line breaks, as ``"C:\\new"`` between double quotes in TOML.
    """
    if not isinstance(value, str):
        return value
    path = typed_path(value)
    if not path:
        raise ValueError("没有写路径；不需要这一项的话，请把它删掉")
    if any(ord(char) < 32 for char in path):
        raise ValueError("双引号里的“\\”有特别的意思；Windows 路径请放在英文单引号里，或把“\\”写成“/”")
    return os.path.expanduser(path)


def _typed(value: object) -> object:
    """What is typed into a site, as it is.

    Raises:
        ValueError: It has characters that nobody sees, as ``"a\\b"`` in TOML or the end of a line; the text does not repeat it.
    """
    if isinstance(value, str) and any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in value):
        raise ValueError("里面有看不见或认不出的字符；有“\\”的话，请放在英文单引号里")
    return value


Address = Annotated[str, AfterValidator(_address)]
FilePath = Annotated[Path, BeforeValidator(_path)]


class SiteSettings(BaseModel):
    """What a person may set for one site; every address overrides the profile's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    login_url: Address | None = None
    archive_url: Address | None = None
    portal_url: Address | None = None
    origins: Annotated[str, AfterValidator(_origins)] = ""
    username: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_typed)] | None = None
    password: Annotated[SecretStr, BeforeValidator(_typed)] | None = None

    @property
    def further_origins(self) -> tuple[str, ...]:
        """The comma-separated ``ORIGINS`` as a tuple."""
        return tuple(part.strip() for part in self.origins.split(",") if part.strip())

    @property
    def addresses(self) -> tuple[str, ...]:
        """The overridden addresses, in no particular order."""
        return tuple(url for url in (self.login_url, self.archive_url, self.portal_url) if url)


class SitesSettings(BaseModel):
    """Settings of each site, by its id; ``load`` takes those of registered sites (``agent.sites``) and of no other."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, SiteSettings] = Field(init=False)

    def of(self, site: str) -> SiteSettings:
        """Return the settings of a site by its id; empty ones where nothing was set."""
        return (self.__pydantic_extra__ or {}).get(site, SiteSettings())


class CohortSettings(BaseModel):
    """Settings of ``gradsync cohort``: where the queue lies, what seals it, and how gently the sites are treated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: SecretStr | None = None
    key_file: FilePath | None = None
    consents: FilePath | None = None
    credentials: FilePath | None = None
    sign_ins_per_minute: float = Field(default=20, gt=0, le=60000)
    cases_per_browser: int = Field(default=50, gt=0)
    silent_seconds: float = Field(default=20, ge=1, le=3600)


class WindowSettings(BaseModel):
    """Where the windows of a case stand and what their titles begin with, so that those of two cases are told apart.

    Args:
        place: Counts the places on the screen from 0; None leaves the place to the browser.
        label: Stands before each page's own title; empty for nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: int | None = Field(default=None, ge=0)
    label: str = ""


class SettingsValues(BaseModel):
    """All settings, from wherever they come."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    sites: SitesSettings = SitesSettings()
    browser_path: FilePath | None = None
    browser_channel: str | None = None
    browser_endpoint: SecretStr | None = None
    headless: bool | None = None
    slow_network_seconds: float = Field(default=30, gt=0, le=3600)
    answers: FilePath | None = None
    today: date | None = None
    compare_faces: bool = False
    keep_session: bool = False
    session_passphrase: SecretStr | None = None
    session_hours: float = Field(default=12, gt=0, le=24 * 7)
    cohort: CohortSettings = CohortSettings()
    window: WindowSettings = WindowSettings()

    @property
    def day(self) -> date:
        """The day that counts as today: the rehearsed one, else this computer's."""
        return self.today or datetime.now().astimezone().date()


class Settings(SettingsValues, BaseSettings):
    """All settings, from every source; ``GRADSYNC_`` and ``__`` make the environment's names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")

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
        files = (InitSettingsSource(settings_cls, _tables(path)) for path in config_files())
        return (init_settings, env_settings, *files)


def config_files() -> tuple[Path, ...]:
    """Return where settings files are looked for, the stronger first."""
    return (Path(FILE_NAME), settings_folder() / FILE_NAME)


def _tables(path: Path) -> dict[str, Any]:
    """What a settings file says; nothing where there is none."""
    return parse_toml(read_text(path, "设置文件"), f"设置文件 {path.resolve()}") if path.exists() else {}


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
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    wrong = [
        f"{path.resolve()} 里的 {said}"
        for path in config_files()
        for said in (*_mistakes(partial(SettingsValues, **_tables(path))), *_unknown_sites(_tables(path)))
    ]
    merged = (*_mistakes(Settings, environ), *_mistakes(partial(Settings, **given), environ))
    wrong += [said for said in merged if not any(told.endswith(f" {said}") for told in wrong)]
    if wrong:
        raise UsageError(f"设置有误：{'；'.join(dict.fromkeys(wrong))}。")
    return Settings(**given)


def _unknown_sites(tables: Mapping[str, Any]) -> list[str]:
    """What is said of the sites of a file that are none."""
    found = tables.get("sites")
    unknown = found.keys() - sites.known().keys() if isinstance(found, dict) else ()
    return [
        f"sites.{site}（{REASONS['extra_forbidden']}{_nearest(f'sites.{site}')}）" for site in sorted(unknown)
    ]


def _nearest(key: str) -> str:
    """The known key or table that is written most like this one, as a part of a sentence."""
    keys = [name.removeprefix(PREFIX).lower().replace("__", ".") for name in environment_names(Settings)]
    tables = {name.rpartition(".")[0] for name in keys} | {"sites"}
    found = get_close_matches(key.lower(), [*keys, *filter(None, tables)], 1, 0.75)
    return f"，是不是 {found[0]}" if found else ""


def _mistakes(build: Callable[[], SettingsValues], environ: Mapping[str, str] | None = None) -> list[str]:
    """What is wrong with settings, a phrase each; of each source by itself, since a stronger one would hide it."""
    try:
        build()
    except ValidationError as error:
        return [_phrase(item, environ) for item in error.errors()]
    return []


def describe(error: ValidationError) -> str:
    """Return one Chinese phrase per problem, each naming the key and never the value."""
    return "；".join(_phrase(item) for item in error.errors())


def _phrase(item: ErrorDetails, environ: Mapping[str, str] | None = None) -> str:
    """One problem, by the key, and by the environment's name where that is where the value comes from."""
    name, said = ".".join(map(str, item["loc"])), reason(item)
    said += _nearest(name) if item["type"] == "extra_forbidden" else ""
    variable = PREFIX + "__".join(map(str, item["loc"])).upper()
    if variable in {key.upper() for key in environ or {}}:
        name = f"{name}，即环境变量 {variable}"
    return f"{name}（{said}）" if name else said


def reason(item: ErrorDetails) -> str:
    """Return the Chinese phrase for one problem, without the key and the value."""
    found = next((reason for kind, reason in REASONS.items() if item["type"].startswith(kind)), "值不能用")
    return f"{found}：{item['ctx']['error']}" if item["type"] == "value_error" and "ctx" in item else found


def reject_unknown_names(environ: Mapping[str, str]) -> None:
    """Raise ``UsageError`` for a ``GRADSYNC_`` variable that no setting reads: a typo must not pass in silence."""
    known = [name.upper() for name in environment_names(Settings)]
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name.upper() not in known)
    if unknown:
        near = [found for name in unknown for found in get_close_matches(name.upper(), known, 1, 0.8)]
        remedy = f"是不是要写 {'、'.join(near)}？" if near else ""
        raise UsageError(
            f"环境变量 {'、'.join(unknown)} 不是 gradsync 的设置项。",
            f"{remedy}请对照 README 里的设置表改正变量名。",
        )


def environment_names(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    """Yield the environment's name of every setting, nested ones with ``__``."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if kind is SitesSettings:
            for site in sites.known():
                yield from environment_names(SiteSettings, f"{prefix}{name}__{site}__")
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from environment_names(kind, f"{prefix}{name}__")
        else:
            yield f"{prefix}{name}"
