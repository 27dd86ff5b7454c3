"""A university's notice as data: one TOML file, validated on load. Site pages' words come from ``profiles/sites``."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, PositiveInt, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from agent.errors import UsageError
from agent.files.text_files import read_text
from agent.photo.model import COLLECTION, DEFAULT_RULES, HARD, HINTS, NO_PICTURE, PhotoRules
from agent.reconcile.compare import Tolerance
from agent.reconcile.document_numbers import DocumentKind
from agent.settings import describe
from agent.snapshot.tree import key
from flows.profiles.catalog import built_in, tables
from flows.profiles.site_words import Clicked, Data, Sites, StatusWords, Word, Words, reject_doubles

ON_CHAOXING = ("photo", "conditions", "profile_check", "family", "history", "self_evaluation", "grades")
FILLED_IN = ("family", "history", "self_evaluation")
"""Duties that need what the student has filled in."""
REGISTRATION = "registration_check"
"""The duty on 注册系统."""


Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
"""A day that a notice may name."""
Measure = Literal["average", "failed_courses"]
"""What of the grade table a condition is about."""


class WindowData(Data):
    """The days in which the notice wants its duties done, both included, in the profile's time zone."""

    start: Day
    end: Day
    closing_days: int = Field(default=3, ge=0, le=365)
    consequence: str

    @model_validator(mode="after")
    def _in_order(self) -> WindowData:
        if self.end < self.start:
            raise ValueError("end 早于 start")
        return self

    def state(self, today: date) -> Literal["before", "open", "closing", "after"]:
        """Return where a day lies; ``closing`` is the last ``closing_days`` days."""
        if today < self.start:
            return "before"
        if today > self.end:
            return "after"
        return "closing" if (self.end - today).days < self.closing_days else "open"


class PhotoStandard(Data):
    """What a freshly captured file is like by the collection standard (教毕指〔2017〕99号), in ``PhotoRules``' units."""

    pixels: tuple[PositiveInt, PositiveInt] = DEFAULT_RULES.pixels
    aspect: float = Field(default=DEFAULT_RULES.aspect, gt=0)
    aspect_tolerance: float = Field(default=DEFAULT_RULES.aspect_tolerance, gt=0)
    bytes_range: tuple[PositiveInt, PositiveInt] = DEFAULT_RULES.bytes_range
    dpi: PositiveInt = DEFAULT_RULES.dpi
    quality_min: int = Field(default=DEFAULT_RULES.quality_min, ge=1, le=100)


class PhotoData(Data):
    """Rules about the photo that the notice gives, and its advice while there is none.

    A finding in ``hard`` keeps the file from being uploaded, one in ``hints`` is shown to the person, any other is only
    stated: what CHSI serves is not what the collection standard describes. Limits left out are ``PhotoRules``' own.
    """

    file_name: str
    notice_says: str = ""
    wait_days: int | None = Field(default=None, ge=0)
    waiting_advice: str
    formats: Clicked = DEFAULT_RULES.formats
    hard: tuple[str, ...] = tuple(name for name in HARD if name not in NO_PICTURE)
    hints: tuple[str, ...] = HINTS
    deadline: Advice | None = None
    min_bytes: int | None = Field(default=None, ge=0)
    max_bytes: int | None = Field(default=None, gt=0)
    sources: dict[str, str] = Field(default_factory=dict)
    standard: PhotoStandard = PhotoStandard()

    @field_validator("file_name")
    @classmethod
    def _names_the_number(cls, template: str) -> str:
        if not re.fullmatch(r"[^/\\{}]*\{id_number\}[^/\\{}]*", template):
            raise ValueError('应该像 "{id_number}.jpg"')
        return template

    @model_validator(mode="after")
    def _known_findings(self) -> PhotoData:
        reject_doubles([*NO_PICTURE, *self.hard, *self.hints])
        unknown = {*self.hard, *self.hints, *self.sources} - {*HARD, *HINTS, *COLLECTION}
        if unknown:
            raise ValueError(f"没有 {'、'.join(sorted(unknown))} 这样的检查")
        return self

    def rules(self) -> PhotoRules:
        """Return what a photo file is held to; what is no picture at all is refused whatever the notice says."""
        return PhotoRules(
            formats=self.formats,
            file_name=self.file_name,
            upload_bytes=(self.min_bytes, self.max_bytes),
            hard=(*NO_PICTURE, *self.hard),
            hints=self.hints,
            sources=self.sources,
            **self.standard.model_dump(),
        )


class FamilyRule(Data):
    """Who belongs into 家庭成员信息."""

    relations: Clicked


class HistoryRule(Data):
    """过往履历信息: words that tell a first entry of the right stage, and the largest gap (whole months)."""

    begins: Clicked
    largest_gap_months: int = Field(ge=0)


class EvaluationRule(Data):
    """自我评价."""

    least_characters: int = Field(ge=1)


class FormRules(Data):
    """What the notice says about that which students fill in themselves."""

    family: FamilyRule
    history: HistoryRule
    self_evaluation: EvaluationRule


def _is_site(name: str) -> str:
    if name not in Sites.model_fields:
        raise PydanticCustomError("literal_error", "no such site")
    return name


SiteId = Annotated[str, AfterValidator(_is_site)]
"""A site that has words (``Sites``)."""


class Advice(Data):
    """What is to be done about something, where, and with whom; ``site`` is the site whose pages ``where`` names."""

    title: str
    where: str
    contact: str
    deadline: Day | None = None
    site: SiteId | None = None


class DocumentRule(Data):
    """Which document a group of students is registered with.

    Args:
        who: The group, e.g. 港澳地区学生.
        kinds: Documents by which the group is recognised (``agent.reconcile.document_numbers.DocumentKind``).
        wanted: The document whose number the notice wants.
        says: What the notice calls that number.
    """

    who: str
    kinds: Annotated[tuple[DocumentKind, ...], Field(min_length=1)]
    wanted: DocumentKind
    says: str


Subject = Literal["remark", "party", "key_fields", "chsi", "photo_replaced", "check_on_chsi"]


class RegistrationRules(Data):
    """What the notice says about 个人信息核对.

    ``advice`` by what it is about: ``remark`` (something was written into 核对备注), ``party`` (政治面貌), ``key_fields`` (a
    field of ``key_fields`` differs), ``chsi`` (学信网 is wrong), ``photo_replaced`` and ``check_on_chsi``.
    """

    key_fields: Words
    parties: Words
    documents: tuple[DocumentRule, ...]
    advice: dict[Subject, Advice]


class GradeRules(Data):
    """What counts as passed, what the average leaves out, and what to do about a doubtful grade."""

    pass_mark: float = Field(default=60, ge=0, le=100)
    passed: Words = (
        *("合格", "及格", "通过", "优秀", "优", "良好", "良", "中等", "中", "免修", "免考", "免试"),
        *("补考合格", "补考及格", "补考通过", "重修合格", "重修及格", "重修通过"),
    )
    failed: Words = (
        *("不合格", "不及格", "未通过", "不通过", "缺考", "旷考", "作弊", "舞弊", "违纪", "违规"),
        *("取消资格", "取消考试资格"),
        *("补考不合格", "补考不及格", "补考未通过", "重修不合格", "重修不及格", "重修未通过"),
    )
    practice: Words = ("毕业实践", "毕业设计", "毕业论文")
    review: str = ""


class CheckData(Data):
    """What the notice says about one comparison; what is left out is as usual (``agent.reconcile.compare.FieldRule``).

    ``expected`` and ``refused`` are words that are right and wrong, ``equivalents`` groups of words for the same thing, ``note`` the
    notice's advice to whoever must act, and ``contact`` whom to ask about this field.
    """

    expected: Words = ()
    refused: Words = ()
    tolerated: tuple[Tolerance, ...] | None = None
    equivalents: tuple[Words, ...] = ()
    note: str = ""
    contact: str = ""


CheckId = Literal[
    "identity.name",
    "identity.sex",
    "identity.id_number",
    "identity.birth_date",
    "identity.ethnicity",
    "enrollment.school",
    "enrollment.level",
    "enrollment.major",
    "enrollment.duration",
    "enrollment.study_form",
    "enrollment.student_number",
    "enrollment.status",
    "enrollment.entry_year",
]


class DutyData(Data):
    """One duty of the notice; ``next_step`` says what the student does where no condition of the platform speaks of it."""

    id: str
    title: str
    where: str
    deadline: Day | None = None
    site: SiteId | None = None
    next_step: str = ""


class ConditionData(Data):
    """One row of 毕业条件: what it means, which duty it is about, and while it is unmet what is to be done, where, by whom.

    ``site`` is the site whose pages ``where`` names.
    """

    name: str
    aliases: Words = ()
    meaning: str = ""
    next_step: str
    where: str
    duty: str | None = None
    who: Literal["student", "school"] = "student"
    blank_expected: bool = False
    measure: Measure | None = None
    site: SiteId | None = None


class Profile(Data):
    """One notice."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Word
    school: Word
    level: Word | None = None
    time_zone: str
    contact: Word
    window: WindowData | None = None
    sites: Sites
    photo: PhotoData
    grades: GradeRules = GradeRules()
    rules: FormRules | None = None
    registration: RegistrationRules | None = None
    status_words: StatusWords = StatusWords(met=(), unmet=())
    """The platform's own (``[sites.chaoxing.conditions.statuses]``) where the notice has none."""
    duties: tuple[DutyData, ...] = Field(min_length=1)
    conditions: tuple[ConditionData, ...] = ()
    checks: dict[CheckId, CheckData] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _statuses_of_the_platform(cls, data: dict[str, Any]) -> dict[str, Any]:
        found: Any = data
        for name in ("sites", "chaoxing", "conditions", "statuses"):
            found = found.get(name) if isinstance(found, dict) else None
        return {"status_words": found, **data} if found else data

    @field_validator("duties")
    @classmethod
    def _duties_once(cls, duties: tuple[DutyData, ...]) -> tuple[DutyData, ...]:
        reject_doubles([duty.id for duty in duties])
        return duties

    @field_validator("conditions")
    @classmethod
    def _conditions_once(cls, conditions: tuple[ConditionData, ...]) -> tuple[ConditionData, ...]:
        reject_doubles([key(name) for row in conditions for name in (row.name, *row.aliases)])
        return conditions

    @model_validator(mode="after")
    def _consistent(self) -> Profile:
        needy = [duty.id for duty in self.duties if duty.id in ON_CHAOXING]
        if needy and self.sites.chaoxing is None:
            raise ValueError(f"任务 {'、'.join(needy)} 需要 [sites.chaoxing]")
        registered = any(duty.id == REGISTRATION for duty in self.duties)
        if registered and (self.sites.lzu is None or self.registration is None):
            raise ValueError(f"任务 {REGISTRATION} 需要 [sites.lzu] 和 [registration]")
        filled = [duty.id for duty in self.duties if duty.id in FILLED_IN]
        if filled and self.rules is None:
            raise ValueError(f"任务 {'、'.join(filled)} 需要 [rules]")
        return self

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("没有这个时区") from None
        return name

    def now(self, today: date | None, at: datetime | None = None) -> datetime:
        """Return the time in the profile's zone, on the rehearsed day if one is set.

        Args:
            today: A rehearsed day.
            at: The moment, of any zone; now when left out.
        """
        zone = ZoneInfo(self.time_zone)
        now = datetime.now(zone) if at is None else at.astimezone(zone)
        return now if today is None else now.replace(year=today.year, month=today.month, day=today.day)

    @property
    def deadline(self) -> date | None:
        """The notice's last day; None where it names no window."""
        return self.window.end if self.window else None

    @property
    def practice_day(self) -> date | None:
        """A day on which everything can be rehearsed: the window's first, else a month before the photo's last."""
        if self.window:
            return self.window.start
        last = self.photo.deadline.deadline if self.photo.deadline else None
        return last - timedelta(days=30) if last else None

    def duty(self, duty_id: str) -> DutyData | None:
        """Return a duty by its id; None where the notice has none of it."""
        return next((duty for duty in self.duties if duty.id == duty_id), None)

    def condition(self, name: str) -> ConditionData | None:
        """Return what is known of a condition by its name on the page; None for an unknown one."""
        shown = key(name)
        return next((row for row in self.conditions if shown in map(key, (row.name, *row.aliases))), None)


def load(profile: str) -> Profile:
    """Load a profile by id, or from a TOML file.

    Args:
        profile: An id such as ``xjtu-2024-07``, or the path of a file ending in .toml.

    Raises:
        UsageError: There is none, or it is not valid; the message names the key.
    """
    known = built_in()
    source: Traversable | Path | None = (
        Path(profile) if profile.lower().endswith(".toml") else known.get(profile)
    )
    if source is None:
        means_a_file = any(mark in profile for mark in "/\\") or Path(profile).is_file()
        taken = "文件名不以 .toml 结尾，所以当作通知的名字：" if means_a_file else ""
        raise UsageError(
            f"{taken}没有叫“{profile}”的通知配置。",
            f"现有：{'、'.join(sorted(known))}；也可以给出以 .toml 结尾的文件的路径。",
        )
    text = read_text(source, "通知配置") if isinstance(source, Path) else source.read_text("utf-8")
    return parse(text, profile)


def parse(text: str, name: str) -> Profile:
    """Validate a profile's TOML text; ``name`` is said in errors.

    Raises:
        UsageError: The text is not TOML, or a key is missing, unknown or wrong; the message names the key.
    """
    try:
        return Profile.model_validate(tables(text, f"通知配置 {name}"))
    except ValidationError as error:
        raise UsageError(
            f"通知配置 {name} 有误：{describe(error)}。",
            "请对照 gradsync profiles show xjtu-2024-07 打印的例子改正。",
        ) from None
