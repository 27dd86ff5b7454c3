"""Context of a run, shared by its duties."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar

from agent import errors, photo
from agent.asks import TAKE_OVER, AskRouter
from agent.browser.image_download import DownloadedImage
from agent.case.case import Case
from agent.engine.engine import DutyResult, DutyStatus
from agent.engine.steps import StepRunner
from agent.photo import Inspection
from agent.reconcile.compare import Verdict
from agent.reconcile.document_numbers import document_key, is_document_number
from agent.snapshot.tree import key
from flows.checks.fields import checks
from flows.checks.photo import not_yet, photo_file
from flows.checks.same_person import Sameness, sameness
from flows.forms.model import Form
from flows.profiles.schema import Profile
from flows.run.findings import Findings, PhotoName
from flows.run.sites import SiteSessions
from flows.sites.chaoxing.conditions import Conditions
from flows.sites.chaoxing.conditions_page import ConditionsPage
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chsi.record import Record, shown_crops
from flows.sites.registry import CHAOXING, CHSI, SiteEntry

T = TypeVar("T")


@dataclass
class Context:
    """The run: its case, its person, its sites, what was found so far, and what the student has filled in.

    ``takes_corrections`` says that the student may still correct what was read: a plan that was made before may not change.
    ``keeps_entries`` says that the platform's own entries are read even where the student has filled nothing in, and kept.
    """

    profile: Profile
    case: Case
    asks: AskRouter
    runner: StepRunner
    sites: SiteSessions
    findings: Findings
    form: Form
    only: frozenset[str]
    compare_faces: bool = False
    takes_corrections: bool = False
    keeps_entries: bool = False
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    _no_photo: errors.GradsyncError | None = field(default=None, repr=False)
    _own_account: bool = False
    _handovers: int = 0
    """How often the platform's windows had been in the person's hands when it was last looked whose account it is."""

    def is_asked_for(self, duty: str) -> bool:
        """True when the person has named this duty, and so wants it done or a stop."""
        return duty in self.only

    # -- 学信网 --------------------------------------------------------------------------------------------------------------

    def record(self, duty: str) -> Record:
        """Return CHSI's record, read once per run; it says who the student is."""
        if self.findings.record is None:
            site = self.sites.open(CHSI, duty)

            def read() -> Record:
                site.open_record()
                return site.read_record(self.today)

            title = "读取学信网的身份信息和学籍信息"
            self.findings.record = self.runner.read(
                "chsi.record.read", duty, title, lambda: self.sites.reading(site.login, read)
            )
            self.findings.check_records(self.profile, self.today)
            self._keep_crops(self.findings.record)
            self.identify_student()
            if self.findings.personal:
                self._same_person(self.findings.personal)  # read before it was known who the student is
        return self.findings.record

    def _keep_crops(self, record: Record) -> None:
        """Keep pictures of what was read by eye, or by nobody, so that somebody can look again."""
        for name, value in record.by_eye.items():
            file = f"chsi-{name.replace('_', '-')}"
            kept = [self.case.evidence.keep_picture(file, crop, "png") for crop in shown_crops(name, value)]
            self.findings.crops[name] = tuple(kept)

    def photo(self, duty: str) -> DownloadedImage:
        """Return CHSI's 学历照片, saved in the case and found usable, once per run.

        Raises:
            PhotoNotYet: CHSI shows none yet.
            PhotoNotAcceptable: The bytes are not a usable photo.
        """
        if self._no_photo:
            raise self._no_photo
        if self.findings.photo is None:
            try:
                self.findings.photo = self._save_photo(duty)
            except (errors.PhotoNotYet, errors.PhotoNotAcceptable) as error:
                self._no_photo = error
                raise
        return self.findings.photo

    def _save_photo(self, duty: str) -> DownloadedImage:
        known = self.record(duty)
        site = self.sites.open(CHSI, duty)
        attempts, handovers = count(1), site.browser.handovers

        def look() -> DownloadedImage:
            if next(attempts) == 1:
                saved = site.save_photo()
                if photo.sniff(saved.data) != "html":
                    return saved
            site.open_record()  # the photo's address was good for one time, and gives a page after that
            if site.browser.handovers > handovers:  # somebody else may have signed in meanwhile
                require_same_student(known.readable, site.read_record(self.today).readable, CHSI.title)
            return site.save_photo()

        def save() -> DownloadedImage:
            try:
                return self.sites.reading(site.login, look)
            except errors.PhotoNotYet:
                self.findings.no_photo = True
                stop = not_yet(self.profile, self.findings.record, self.today)
                self.findings.check_missing_photo(self.profile, stop, self.today)
                raise stop from None

        saved = self.runner.read("chsi.photo.save", duty, "保存学信网的学历照片原图", save)
        self.findings.inspection = self.runner.read(
            "chsi.photo.check", duty, "检查照片文件", lambda: self._inspect(saved)
        )
        self.keep_photo("chsi", self.file_name if self.number else UNNAMED, saved)
        return saved

    def _inspect(self, saved: DownloadedImage) -> Inspection:
        """Refuse bytes that are not a photo (notice: jpg, named by the document number without spaces)."""
        rules = self.profile.photo.rules()
        named = {"file_name": self.file_name, "id_number": self.number} if self.number else {}
        result = photo.inspect(saved.data, rules, **named)
        self.findings.inspection = result
        failed = [finding.note for finding in result.findings if finding.level is photo.Level.FAIL]
        if failed:
            raise errors.PhotoNotAcceptable(f"从学信网拿到的照片不能用：{failed[0]}")
        return result

    @property
    def number(self) -> str:
        """The student's document number without spaces; empty where what a page showed is none."""
        number = "".join((self.findings.id_number or "").split())
        return number if is_document_number(number, self.findings.document_type, today=self.today) else ""

    def require_document_number(self) -> None:
        """Before a photo is named after it.

        Raises:
            IdentityUnread: What the page showed is no document number.
        """
        if not self.number:
            raise errors.IdentityUnread(
                "学信网上显示的证件号码不是一个完整、正确的证件号码，照片不能按它命名，没有上传。",
                "请在学信网上核对自己的证件号码，显示有误请联系学校更正；读错了请再办理一次。",
            )

    @property
    def file_name(self) -> str:
        """The photo's name for the upload, by the notice's rule."""
        return self.profile.photo.file_name.format(id_number=self.number)

    def keep_photo(self, name: PhotoName, file: str, picture: DownloadedImage | None) -> None:
        """Keep a picture in the case folder, byte for byte, and what the report says of its file."""
        self.findings.photo_files.pop(name, None)
        if picture is not None:
            self.case.folder.write_as_is(f"photo/{file}", picture.data)
            self.findings.photo_files[name] = photo_file(f"photo/{file}", picture)

    # -- who it is -----------------------------------------------------------------------------------------------------------

    def identify_student(self) -> None:
        """Tie the case to the person who was read, and keep their data out of everything written.

        Raises:
            SomebodyElse: The case folder is another person's.
            PersonBusy: Another run works for the same person.
        """
        self.findings.register_secrets(self.case.redactor)
        if self.findings.id_number:
            self.sites.login_reuse.is_person(self.findings.id_number)
            self.case.belongs_to(key(self.findings.id_number))
            self.case.locks.hold(self.sites.place, document_key(self.findings.id_number))

    # -- 成教学生服务平台 ----------------------------------------------------------------------------------------------------

    def platform(self, duty: str) -> Chaoxing:
        """Return the platform, signed in; what it shows of who is signed in must not contradict CHSI.

        Raises:
            SomebodyElse: It is another person's account.
        """
        site = self.sites.open(CHAOXING, duty)
        if self.findings.personal is None:
            title = "确认平台上登录的是本人"
            self.runner.read("chaoxing.whoami", duty, title, lambda: self._look_who(site))
            self.findings.personal = self._personal(site, duty)
            self.findings.check_records(self.profile, self.today)
            self.identify_student()
        return site

    def on_platform(self, site: Chaoxing, look: Callable[[], T]) -> T:
        """Read on the platform, signing in again once if it signs us out; whose account it is is looked at first, and again
        whenever the window was in the person's hands.

        Raises:
            SomebodyElse: It is another person's account.
        """
        found = self.sites.reading(site.login, look)
        if not self._handed_over(site):
            if not self._own_account:
                self._look_who(site)
        elif self._look_again_who(site):
            found = self.sites.reading(site.login, look)
            if self._handed_over(site):
                self._own_account = False  # nobody can tell any more, and nothing may be written
        return found

    def _handed_over(self, site: Chaoxing) -> bool:
        """True once after the window has been in the person's hands."""
        before, self._handovers = self._handovers, site.browser.handovers
        return self._handovers > before

    def _look_again_who(self, site: Chaoxing) -> bool:
        """See whose account it is now, by the name shown or else by the personal data; return whether the page was left for it."""
        self._own_account = False
        self._look_who(site)
        known = self.findings.record.readable if self.findings.record else self.findings.personal
        if self._own_account or not known or not self.findings.personal:
            return False
        with suppress(errors.SiteChanged, errors.PageUnreadable):
            page = self.sites.reading(site.login, lambda: site.read_personal(SECONDS_FOR_PERSONAL))
            self._own_account = is_same_person(known, page.values) and self.findings.record is not None
        return True

    def must_be_own_account(self) -> None:
        """Before anything is written: some page has shown the student's name or number.

        Raises:
            SiteChanged: None has.
            ActionNeeded: None has since the window was in the person's hands.
            IdentityUnread: Nobody could read the name on CHSI, or no page has shown the number.
        """
        if self._own_account and self.number:
            return
        if self.findings.record and not (self.findings.record.name and self.number):
            raise errors.IdentityUnread("学信网的姓名或证件号码读不出来，无法确认两个网站上是同一个人。")
        if self._handovers:
            said = "本人在窗口里操作以后，平台上看不出登录的是不是同一个人，没有写入任何内容。"
            raise errors.ActionNeeded(said, "请用自己的账号登录，再办理一次；也可以自己在网站上办理。")
        raise errors.SiteChanged(CHAOXING.title, "登录者的姓名", ())

    def see_own_account_again(self, duty: str) -> None:
        """See whose account it is before something is written where somebody is at the window: they may have signed in anew.

        Raises:
            SomebodyElse: It is another person's account.
        """
        if self.asks.expects(f"{TAKE_OVER}{CHAOXING.id}"):
            self._look_again_who(self.platform(duty))

    def withheld(self, duty: str) -> DutyResult | None:
        """Return how a duty stands that may write nothing, since the platform's document number is not CHSI's; None where it may.

        Raises:
            ActionNeeded: The duty was asked for by name.
        """
        values = self.findings.record.readable if self.findings.record else {}
        rows = checks(self.profile, values, self.findings.personal)
        wrong = [row for row in rows if row.id == NUMBER_CHECK and row.verdict is Verdict.MISMATCH]
        if not wrong:
            return None
        note = f"{wrong[0].label}两边不一致，更正之前不写入平台"
        if self.is_asked_for(duty):
            raise errors.ActionNeeded(f"{note}。", f"请先联系{self.profile.contact}更正，再办理一次。")
        return DutyResult(DutyStatus.NEEDS_PERSON, note)

    def _look_who(self, site: Chaoxing) -> None:
        expected = self.findings.record.name if self.findings.record else None
        # without 学信网's name there is nothing to hold another against
        name = site.who(expected) if expected else None
        if name and expected:
            site.login.require(name, expected)
        self._own_account = name is not None

    def _personal(self, site: Chaoxing, duty: str) -> dict[str, str]:
        """Read the platform's personal data; a platform that does not show them is told in the report."""
        title = "读取平台上的个人信息"
        try:
            return self.runner.read("chaoxing.personal.read", duty, title, lambda: self._read_personal(site))
        except (errors.SiteChanged, errors.PersonSkipped, errors.PageUnreadable):
            self.findings.not_checked.append("平台上的个人信息（没有找到“查看/编辑”页面）")
            return {}

    def _read_personal(self, site: Chaoxing) -> dict[str, str]:
        seconds = SECONDS_FOR_PERSONAL if self._own_account else None
        page = self.on_platform(site, lambda: site.read_personal(seconds))
        self._same_person(page.values)
        self.findings.confirmation = page.confirmation
        self.case.evidence.keep("chaoxing-personal", "\n".join(page.values))
        return page.values

    def _same_person(self, values: dict[str, str]) -> None:
        if self.findings.record and is_same_person(self.findings.record.readable, values):
            self._own_account = True

    def read_personal_again(self, duty: str) -> None:
        """Open the platform's personal data anew, and see that they are still the same person's."""
        self.findings.personal = self._read_personal(self.platform(duty))
        self.findings.check_records(self.profile, self.today)

    # -- further sites -------------------------------------------------------------------------------------------------------

    def require_own(self, site: SiteEntry[Any, Any], values: Mapping[str, str]) -> None:
        """See that what a site shows of its person is the student's, and keep it out of everything written.

        Args:
            site: A site of the university's own.
            values: What it shows, by the profile's field names.

        Raises:
            SomebodyElse: It is another person's account.
            IdentityUnread: Nobody could read who CHSI's record is about.
        """
        if self.findings.record and values:
            require_same_student(self.findings.record.readable, values, site.title)
        self.findings.shown[site.id] = values
        self.identify_student()

    # -- 毕业条件 ------------------------------------------------------------------------------------------------------------

    def read_conditions(self, duty: str) -> Conditions:
        """Open 毕业条件 and read it, with its words for the evidence."""
        site = self.platform(duty)
        self.findings.conditions, words = self.on_platform(site, ConditionsPage(site).read)
        self.findings.check_grades(self.profile)
        self.case.evidence.keep("conditions", words)
        return self.findings.conditions

    def condition_met(self, duty: str) -> bool:
        """True when a condition that this duty satisfies was read as met."""
        rows = self.findings.conditions.rows if self.findings.conditions else ()
        known = ((row, self.profile.condition(row.name)) for row in rows)
        return any(row.status == "met" for row, data in known if data and data.duty == duty)

    def key(self, duty: str, *content: str, site: str = "chaoxing") -> str:
        """Return an idempotency key over subject, site, duty and content."""
        return hashlib.sha256("\n".join((self.number, site, duty, *content)).encode()).hexdigest()


NUMBER_CHECK = "identity.id_number"
UNNAMED = "chsi.jpg"
"""The photo's name in the case while nobody could read the number that it is named by."""
SECONDS_FOR_PERSONAL = 8.0
"""How long the personal page is looked for once the shell has shown the student's name."""


def is_same_person(
    chsi: Mapping[str, str], shown: Mapping[str, str], where: str = f"{CHAOXING.title}上"
) -> bool:
    """Hold what a site shows of its person against CHSI's record, or what it showed before; false where there is nothing to hold.

    Raises:
        SomebodyElse: It is another person.
    """
    found = sameness(chsi, shown)
    if found is Sameness.OTHER:
        raise errors.SomebodyElse(f"{where}登录的是另一个人，不是学信网上的这名学生。")
    return found is Sameness.SAME


def require_same_student(chsi: Mapping[str, str], shown: Mapping[str, str], title: str) -> None:
    """Stop when a site shows another student's page; one of its fields may be wrong, which is what comparing is for.

    Raises:
        SomebodyElse: It is another student's page.
        IdentityUnread: Nobody could read who CHSI's record is about.
    """
    if not is_same_person(chsi, shown, title):
        raise errors.IdentityUnread("学信网的姓名和证件号码都读不出来，无法确认两个网站上是同一个人。")
