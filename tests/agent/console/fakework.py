"""A case that asks one question and writes a sample report: the process that the pages' own tests let cases run in."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import closing

from agent.asks import Answerer, Ask, AskField, AskKind, AskPicture, AskRouter, FieldShown
from agent.case.audit_log import AuditLog
from agent.case.journal import Journal
from agent.cli.boundary import stopped
from agent.console.cases.messages import CaseOrder
from agent.console.cases.worker import work
from agent.engine.steps import Progress
from agent.privacy.private_files import PrivateFolder

JPEG = b"\xff\xd8\xff no more of it"
ASKS = {
    "yes_no": Ask("apply-plan", AskKind.YES_NO, "要按下面的计划在网站上操作吗", details=("上传<b>照片</b>",)),
    "pictures": Ask(
        "apply-plan",
        AskKind.YES_NO,
        "要按下面的计划在网站上操作吗",
        details=("上传毕业照片：现在「尚未上传」，之后「学信网的学历照片」",),
        pictures=(AskPicture("要上传的", JPEG), AskPicture("平台上现在的", b"\x89PNG\r\n\x1a\n rest")),
    ),
    "choice": Ask("choose-enrollment", AskKind.CHOICE, "请选择", options=("甲校", "乙校")),
    "secret": Ask(
        "captcha.chsi", AskKind.SECRET, "学信网要求输入图片里的验证码", image=b"\x89PNG\r\n\x1a\n rest"
    ),
    "words": Ask("confirm.profile_check", AskKind.WORDS, "将在平台上确认", options=("信息无误",)),
    "table": Ask(
        "confirm.registration_check",
        AskKind.WORDS,
        "将在注册系统填好核对备注，勾选“我确认”，点击“提交”",
        "lzu",
        ("我确认并提交",),
        ("核对备注：专业：原：应用气象学 改：大气科学",),
        shown=(
            FieldShown("证件号码", "610000********4229", "610000********4229", "和学信网一致"),
            FieldShown("专业", "应用气象学", "大气科学", "和学信网不一致", differs=True),
            FieldShown("班级", "1班"),
        ),
        sides=("注册系统", "学信网"),
    ),
    "fields": Ask(
        "registration_check.fields",
        AskKind.FIELDS,
        "注册系统里的每一项对不对",
        "lzu",
        details=("现在只是核对，不会改动任何内容。",),
        shown=(
            FieldShown("姓名", "王岚", "王岚", "和学信网一致", name="name"),
            FieldShown("专业", "应用气象学", "大气科学", "和学信网不一致", differs=True, name="major"),
            FieldShown("学校", "兰州大学"),
        ),
        sides=("注册系统", "学信网"),
    ),
    "form": Ask(
        "family.who", AskKind.FORM, "请填写", fields=(AskField("name", "姓名"), AskField("age", "年龄"))
    ),
    "late": Ask("apply-plan", AskKind.YES_NO, "没有人回答", seconds=0.01),
    "proofread": Ask(
        "chsi.proofread", AskKind.DONE, "请在窗口里自己点“正确”或“有误”", "chsi", ("done", "skip")
    ),
    "upload": Ask(
        "take-over.chaoxing",
        AskKind.DONE,
        "请在打开的窗口里自己上传下面这张照片",
        "chaoxing",
        details=("照片文件：/tmp/case/photo/610000.jpg",),
        pictures=(AskPicture("要上传的照片", JPEG),),
        has_file=True,
    ),
    "done": Ask("signed-in.chsi", AskKind.DONE, "请在打开的窗口里自己登录学信网", "chsi"),
}


def run(order: CaseOrder, progress: Progress, answerers: Sequence[Answerer]) -> int:
    """Ask what the order says, tell the answer as a step's detail, and write the report that the order brings along."""
    given = order.overrides or {}
    kind = given.get("kind", "yes_no")
    if kind == "crash":
        sys.exit(7)
    progress.step_started("a.ask", "读取学信网")
    folder = PrivateFolder(order.out, str)
    with closing(Journal(order.out)):
        AuditLog(folder).append("run")
        answer = AskRouter(answerers).ask(ASKS[kind])
        if kind in ("done", "upload"):
            threading.Event().wait()  # nobody ever signs in
        progress.step_ended("a.ask", "done", 0.1, answer)
        progress.say(f"only_looks={order.only_looks}, demo={order.demo}")
        folder.write_as_is("report.json", given.get("report.json", "").encode())
    return 0


def main() -> None:
    """Speak with the console."""
    sys.exit(work(run, stopped))
