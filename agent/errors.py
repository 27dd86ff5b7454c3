"""Everything that can stop a run, as a table of contents.

Each error carries a stable English code, a Chinese sentence of what happened (``message``), a Chinese sentence of what to do
now (``remedy``), what to type where the reader uses a terminal (``command``), what the site said where it said anything
(``said``), and the exit status of the contract. Codes stay; sentences may change. A remedy names no command, setting or file:
whoever reads it may know only the web page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import ClassVar


class ExitStatus(IntEnum):
    """Exit statuses of the contract, by name."""

    DONE = 0
    BUG = 1
    USAGE = 2
    ACTION_NEEDED = 10
    CREDENTIALS_REJECTED = 11
    SOMEBODY_ELSE = 12
    CONSENT = 13
    SITE_CHANGED = 20
    SITE_UNAVAILABLE = 21
    BLOCKED_ORIGIN = 22
    PHOTO = 30
    STALE_PLAN = 31
    UNVERIFIED = 32
    DEGRADED = 40


PRECEDENCE: tuple[ExitStatus, ...] = tuple(
    ExitStatus(status) for status in (1, 2, 12, 11, 13, 22, 21, 20, 30, 31, 32, 10, 40, 0)
)
"""Which status wins when several hold (contract, rulings); usage errors end a run before anything else can."""


def gravest(statuses: Iterable[ExitStatus]) -> ExitStatus:
    """Return the status that the contract ranks first; ``DONE`` when there is none."""
    return min(statuses, key=PRECEDENCE.index, default=ExitStatus.DONE)


def quote(said: str) -> str:
    """Return what a site says in quotation marks, without a full stop at its end: the sentence around it has its own."""
    return f"“{said.rstrip('。. ')}”"


class GradsyncError(Exception):
    """A stop that a person can act on.

    Args:
        message: What happened, one Chinese sentence without secrets.
        remedy: What to do now, one Chinese sentence; the class's own when left out.
        command: What to type in a terminal; the class's own when left out.
        said: What the site said to it, verbatim; empty where it said nothing.

    ``step`` is the id of the step that it stopped; empty outside of steps.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[ExitStatus] = ExitStatus.BUG
    default_remedy: ClassVar[str] = "请把这段提示发给维护者。"
    default_command: ClassVar[str] = ""
    """What to type in a terminal to follow the remedy; empty where there is nothing to type."""
    ends_run: ClassVar[bool] = False
    """True when no other duty can go on either."""

    def __init__(self, message: str, remedy: str | None = None, *, command: str = "", said: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or self.default_remedy
        self.command = command or self.default_command
        self.said = said
        self.step = ""

    @property
    def told(self) -> str:
        """What happened and what to do now, as one text."""
        return f"{self.message}{self.remedy}"


class Bug(GradsyncError):
    """Something the program did not foresee."""

    code = "bug"
    ends_run = True
    default_remedy = "这是程序的问题，请把这段提示发给维护者。"
    default_command = "gradsync doctor（把它的输出一起发给维护者）"


class UsageError(GradsyncError):
    """The command line, a setting or a file given by the person cannot be used."""

    code = "usage"
    exit_status = ExitStatus.USAGE
    default_remedy = "请按提示改正后再运行；加 --help 可查看用法。"


class BrowserMissing(UsageError):
    """No browser was found and none could be installed."""

    code = "browser.missing"
    default_remedy = "请安装 Chrome 或 Edge，或再办理一次、让程序下载浏览器，然后用 gradsync doctor 检查。"


class CaseBusy(UsageError):
    """Another process is working on the same case folder."""

    code = "case.busy"
    default_remedy = "请等另一个 gradsync 运行结束，或另选一个文件夹。"
    default_command = "用 --out 另选一个文件夹"


class PersonBusy(CaseBusy):
    """Another run works for the same person, in another case folder."""

    code = "person.busy"
    ends_run = True
    default_remedy = "请等另一个运行结束后再办理，程序会先查看再决定；同一个人不要同时办理两次。"


class LinkInCase(UsageError):
    """A case folder has a link where a file or folder of the program's belongs; it is not followed."""

    code = "case.link"
    ends_run = True
    default_remedy = "请确认这个链接是谁放的，删除它，或另选一个文件夹。"
    default_command = "用 --out 另选一个文件夹"


class CaseVanished(UsageError):
    """The case folder went away, or another came into its place, while it was worked on."""

    code = "case.vanished"
    ends_run = True
    default_remedy = "请不要在运行中移动、改名或删除案例文件夹；网站上已经做过的仍然有效，请再办理一次，程序会先查看再决定。"


class JournalUnusable(UsageError):
    """The case's journal cannot be read or written any more, so nothing may be sent."""

    code = "case.journal"
    ends_run = True
    default_remedy = "请检查磁盘空间，或另选一个文件夹；再办理一次，程序会先查看再决定。"
    default_command = "用 --out 另选一个文件夹"


class ActionNeeded(GradsyncError):
    """A person has to do something before the work can go on."""

    code = "action_needed"
    exit_status = ExitStatus.ACTION_NEEDED
    default_remedy = "请本人处理后再办理一次，已完成的部分不会重做。"


class NobodyThere(ActionNeeded):
    """An ask was raised and nobody was there to answer it."""

    code = "ask.nobody_there"
    default_remedy = "请本人在场时再办理一次，按提示回答。"
    default_command = "再运行一次，加 --headed"


class AskRefused(ActionNeeded):
    """The person answered no."""

    code = "ask.refused"
    default_remedy = "没有得到同意的那一步没有做；想继续时再办理一次。"


class PersonSkipped(ActionNeeded):
    """The person at the window leaves a page out; the other duties go on."""

    code = "person.skipped"
    default_remedy = "想办这一项时再办理一次，在打开的窗口里点到这一页；也可以自己在网站上办理。"


class PageUnreadable(ActionNeeded):
    """A page was come to and its content cannot be read; the person at the window reads it themselves.

    Args:
        page: The page's name, as a person would say it.
        expected: The words that were expected on it.
    """

    code = "page.unreadable"
    default_remedy = (
        "请自己在网站上看这一页；报告里有这一页打了码的截图，可以发给维护者。其余各项已照常办理。"
    )

    def __init__(self, page: str, expected: tuple[str, ...] = ()) -> None:
        wanted = "、".join(f"“{word}”" for word in expected)
        told = f"（本来应该有{wanted}）" if wanted else ""
        super().__init__(f"「{page}」页面打开了，但程序读不出上面的内容{told}。")
        self.page, self.expected = page, expected


class CaptchaRequired(NobodyThere):
    """The site shows a captcha; only a person may solve it."""

    code = "login.captcha"
    ends_run = True
    default_remedy = "请本人在场时再办理一次，在打开的窗口里自己输入验证码。"
    default_command = "再运行一次，加 --headed；或用 gradsync console"


class CodeRequired(NobodyThere):
    """The site wants a code that it sends to the person by SMS or e-mail."""

    code = "login.code"
    ends_run = True
    default_remedy = "请本人在场时再办理一次，收到验证码后按提示输入。"
    default_command = "再运行一次，加 --headed；或用 gradsync console"


class LoginByHandNeeded(NobodyThere):
    """No credentials were given and nobody is there to sign in."""

    code = "login.by_hand"
    ends_run = True
    default_remedy = "请本人在场时再办理一次，在打开的窗口里自己登录。"
    default_command = "再运行一次，加 --headed；或用 gradsync console"


class Interstitial(ActionNeeded):
    """The site shows a page only the person may deal with (questionnaire, real-person check, forced change)."""

    code = "site.interstitial"
    ends_run = True
    default_remedy = "请自己在浏览器里登录该网站，处理完这个页面后再办理一次。"


class UnforeseenQuestion(ActionNeeded):
    """The site asks something that nobody foresaw, in a dialog or in a layer of the page; it was not agreed to."""

    code = "site.question"
    default_remedy = "请自己在网站上看清这个提示再决定。"


class Covered(ActionNeeded):
    """Something nobody foresaw lies over what should be clicked; it was not clicked."""

    code = "page.covered"


class IdentityUnread(ActionNeeded):
    """Nobody could read who CHSI's record is about, so nothing may be written elsewhere."""

    code = "chsi.identity_unread"
    default_remedy = "请本人在场时再办理一次，按提示对照截图填写；装有识图组件的程序会自己读。"
    default_command = "识图组件：extra ocr，见说明书“常见问题”"


class PhotoNotYet(ActionNeeded):
    """CHSI shows no 学历照片 yet."""

    code = "photo.not_yet"
    default_remedy = "照片采集后一般要等一段时间才会显示，请过几天再办理；临近截止仍没有，请联系学校。"


class UnderReview(ActionNeeded):
    """The platform has taken what was sent and says that somebody looks at it first."""

    code = "platform.under_review"
    default_remedy = "不用重新提交；平台审核之后再办理一次看结果，临近截止还没有审核请联系教学点。"


class NotSent(ActionNeeded):
    """The page did not send what it was given, whatever it said."""

    code = "platform.not_sent"
    default_remedy = "请自己打开该页面看看它要求什么，处理后再办理一次。"


class WindowClosed(ActionNeeded):
    """The person closed the browser window."""

    code = "browser.closed"
    ends_run = True
    default_remedy = "请再办理一次，办理期间不要关闭程序打开的窗口；已完成的部分不会重做。"


class Interrupted(ActionNeeded):
    """The person pressed Ctrl-C, or 停下 on the page."""

    code = "interrupted"
    ends_run = True
    default_remedy = "想继续时接着办理即可，已完成的部分不会重做。"
    default_command = "用 --out 指定同一个文件夹，接着原来的记录"


class NoBatch(ActionNeeded):
    """The platform has no graduation batch for this student now."""

    code = "platform.no_batch"
    default_remedy = "请向教学点确认本人是否在本批次毕业名单里，批次开放后再办理。"


class EntryRefused(ActionNeeded):
    """The platform refused what the student has filled in or confirmed, with its own words."""

    code = "platform.entry_refused"
    default_remedy = "请按平台的提示改正填写的内容后再办理一次；看不明白的请联系教学点。"


class SignInUnclear(ActionNeeded):
    """A password was sent before and refused, or nobody saw how that ended; it is not sent again."""

    code = "cohort.sign_in_unclear"
    ends_run = True
    default_remedy = "请学生先在浏览器里确认账号能登录，改正后重新导入名单。"


class CredentialsRejected(GradsyncError):
    """The site refused the user name or password; they were submitted exactly once."""

    code = "login.rejected"
    ends_run = True
    exit_status = ExitStatus.CREDENTIALS_REJECTED
    default_remedy = "密码只提交了一次。请先在平时的浏览器里确认账号能登录，再把设置里的密码改正；或把它删掉，再办理时在打开的窗口里自己登录。"
    default_command = "设置：gradsync.toml 的 [sites]，或环境变量 GRADSYNC_SITES__<网站>__PASSWORD"


class SomebodyElse(GradsyncError):
    """The account signed in is another person's."""

    code = "login.somebody_else"
    ends_run = True
    exit_status = ExitStatus.SOMEBODY_ELSE
    default_remedy = "请退出该账号，用学生本人的账号登录后再办理。"


class NotTheirCase(SomebodyElse):
    """The account is not that of the student whose case or consent it is; nothing read from it may stay in the case."""

    code = "case.somebody_else"


class ConsentMissing(GradsyncError):
    """An assisted run has no valid consent of the student."""

    code = "consent.missing"
    ends_run = True
    exit_status = ExitStatus.CONSENT
    default_remedy = "请先和学生一起写好同意书；学生自己办理不需要同意书。"
    default_command = "gradsync consent new，再用 --consent 指定那份同意书"


class ConsentExpired(ConsentMissing):
    """The time of the student's consent is over."""

    code = "consent.expired"
    default_remedy = "请征求学生本人的意见，仍同意就重新写一份同意书。"


class ConsentWithdrawn(ConsentMissing):
    """The student has withdrawn the consent; what was read of them is deleted."""

    code = "consent.withdrawn"
    default_remedy = "程序已停下，这名学生的内容已删除；学生可以自己办理。"


class OutsideConsent(ConsentMissing):
    """The student has not consented to this step; it was not done, and other duties go on."""

    code = "consent.outside"
    ends_run = False
    default_remedy = "这一步没有做。请学生自己办理，或征得同意后重新写一份同意书。"


class CaseTaken(CaseBusy):
    """A worker of a cohort was silent for too long and its case was given to another; it must not go on."""

    code = "cohort.taken"
    ends_run = True
    default_remedy = "不用处理：另一个工作进程会接着做。"


class RowUnreadable(ActionNeeded):
    """What is stored of one student of a cohort cannot be opened: damaged, or put in another's place."""

    code = "cohort.row_unreadable"
    default_remedy = "请把这名学生重新导入一次，或从名单里删除；其他学生不受影响。"
    default_command = "gradsync cohort import"


class WorkersDied(GradsyncError):
    """Every worker that tried this case of a cohort died over it."""

    code = "cohort.workers_died"
    default_remedy = "请单独办理这名学生，并把这段提示发给维护者。"
    default_command = "gradsync doctor（把它的输出一起发给维护者）"


class SiteChanged(GradsyncError):
    """A page does not show what the profile says it should.

    Args:
        page: The page's name, as a person would say it.
        target: The thing that was looked for.
        seen: What was there instead: the candidates, at most a few, without personal data.
        not_opened: The hosts of frames in the page that were held back, since they are not the site's.

    ``expected`` are the words that a page lacked which was come to; empty where the page itself was not found.
    """

    code = "site.changed"
    exit_status = ExitStatus.SITE_CHANGED
    default_remedy = (
        "网站页面可能改版了，程序没有继续操作。请把这段提示发给维护者；急用时请自己在网页上完成。"
    )

    def __init__(
        self, page: str, target: str, seen: tuple[str, ...] = (), not_opened: Sequence[str] = ()
    ) -> None:
        there = f"页面上有：{'、'.join(seen)}" if seen else "页面上没有相近的内容"
        elsewhere = (
            f"页面里还有不在允许范围内的地址，没有打开：{'、'.join(not_opened)}。" if not_opened else ""
        )
        super().__init__(f"在「{page}」页面没有找到唯一的「{target}」。{there}。{elsewhere}")
        self.page, self.target, self.seen = page, target, seen
        self.expected: tuple[str, ...] = ()


class SiteUnavailable(GradsyncError):
    """The site did not answer, or answered with an error page, within the set patience.

    Args:
        status: The error page's HTTP status; None where there was no answer.
        retry_after: Seconds for which the site wants to be left alone (RFC 9110, 10.2.3); None where it did not say.
    """

    code = "site.unavailable"
    exit_status = ExitStatus.SITE_UNAVAILABLE
    default_remedy = "请检查网络，过一会儿再办理。"
    default_command = "网络慢时，在当前文件夹的 gradsync.toml 里写 slow_network_seconds = 90（默认 30 秒）"

    def __init__(
        self,
        message: str,
        remedy: str | None = None,
        *,
        command: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, remedy, command=command)
        if status is not None:
            self.command = command  # more patience would not have helped
        self.status, self.retry_after = status, retry_after


class SessionLost(SiteUnavailable):
    """The site signed the person out in the middle, and signing in again once did not help."""

    code = "site.session_lost"
    default_remedy = "网站中途退出了登录，请稍后再办理一次，会从断开的地方继续。"


class OriginBlocked(GradsyncError):
    """A page tried to leave for an address that is not the site's."""

    code = "origin.blocked"
    ends_run = True
    exit_status = ExitStatus.BLOCKED_ORIGIN
    default_remedy = "如果这个地址确实属于该网站，请找维护者把它加进设置。"
    default_command = "设置 GRADSYNC_SITES__<站点>__ORIGINS，加上这个地址"


class PhotoNotAcceptable(GradsyncError):
    """The bytes got from CHSI are not a usable photo."""

    code = "photo.not_acceptable"
    exit_status = ExitStatus.PHOTO
    default_remedy = "请过一会儿再办理；如果还是这样，请在学信网上打开自己的学历照片看看是否正常。"


class UploadRefused(PhotoNotAcceptable):
    """The platform refused the file, with its own words."""

    code = "photo.upload_refused"
    default_remedy = "请按平台的提示处理；照片必须是学信网下载的原图，不要自行修改，仍不行请联系教学点。"


class PlanStale(GradsyncError):
    """What the site shows now is not what the plan was made from."""

    code = "plan.stale"
    exit_status = ExitStatus.STALE_PLAN
    default_remedy = "请重新生成计划，看过再办理。"
    default_command = "gradsync plan"


class WriteUnverified(GradsyncError):
    """A write was sent but reading back did not show it."""

    code = "write.unverified"
    exit_status = ExitStatus.UNVERIFIED
    default_remedy = "不要重复提交。请自己在网站上看看是否已经生效，或稍后再办理一次，程序会先查看再决定。"
