"""Reports of several outcomes, about invented people, with drawn portraits."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from hashlib import sha256

from agent.photo import SamePerson, person_sentence
from agent.report.model import (
    AskRow,
    Audit,
    CheckRow,
    ComparisonRow,
    ConditionCounts,
    ConditionRow,
    ConditionsPart,
    DutyRow,
    Evidence,
    FindingRow,
    GradeRow,
    GradesPart,
    LearnedRow,
    NextStep,
    NoticeWindow,
    PhotoFile,
    PhotoPart,
    Report,
    Side,
    StepRow,
    Subject,
    Trouble,
    UnreadPage,
)
from fixtures.people.portraits import Kind, portrait, resized

TITLE = "西安交通大学成人高等教育 2024 届（7月） 毕业生待做事项"
CHINA = timezone(timedelta(hours=8))
NOW = datetime(2024, 6, 3, 10, 0, tzinfo=CHINA)
DEADLINE = date(2024, 6, 11)
SUBJECT = Subject(name="王*", id_number="**************4229")
WINDOW = NoticeWindow(start=date(2024, 5, 31), end=DEADLINE, today=date(2024, 6, 3), state="open")
CONTACT = "所在教学点"

# The notice's page, read again after the upload: number 6 has become 已上传.
_CONDITIONS = (
    ("学费已缴清", "已完成", "met", None),
    (
        "毕业（教学计划）总学分条件",
        "未完成",
        "unmet",
        "课程学分修满后平台会自己更新；对学分有疑问请向教学点提出。",
    ),
    ("毕业（教学计划）课程条件", "未完成", "unmet", "课程全部合格后平台会自己更新。"),
    (
        "毕业生登记表已提交",
        "未完成",
        "unmet",
        "学生服务 → 信息变更 → 点击进入毕业生登记表，填写后提交；提交后不可更改。",
    ),
    ("毕业实践成绩是否合格", "已通过", "met", None),
    ("学信网毕业照已上传", "已上传", "met", None),
    ("学信网信息已校对", "未校对", "unmet", "由本人登录学信网，在毕业证书图像校对里核对后点击正确。"),
    ("平台入学照片已上传", "已上传", "met", None),
    ("平台信息已确认", "未确认", "unmet", "学生服务 → 信息变更 → 点击进入查看/编辑，核对后确认。"),
    ("平台学生管理部分鉴定已填写", "未填写", "unmet", "由教学点填写，本人无需操作。"),
    ("平均成绩（除毕业实践成绩）", "已通过", "met", None),
    ("最多不及格课程数", "未通过", "unmet", "在成绩里查看不合格的课程，有异议请向教学点提出复查申请。"),
    ("入学图像比对结果", "已通过", "met", None),
    ("学信网毕业图像比对结果合格", "", "unknown", None),
)

_COLOURS = {"met": "blue", "unmet": "red", "unknown": None}


def conditions() -> ConditionsPart:
    """The fourteen conditions of the notice after the photo was uploaded."""
    items = tuple(
        ConditionRow.model_validate(
            {"position": place, "name": name, "status_text": text, "status": status}
            | {"colour": _COLOURS[status], "next_step": step}
        )
        for place, (name, text, status, step) in enumerate(_CONDITIONS, 1)
    )
    counts = ConditionCounts(met=6, unmet=7, unknown=1)
    return ConditionsPart(
        batch="2024年7月", scope="在籍，最后一个学期及以后的学生", items=items, counts=counts
    )


def images() -> dict[str, bytes]:
    """The three photos of one invented person."""
    graduation = portrait("report-sample")
    return {
        "chsi": graduation,
        "platform_copy": resized(graduation, 358, 478, 80),
        "enrollment": portrait("report-sample", kind=Kind.ENROLLMENT),
    }


def _file(data: bytes, name: str, width: int, height: int) -> PhotoFile:
    return PhotoFile(
        file=name,
        sha256=sha256(data).hexdigest(),
        bytes=len(data),
        width=width,
        height=height,
        format="JPEG",
        obtained_by="response",
    )


def photo() -> PhotoPart:
    """Three photos: the copy is the same picture re-encoded, the enrollment photo another one."""
    data = images()
    return PhotoPart(
        chsi=_file(data["chsi"], "photo/**************4229.jpg", 480, 640),
        platform_copy=_file(data["platform_copy"], "photo/platform_copy.jpg", 358, 478),
        enrollment=_file(data["enrollment"], "photo/enrollment.jpg", 480, 640),
        findings=(
            FindingRow(id="content.jpeg", level="ok", note="是完整的 JPEG 照片。"),
            FindingRow(id="name.template", level="ok", note="文件名是身份证号，中间没有空格。"),
            FindingRow(id="size.pixels", level="ok", note="480×640 像素，3:4 竖版。"),
            FindingRow(
                id="size.bytes",
                level="warn",
                note="文件比采集标准的 20–40 KB 略小。",
                source="教毕指〔2017〕99号",
            ),
        ),
        comparisons=(
            ComparisonRow(
                a="chsi",
                b="platform_copy",
                verdict="same_picture",
                method="aligned-correlation",
                distance=0.01,
                sentence="平台上存的就是这张学历照片，平台只是重新压缩过。",
            ),
            ComparisonRow(
                a="chsi",
                b="enrollment",
                verdict="different_picture",
                method="aligned-correlation",
                distance=0.62,
                sentence="学历照片和入学照片不是同一次拍的，这很平常；是否同一个人由学校比对。",
            ),
        ),
        person_sentence=person_sentence(SamePerson.not_checked),
    )


def _check(
    name: str, label: str, left: str | None, right: str | None, verdict: str, note: str = ""
) -> CheckRow:
    sides = {"left": {"site": "chsi", "value": left, "read_by": "text"}, "right": None}
    if right is not None:
        sides["right"] = {"site": "chaoxing", "value": right, "read_by": "text"}
    return CheckRow.model_validate({"id": name, "label": label, "verdict": verdict, "note": note} | sides)


def checks() -> tuple[CheckRow, ...]:
    """Identity and enrollment rows, one of each kind of verdict that is common."""
    both_years = CheckRow(
        id="enrollment.current_year",
        label="当前所在级",
        left=Side(site="chaoxing", value="2022", read_by="text"),
        right=Side(site="chaoxing", value="2022", read_by="text"),
        verdict="match",
        note="与入学年份比较。",
    )
    return (
        _check("identity.name", "姓名", "王*", "王*", "match"),
        _check("identity.sex", "性别", "女", "女", "match"),
        _check("identity.id_number", "身份证号", "**************4229", "**************4229", "match"),
        _check("identity.birth_date", "出生日期", "1998年05月**日", "1998-05-**", "match"),
        _check("identity.ethnicity", "民族", "汉族", "汉", "tolerated", "只差一个「族」字。"),
        _check("enrollment.school", "学校名称", "西安交通大学", None, "match"),
        _check(
            "enrollment.level",
            "层次",
            "专科起点本科",
            "专升本",
            "mismatch",
            "两边的写法不同，请向教学点确认。",
        ),
        _check("enrollment.major", "专业", "土木工程", "土木工程", "match"),
        _check("enrollment.status", "学籍状态", "在籍（注册学籍）", "在籍", "match"),
        both_years,
    )


def steps() -> tuple[StepRow, ...]:
    """The steps of a first run."""
    rows = (
        ("chsi.sign_in", "read", "done", 2.14, "已登录，账号是学生本人的。"),
        ("chsi.record.read", "read", "done", 0.92, "读到 5 项身份信息、7 项学籍信息。"),
        ("chsi.photo.save", "read", "done", 0.81, "学历照片已按原始数据保存。"),
        ("chaoxing.sign_in", "read", "done", 1.76, ""),
        ("chaoxing.photo.upload", "write", "done", 1.33, "上传后重新读取，平台上已有照片。"),
        ("chaoxing.conditions.read", "read", "done", 0.64, "14 项。"),
    )
    fields = ("id", "kind", "status", "seconds", "detail")
    return tuple(
        StepRow.model_validate(dict(zip(fields, row, strict=True)) | {"duty": "photo"}) for row in rows
    )


def next_steps() -> tuple[NextStep, ...]:
    """What is left after the upload, for the student and for the school."""
    return (
        NextStep(
            title="在学信网完成毕业证书图像校对",
            why="「学信网信息已校对」显示未校对；不校对，学历不能电子注册。",
            where="学信网 → 学信档案 → 毕业证书图像校对，核对后由本人点击正确",
            deadline=DEADLINE,
            contact=CONTACT,
        ),
        NextStep(
            title="填写并提交毕业生登记表",
            why="「毕业生登记表已提交」显示未完成。",
            where="成教学生服务平台 → 学生服务 → 信息变更 → 点击进入毕业生登记表",
            deadline=DEADLINE,
            contact=CONTACT,
        ),
        NextStep(
            title="等待教学点填写学生管理部分鉴定",
            why="「平台学生管理部分鉴定已填写」显示未填写。",
            where="由教学点在平台上填写",
            deadline=DEADLINE,
            contact=CONTACT,
            who="school",
        ),
    )


def done() -> Report:
    """A first run of the notice's example, after the upload."""
    return Report(
        outcome="done",
        exit_status=0,
        headline="毕业照片已上传，平台上的照片与学信网的学历照片是同一张；14 项毕业条件里还有 7 项要办。",
        profile="xjtu-2024-07",
        title=TITLE,
        generated_at=NOW,
        subject=SUBJECT,
        window=WINDOW,
        steps=steps(),
        checks=checks(),
        photo=photo(),
        conditions=conditions(),
        duties=(
            DutyRow(id="chsi_check", title="学信网信息自查核对", status="needs_person", deadline=DEADLINE),
            DutyRow(id="photo", title="毕业照片上传", status="done", deadline=DEADLINE),
            DutyRow(
                id="conditions", title="毕业条件", status="done", deadline=DEADLINE, note="还有 7 项未达到。"
            ),
            DutyRow(
                id="family", title="家庭成员信息", status="not_run", note="自愿填写，入学时填过的不用重复填。"
            ),
        ),
        next_steps=next_steps(),
        not_checked=("学历照片是不是本人：程序不做人脸比对，请自己看一眼。", "成绩：这次没有读取。"),
        contact=CONTACT,
        asks=(
            AskRow(id="apply-plan", answer="yes", by="flag"),
            AskRow(id="captcha.chsi", answer="given", by="terminal"),
        ),
        evidence=Evidence(manifest_sha256="3f" * 32),
        audit=Audit(records=41, head="a7" * 32),
    )


def no_photo() -> Report:
    """CHSI has no photo yet, two days before the deadline."""
    return Report(
        outcome="action_needed",
        exit_status=10,
        headline="学信网上还没有学历照片，这次没有可以上传的照片。",
        profile="xjtu-2024-07",
        title=TITLE,
        generated_at=NOW + timedelta(days=6),
        subject=SUBJECT,
        trouble=Trouble(
            code="photo.not_yet",
            message="学信网的「学历照片」位置显示的是没有照片的图。",
            remedy="照片采集后一般要等一段时间才会显示，请过几天再办理；临近截止仍没有，请联系教学点。",
        ),
        window=WINDOW.model_copy(update={"today": date(2024, 6, 9), "state": "closing"}),
        steps=steps()[:2],
        checks=(_check("enrollment.status", "学籍状态", "在籍（注册学籍）", None, "match"),),
        photo=PhotoPart(),
        duties=(DutyRow(id="photo", title="毕业照片上传", status="waiting", deadline=DEADLINE),),
        contact=CONTACT,
    )


def wrong_password() -> Report:
    """The site refused the password; nobody is known yet and the window is over."""
    return Report(
        outcome="failed",
        exit_status=11,
        headline="没有登录成功，什么都没有改变。",
        profile="xjtu-2024-07",
        title=TITLE,
        generated_at=NOW,
        subject=None,
        trouble=Trouble(
            code="login.rejected",
            message="学信网提示：您输入的用户名或密码有误。",
            remedy="密码只提交了一次。请先在平时的浏览器里确认账号能登录，再把设置里的密码改正；或把它删掉，再办理时在打开的窗口里自己登录。",
        ),
        warnings=("现在不在通知规定的办理时间内，办理前请先联系教学点。",),
        window=WINDOW.model_copy(
            update={"today": date(2024, 6, 13), "state": "after", "consequence": "逾期将影响毕业资格审核。"}
        ),
        steps=(
            StepRow(
                id="chsi.sign_in",
                duty="photo",
                kind="read",
                status="failed",
                seconds=3.2,
                detail="login.rejected",
            ),
        ),
        not_checked=("照片、毕业条件和信息核对：没有登录成功，都没有读取。",),
        contact=CONTACT,
    )


def degraded() -> Report:
    """Everything done, with a word nobody knows, a name read from a picture, and the grades."""
    base = done()
    part = conditions()
    odd = part.items[8].model_copy(
        update={"status_text": "审核退回", "status": "unknown", "colour": "orange"}
    )
    items = (*part.items[:8], odd, *part.items[9:])
    counts = ConditionCounts(met=6, unmet=6, unknown=2)
    read = Side(site="chsi", value="土木工程（建筑工程方向）", read_by="ocr")
    major = base.checks[7].model_copy(update={"left": read, "verdict": "tolerated", "note": "多了专业方向。"})
    courses = (
        ("英语三", "2021年春", "81.0", True),
        ("结构力学", "2021年春", "52.0", False),
        ("建设法规", "2021年秋", None, None),
    )
    rows = tuple(
        GradeRow(course=name, term=term, total=total, passed=ok) for name, term, total, ok in courses
    )
    return base.model_copy(
        update={
            "exit_status": 40,
            "headline": "照片已上传并核对；有 2 处内容请自己再看一眼。",
            "conditions": part.model_copy(update={"items": items, "counts": counts}),
            "checks": (*base.checks[:7], major, *base.checks[8:]),
            "grades": GradesPart(rows=rows, failed=("结构力学",), average=66.5),
            "not_checked": base.not_checked[:1],
            "learned": (
                LearnedRow(site="chaoxing", place="conditions", words=("离校资格", "办事大厅"), at=NOW),
            ),
            "unread": (
                UnreadPage(
                    duty="family",
                    page="家庭成员信息",
                    expected=("称谓", "姓名"),
                    picture="evidence/07-stop.jpg",
                ),
            ),
            "degraded": ("「平台信息已确认」显示审核退回，通知里没有这个词。", "专业是从图片上识别出来的。"),
        }
    )


def bare() -> Report:
    """A report in which everything that may be null is null."""
    return Report(
        outcome="failed",
        exit_status=1,
        headline="程序出错，没有开始。",
        profile="xjtu-2024-07",
        title=TITLE,
        generated_at=NOW,
        subject=None,
    )


SAMPLES = {
    "done": done,
    "no_photo": no_photo,
    "wrong_password": wrong_password,
    "degraded": degraded,
    "bare": bare,
}
