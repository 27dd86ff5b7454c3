"""Words of the sites' pages: the part of a profile that a moved word is repaired in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from agent import settings
from agent.snapshot.fields import contains
from agent.snapshot.tree import key

T = TypeVar("T", bound=str)


def _word(text: str) -> str:
    """A word that pages can be searched for; raises ``ValueError`` for one of which nothing is left for comparing: it would be everywhere."""
    if not key(text):
        raise ValueError("要有可以在页面上找的字")
    return text


Word = Annotated[str, Field(pattern=r"\S"), AfterValidator(_word)]
Words = tuple[Word, ...]
Clicked = Annotated[Words, Field(min_length=1)]
"""Words of something that is clicked or waited for: there must be one."""
Address = Annotated[settings.Address, Field(pattern=r"^https?://[^/\s]+")]
GradeColumn = Literal[
    "number",
    "course",
    "homework",
    "attendance",
    "experiment",
    "exam",
    "total",
    "result",
    "term",
    "makeup",
    "retake",
]


def reject_doubles(names: Sequence[str]) -> None:
    """Raise ``ValueError`` for a name that stands there twice."""
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"{'、'.join(doubled)} 出现了不止一次")


def all_words(table: Mapping[T, Words]) -> list[str]:
    """Return every word of a table."""
    return [word for words in table.values() for word in words]


def names_by_word(table: Mapping[T, Words]) -> dict[str, T]:
    """Return what each word of a table stands for, by the word as words are compared."""
    return {key(word): name for name, words in table.items() for word in words}


@dataclass(frozen=True)
class OnPage:
    """Marks words that stand on the page itself, where ``gradsync probe`` looks for them.

    Args:
        needed: True when the page cannot be used without.
    """

    needed: bool = True


class Data(BaseModel):
    """Base of every table in a profile: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LoginWords(Data):
    """What a sign-in form says."""

    username: Words
    password: Words
    submit: Clicked
    following: Words = ("下一步", "继续", "Next", "Continue")
    """What leads from the account, asked for alone, to its password."""
    captcha: Words
    code: Words
    trouble: Words
    signed_in: Clicked
    signed_out: Words
    sign_out: Words = ("退出登录", "安全退出", "退出系统", "退出", "登出", "注销", "Sign out")
    ways: Words = ()
    """What brings the form up where it does not show yet: tabs first, then links."""
    student: Words = ()
    """What names the students' way in where a page has others' beside it."""
    others: Words = ()
    """What names the ways in of others."""
    person_only: Words
    locked: Words = (
        *("已锁定", "已被锁定", "被冻结", "已冻结", "已停用", "已禁用", "被禁用"),
        *("密码已过期", "密码过期"),
    )
    """What says that the account is closed, whatever password is given."""
    agreement: Words = ("同意", "协议", "条款", "隐私政策", "I agree", "I have read")
    """What a box says that has to be ticked before the form is taken."""
    menus: Words = ("菜单", "功能菜单", "导航菜单", "Menu")
    """The menu of a site that shows nothing else of its own, or entries of it: it is inside once no form is there."""
    scan: Words = ("扫码", "扫一扫", "二维码")
    """What a page says that lets in nobody but with a phone."""
    send_code: Words = (
        *("获取验证码", "发送验证码", "获取短信验证码", "免费获取验证码"),
        *("获取动态码", "获取邮箱验证码"),
    )
    """What has the code sent to the person by SMS or e-mail."""
    confirm_code: Words = ("确定", "确认", "提交", "验证", "下一步", "完成", "登录", "立即登录")
    """What sends the code that was typed."""


class WhoAmI(Data):
    """How a site says who is signed in."""

    labels: Words
    greetings: Words
    no_names: Words
    """What may follow a greeting without being a name."""


class PageWords(Data):
    """A page: the menu words that lead to it, and what stands on it and not on the page before."""

    words: Clicked
    landmark: Clicked
    via: Words = ()
    """Menu words on the way from the hall, where the page's own word does not show yet."""
    beyond: Words = ()
    """Menu words of other parts of the site, where the hall has not led to the page."""


class StatusWords(Data):
    """Which words mean what; any other word is unknown."""

    met: Words
    unmet: Words
    pending: Words = ()
    not_applicable: Words = ()

    @model_validator(mode="after")
    def _each_once(self) -> StatusWords:
        reject_doubles([*self.met, *self.unmet, *self.pending, *self.not_applicable])
        return self


class ConditionsWords(PageWords):
    """毕业条件."""

    name: Annotated[Clicked, OnPage()]
    status: Annotated[Clicked, OnPage()]
    columns: Words = ()
    """What else a column of statuses is headed with, the surest first."""
    batch: Annotated[Words, OnPage(needed=False)]
    scope: Annotated[Words, OnPage(needed=False)]
    statuses: StatusWords


class UploadWords(PageWords):
    """上传毕业照片: the words of its controls, messages and captions."""

    choose: Annotated[Words, OnPage(needed=False)]
    either: Words = ()
    """Words of a control that chooses on some pages and sends on others."""
    submit: Annotated[Clicked, OnPage()]
    confirm: Words
    names_upload: Clicked
    verbs: Words = ()
    """What else sending a photo is called; of the upload it speaks only beside one of ``things``."""
    things: Words = ()
    """What a question calls the photo."""
    never: Words
    success: Words
    refused: Words
    review: Words = ()
    """Words by which the platform says that somebody looks at the photo first."""
    progress: Words = ()
    """Words of what is not finished yet."""
    stored: Annotated[Words, OnPage(needed=False)]
    enrollment: Annotated[Words, OnPage(needed=False)]
    about: Words = ()
    """Words of lines that speak about photos and are no captions."""
    samples: Words = ()
    """Words beside the example of a photo."""
    nothing_yet: Words
    """Words that stand in the place of a photo, or in the address of the figure that is shown there."""
    admission: Words = ()
    """Those of ``enrollment`` that name another photo where one is shown under a further word."""

    confirm_named: Words = ()
    """Further words for yes to a question that names the upload and comes after the button was pressed."""
    cancel: Words = ("取消", "Cancel")

    @property
    def question(self) -> QuestionWords:
        """What the platform may ask back once its button was pressed."""
        return QuestionWords(
            names=self.names_upload,
            verbs=self.verbs,
            things=self.things,
            never=self.never,
            confirm=self.confirm,
            confirm_named=self.confirm_named,
            cancel=self.cancel,
        )

    @property
    def first_question(self) -> QuestionWords:
        """What it may ask when a file was chosen: there its other words may be of buttons that send."""
        return QuestionWords(names=self.names_upload, never=self.never, confirm=self.confirm)


class GradesWords(PageWords):
    """成绩: the words of the columns, of the pager, and of how many rows there are (``{count}`` stands for the number)."""

    columns: dict[GradeColumn, Clicked]
    query: Words = ()
    """What asks for the rows of a table that comes without them."""
    next: Words
    count: tuple[Annotated[str, Field(pattern=r"\{count\}")], ...]
    empty: Words

    @field_validator("columns")
    @classmethod
    def _names_what_is_needed(cls, columns: dict[GradeColumn, Clicked]) -> dict[GradeColumn, Clicked]:
        if missing := sorted({"course", "total"} - columns.keys()):
            raise ValueError(f"缺少 {'、'.join(missing)}")
        return columns


class QuestionWords(Data):
    """How a platform asks back before it takes something: words its question has, never has, and of its two buttons."""

    names: Clicked
    verbs: Words = ()
    """Words that name it where one of ``things`` is named too, and the question can be told no."""
    things: Words = ()
    never: Words
    confirm: Words
    confirm_named: Words = ()
    """Further words for yes that count only beside a question that was foreseen: elsewhere they may be a page's own."""
    cancel: Words = ("取消", "Cancel")

    def names_it(self, text: str, can_cancel: bool) -> bool:
        """True for a text that names what is sent, or calls it otherwise where it can be told no."""
        otherwise = contains(text, self.verbs) and contains(text, self.things)
        return contains(text, self.names) or (can_cancel and otherwise)

    def agrees_to(self, text: str) -> bool:
        """True for the text of a dialog of the browser, which can always be told no."""
        return self.names_it(text, can_cancel=True) and not contains(text, self.never)


class SubmitWords(Data):
    """Something that is sent: its button, the platform's question, and what shows that it has been sent."""

    words: Clicked
    question: QuestionWords
    done: Clicked


class AnswerWords(Data):
    """What the platform says to something that was sent."""

    success: Words
    refused: Words


class PersonalWords(PageWords):
    """信息变更 → 查看/编辑; ``until`` are the headings at which the student's own data end."""

    until: Words
    confirmation: SubmitWords


class GroupWords(Data):
    """A group of entries on the page of the personal data: its heading, its fields' labels and its two buttons."""

    heading: Clicked
    labels: dict[str, Clicked]
    add: Clicked
    save: Clicked
    unchosen: Words
    now: Words = ()
    stay: Words = ()
    """What one field is called in which a beginning and an end stand."""
    edit: Words = ("编辑", "修改")
    """What opens an entry of a list to be changed."""
    save_entry: Words = ("保存", "确定", "确认", "提交", "完成", "确认保存", "确定保存", "立即保存")
    """What saves an entry that is edited by itself, in a dialog or in its row."""
    none: Words = (
        *("还没有填写", "还没有添加", "尚未填写", "暂未填写", "暂无数据", "暂无记录", "暂无信息"),
        *("没有数据", "没有记录", "无数据", "暂无"),
    )
    """What a list says that has no entries."""
    question: QuestionWords


class RegisterFormWords(PageWords):
    """毕业生登记表: the label of 自我评价, and how it is submitted."""

    label: Clicked
    submission: SubmitWords


class Photos(Data):
    """Captions of the photos on CHSI; ``none`` are the words and file names of the missing picture, ``code`` those that show the
    图像采集码, with which the photo is taken."""

    graduation: Words
    other: Words
    none: Words
    code: Words = ()
    links: Words = ()
    """Menu words that lead to the photos where they are not on the record."""


class Site(Data):
    """What every site has."""

    login_url: Address
    archive_url: Address | None = None
    hosts: Clicked
    notices: Words = ()
    busy: Words = (
        *("系统维护", "维护中", "系统升级", "系统繁忙"),
        *("稍后再试", "稍后访问", "暂停服务", "服务不可用"),
    )
    login: LoginWords
    whoami: WhoAmI
    labels: dict[str, Words]
    guards_its_pages: ClassVar[bool] = False
    """Whether its pages may refuse a browser in which anything of theirs was changed: they are left alone then, and waited for longer."""
    never_instead: Words
    """What is never proposed in place of something missing: words of official and irreversible clicks."""


class ChsiSite(Site):
    """学信网."""

    guards_its_pages: ClassVar[bool] = True
    archive_url: Address
    links: Clicked
    record: Clicked
    open_row: Words
    more: Clicked
    empty: Words
    photos: Photos


class ChaoxingSite(Site):
    """成教学生服务平台."""

    hall: Clicked
    no_batch: Words
    loading: Words
    conditions: ConditionsWords
    upload: UploadWords
    personal: PersonalWords
    family: GroupWords
    history: GroupWords
    register_form: RegisterFormWords
    heard: AnswerWords
    grades: GradesWords


class RegistrationWords(PageWords):
    """个人信息核对: the way to it beyond its menu word, and the words of its fields, its box, its button and its state.

    ``start`` leads on from the notice page; ``closed`` says that it is not open; ``state`` are labels of how it stands and
    ``done`` what stands there, or on a line of its own, once it was submitted.
    """

    start: Clicked
    closed: Words
    remark: Annotated[Clicked, OnPage()]
    nothing: Words
    agree: Annotated[Clicked, OnPage(needed=False)]
    submit: Annotated[Clicked, OnPage(needed=False)]
    question: QuestionWords
    state: Annotated[Words, OnPage(needed=False)]
    done: Clicked


class LzuSite(Site):
    """兰州大学: the portal, and 注册系统 behind one of its tiles."""

    hall: Clicked
    registration: RegistrationWords
    heard: AnswerWords


class Sites(Data):
    """The sites a notice speaks of."""

    chsi: ChsiSite
    chaoxing: ChaoxingSite | None = None
    lzu: LzuSite | None = None
