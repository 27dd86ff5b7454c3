"""What is left to do, for whom and in which order: what decides about graduating and takes two minutes comes first. Pure.

Every step is made from what was read last. A condition that was read before the run changed what it is about makes no step of
its own; while two records differ, nothing is advised that would confirm them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import itemgetter

from agent import sites
from agent.engine.engine import DutyResult, DutyStatus
from agent.errors import PRECEDENCE, ActionNeeded, GradsyncError, PhotoNotYet, quote
from agent.report.model import CheckRow, ConditionRow, NextStep, Side
from agent.report.words import word
from flows.checks.registration import advice_on_chsi
from flows.forms.model import FORM_COMMAND
from flows.profiles.schema import Advice, ConditionData, Profile, Subject
from flows.report.facts import MADE, Facts, is_open, standing_of

COMMANDS = dict.fromkeys(("self_evaluation", "history", "family"), FORM_COMMAND)
AGAIN_COMMAND = "gradsync check"


class Rank(IntEnum):
    """The order of the steps."""

    STOPPED = 0  # nothing else can go on
    MISMATCH = 1
    REFUSED = 2
    PROOFREAD = 3
    CONFIRM = 4
    PHOTO = 5
    FORM = 6
    OTHER = 7
    COURSES = 8
    SCHOOL = 9


Ranked = tuple[Rank, NextStep]
"""A step with its place."""
RANKS = {
    "chsi_check": Rank.PROOFREAD,
    "profile_check": Rank.CONFIRM,
    "registration_check": Rank.CONFIRM,
    "photo": Rank.PHOTO,
    **dict.fromkeys(("self_evaluation", "history", "family"), Rank.FORM),
    "grades": Rank.COURSES,
}
CONFIRMING = {
    "chsi_check": "不要在学信网点“正确”",
    "profile_check": "不要在平台上确认“信息无误”",
    "registration_check": "没有写进核对备注之前，不要勾选“我确认”",
}
"""What must not be confirmed while the records differ, by the duty that would confirm it."""
RIGHT = {
    "identity.": "通常以身份证件为准：哪一边和证件不一样，就更正哪一边；请带身份证（改过的，再带户口本和变更证明）",
    "enrollment.": "通常以录取和学籍注册的信息为准；请带录取通知书或学生证",
    "stated.": "你填写的和网站上的不一样，请先对照证件看清楚；请带证件",
    "document.": "以本人所持证件为准；请带证件",
}
"""Which side is usually right, and with what proof, by what the check is about."""


def next_steps(facts: Facts) -> list[NextStep]:
    """Return what is left to do, the most urgent first, each thing once."""
    maker = _Maker(facts)
    ranked = sorted(maker.all(), key=itemgetter(0))
    return list({(step.title, step.who): step for _, step in ranked}.values())


def condition_advice(facts: Facts, row: ConditionRow) -> str | None:
    """Return what to do about one condition, in line with the steps; None where nothing is left to do or known."""
    known = facts.outcome.profile.condition(row.name)
    if known is None or not is_open(row):
        return None
    duty = known.duty or ""
    if facts.is_stale(row):
        return "这次已经办理，状态是办理之前读到的；请再看一次"
    if facts.differing and duty in CONFIRMING:
        return "先弄清楚不一致的信息，再办这一项"
    if facts.found.no_photo and duty in ("chsi_check", "photo"):
        return "等学信网上有了学历照片，再办这一项"
    return known.next_step


@dataclass(frozen=True)
class _Maker:
    facts: Facts

    def all(self) -> Iterator[Ranked]:
        """Every step, in no order."""
        yield from self._troubles()
        yield from self._mismatch()
        yield from self._photo_missing()
        yield from self._conditions()
        yield from self._courses()
        yield from self._duties()
        yield from self._advised()

    @property
    def _profile(self) -> Profile:
        return self.facts.outcome.profile

    def _made(
        self,
        rank: Rank,
        title: str,
        why: str,
        where: str,
        site: str | None = None,
        *,
        contact: str = "",
        command: str = "",
    ) -> Ranked:
        """A step of the student's, due on the notice's last day."""
        step = NextStep(
            title=title,
            why=why,
            where=where,
            deadline=self._profile.deadline,
            contact=contact or self._profile.contact,
            link=self._link(site),
            command=command,
        )
        return rank, step

    def _link(self, site: str | None) -> str:
        """The site's own address; none in a demonstration, whose student exists on no site."""
        if site is None or self.facts.outcome.demo:
            return ""
        data = getattr(self._profile.sites, site)
        return (data.archive_url or data.login_url) if data else ""

    # -- what stopped the run ----------------------------------------------------------------------------------------------

    def _troubles(self) -> Iterator[Ranked]:
        for trouble in _gravest_first(self.facts.outcome.troubles):
            if not (isinstance(trouble, PhotoNotYet) and self._profile.photo.deadline):
                is_told = quote(trouble.said).strip("“”") in trouble.message
                said = "" if is_told else f"网站说：{quote(trouble.said)}。"
                yield self._made(
                    _rank_of(trouble), trouble.remedy, f"{trouble.message}{said}", "", command=trouble.command
                )

    # -- records that differ -----------------------------------------------------------------------------------------------

    def _mismatch(self) -> Iterator[Ranked]:
        rows = self.facts.differing
        if rows:
            labels = "；".join(dict.fromkeys(_both(row) for row in rows))
            yield self._made(
                Rank.MISMATCH,
                f"先弄清楚不一致的信息：{labels}",
                "".join((*dict.fromkeys(_usual(row) for row in rows), self._not_to_confirm(), self._draft())),
                self._whom,
                contact=self._whom,
            )
        for row in self.facts.to_judge:
            title = f"看一下“{row.label}”：{_both(row)}"
            yield self._made(Rank.MISMATCH, title, row.note, "教学点")

    @property
    def _whom(self) -> str:
        """Who puts a record right: whom the notice names for 核对备注, else its contact."""
        remark = self._advice("remark")
        return remark.contact if remark else self._profile.contact

    def _advice(self, about: Subject) -> Advice | None:
        return self._profile.registration.advice.get(about) if self._profile.registration else None

    def _not_to_confirm(self) -> str:
        """What must wait until the difference is settled, as far as it has not been done."""
        open_duties = [duty.id for duty in self._profile.duties if not self._is_over(duty.id)]
        waiting = "，".join(words for duty, words in CONFIRMING.items() if duty in open_duties)
        return f"弄清楚之前，{waiting}。" if waiting else ""

    def _is_over(self, duty: str) -> bool:
        return standing_of(duty, self.facts).status in MADE

    def _draft(self) -> str:
        registered = self.facts.found.registered
        remark = registered.remark if registered else ""
        return f"核对备注：{remark}。" if remark else ""

    # -- the photo ---------------------------------------------------------------------------------------------------------

    def _photo_missing(self) -> Iterator[Ranked]:
        """The notice's own advice where 学信网 shows none; elsewhere the stop says what to do."""
        advice = self._profile.photo.deadline
        if self.facts.found.no_photo and advice:
            yield Rank.PHOTO, self._of_advice("学信网上还没有学历照片", advice)

    # -- 毕业条件 ----------------------------------------------------------------------------------------------------------

    def _conditions(self) -> Iterator[Ranked]:
        stale = []
        for row, known in self.facts.open_rows:
            if self.facts.is_stale(row):
                stale.append(row)
            elif known is None:
                title, why = f"向教学点询问“{row.name}”是什么要求", f"平台显示：{_shown(row)}"
                yield self._made(Rank.OTHER, title, why, "教学点")
            elif known.who == "school":
                yield self._by_school(row, known)
            elif known.duty != "grades" and not self._is_withheld(known.duty or ""):
                yield self._condition(row, known)
        if stale:
            yield self._look_again(stale)

    def _by_school(self, row: ConditionRow, known: ConditionData) -> Ranked:
        """What the school does has no day for the student."""
        step = NextStep(
            title=f"{row.name.removesuffix('已填写')}：{known.next_step}",
            why=f"“{row.name}”现在是：{_shown(row)}",
            where=known.where,
            contact=self._profile.contact,
            who="school",
        )
        return Rank.SCHOOL, step

    def _condition(self, row: ConditionRow, known: ConditionData) -> Ranked:
        duty = known.duty or ""
        left = self.facts.standing(duty)
        was_made = left is not None and left.status in MADE
        undone = f"（{left.note}）" if left and left.note and not was_made else ""
        why = f"“{row.name}”现在是：{_shown(row)}{undone}"
        if was_made and standing_of(duty, self.facts).status is DutyStatus.WAITING:
            title = f"等平台更新“{row.name}”，几天后再看；仍没有更新的联系教学点"
            return self._made(Rank.OTHER, title, why, known.where, known.site, command=AGAIN_COMMAND)
        command = COMMANDS.get(duty, "")
        rank = RANKS.get(duty, Rank.OTHER)
        return self._made(rank, known.next_step, why, known.where, known.site, command=command)

    def _look_again(self, rows: Sequence[ConditionRow]) -> Ranked:
        names = "、".join(row.name for row in rows)
        why = f"{names}：上面的状态是办理之前读到的，之后还没有再读"
        return self._made(Rank.OTHER, "再看一次毕业条件", why, "", command=AGAIN_COMMAND)

    def _is_withheld(self, duty: str) -> bool:
        """True for a duty about which nothing more may be advised: its stop is a step, the records differ, there is no photo."""
        if self.facts.is_stopped(duty):
            return True
        if self.facts.differing and duty in CONFIRMING:
            return True
        return self.facts.found.no_photo and duty in ("chsi_check", "photo")

    # -- grades ------------------------------------------------------------------------------------------------------------

    def _courses(self) -> Iterator[Ranked]:
        """All grade matters are one step, with the courses by name."""
        grades = self.facts.found.grades
        failed, missing = (grades.failed, grades.missing) if grades else ((), ())
        rows = self.facts.open_of("grades")
        if not (failed or missing or rows):
            return
        unmet = "、".join(f"{row.name}（{_shown(row)}）" for row in rows)
        why = [
            f"不合格或还没有成绩的课程：{'、'.join((*failed, *missing))}" if failed or missing else "",
            f"毕业条件里没有满足的：{unmet}" if unmet else "",
            *(row.note for row in self.facts.checks if row.id.startswith("grades.") and row.note),
        ]
        review = self._profile.grades.review
        title = f"{_courses_title(failed, missing)}{f'；{review}' if review else '。'}"
        duty = self._profile.duty("grades")
        where, site = (duty.where, duty.site) if duty else ("教学点", None)
        yield self._made(Rank.COURSES, title, "；".join(filter(None, why)), where, site)

    # -- duties that no condition speaks of --------------------------------------------------------------------------------

    def _duties(self) -> Iterator[Ranked]:
        spoken_of = {known.duty for _, known in self.facts.open_rows if known}
        for duty in self._profile.duties:
            left = self.facts.standing(duty.id)
            came = left is not None and not self._is_unknown(duty.site, left)
            is_left = came and not self._is_over(duty.id) and not self._is_withheld(duty.id)
            if duty.next_step and duty.id not in spoken_of and is_left:
                rank, command = RANKS.get(duty.id, Rank.OTHER), COMMANDS.get(duty.id, "")
                why = standing_of(duty.id, self.facts).note
                yield self._made(rank, duty.next_step, why, duty.where, duty.site, command=command)

    def _is_unknown(self, site: str | None, left: DutyResult) -> bool:
        """True for what was left out by a run that was stopped before it read anything of the duty's site."""
        stopped = self.facts.outcome.trouble is not None and not self.facts.was_read(site or "")
        return stopped and left.status is DutyStatus.SKIPPED

    # -- what the notice says besides --------------------------------------------------------------------------------------

    def _advised(self) -> Iterator[Ranked]:
        """What the notice says about 个人信息核对, and about 学信网 after it."""
        found = self.facts.found
        told = self._advice("remark") if self.facts.differing else None
        for why, advice in found.registered.advice if found.registered else ():
            if advice is not told:
                yield Rank.OTHER, self._of_advice(why, advice)
        if found.stated is not None:
            on_photo = self._advice("check_on_chsi")
            for why, advice in advice_on_chsi(self._profile, found.stated):
                if not (self.facts.found.no_photo and advice is on_photo):
                    yield Rank.PROOFREAD, self._of_advice(why, advice)

    def _of_advice(self, why: str, advice: Advice) -> NextStep:
        return NextStep(
            title=advice.title,
            why=why,
            where=advice.where,
            deadline=advice.deadline or self._profile.deadline,
            contact=advice.contact,
            link=self._link(advice.site),
        )


def _gravest_first(troubles: Sequence[GradsyncError]) -> list[GradsyncError]:
    """The stops in the contract's order of gravity, each sentence once."""
    once = {(one.message, one.remedy): one for one in troubles}.values()
    return sorted(once, key=lambda one: PRECEDENCE.index(one.exit_status))


def _rank_of(trouble: GradsyncError) -> Rank:
    """A stop after which nothing could go on comes first; one of a single duty after what decides about graduating."""
    if isinstance(trouble, PhotoNotYet):
        return Rank.PHOTO
    if trouble.ends_run:
        return Rank.STOPPED
    return Rank.REFUSED if isinstance(trouble, ActionNeeded) else Rank.STOPPED


def _shown(row: ConditionRow) -> str:
    return row.status_text or "空白"


def _both(row: CheckRow) -> str:
    """Both values of a check, as the report may show them: 出生日期（学信网 1993-11-11，平台 1993-11-12）."""
    sides = [row.left, *([row.right] if row.right else [])]
    told = "，".join(f"{_called(side.site)} {_value(side)}" for side in sides)
    same = row.right is not None and row.left.value == row.right.value
    return f"{row.label}（{told}{'；遮住的部分不同' if same else ''}）"


def _called(site: str) -> str:
    return sites.shown_as(site, short=True) if site in sites.known() else word(site, "site").text


def _value(side: Side) -> str:
    return "没有读到" if side.value is None else side.value or "空白"


def _usual(row: CheckRow) -> str:
    start = next((start for start in RIGHT if row.id.startswith(start)), "")
    return f"{RIGHT[start]}。" if start else ""


def _courses_title(failed: Sequence[str], missing: Sequence[str]) -> str:
    if failed:
        return f"向教学点问清没有合格的课程怎么补考或重修：{'、'.join(failed)}"
    if missing:
        return f"看看还没有成绩的课程：{'、'.join(missing)}"
    return "核对各门课程成绩，没有满足的向教学点咨询"
