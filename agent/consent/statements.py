"""Statements a student reads before consenting (PIPL art. 17, 23 and 30), in Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple


class Action(StrEnum):
    """What the helper may do with the program, ticked one by one."""

    READ_CHSI = "read_chsi"
    SAVE_PHOTO = "save_photo"
    SIGN_IN_PLATFORM = "sign_in_platform"
    UPLOAD_PHOTO = "upload_photo"
    COMPARE_FACES = "compare_faces"
    FILL_FORMS = "fill_forms"
    CONFIRM = "confirm"


class Sensitive(StrEnum):
    """Sensitive personal information, each with a consent of its own (PIPL art. 28 and 29)."""

    FACE_COMPARISON = "face_comparison"
    ID_NUMBER = "id_number"


Tick = Action | Sensitive


class Statement(NamedTuple):
    """How a tick is put to the student: what is done, what for, with which data."""

    title: str
    purpose: str
    data: tuple[str, ...]


ACTIONS: Final[dict[Action, Statement]] = {
    Action.READ_CHSI: Statement(
        "读取学信网", "核对身份信息和学籍信息", ("姓名", "性别", "民族", "出生日期", "学籍信息")
    ),
    Action.SAVE_PHOTO: Statement("保存学历照片", "从学信网取得学历照片原图，供上传和核对", ("学历照片",)),
    Action.SIGN_IN_PLATFORM: Statement(
        "进入学校平台",
        "登录后读取个人信息、毕业条件、成绩和平台上的照片，与学信网核对",
        ("个人信息", "毕业条件", "成绩", "平台上的照片"),
    ),
    Action.UPLOAD_PHOTO: Statement("上传照片", "把学历照片原图上传到学校平台", ("学历照片",)),
    Action.COMPARE_FACES: Statement(
        "比对人脸", "在这台电脑上看几张照片像不像同一个人，仅供提醒", ("照片里的人脸",)
    ),
    Action.FILL_FORMS: Statement(
        "填写表格", "把本人提供的内容填到学校平台的表格里", ("家庭成员", "过往履历", "自我评价")
    ),
    Action.CONFIRM: Statement("点击确认或提交", "每次点击之前仍会向本人逐一说明并等本人同意", ("确认结果",)),
}

SEPARATE: Final[dict[Sensitive, Statement]] = {
    Sensitive.FACE_COMPARISON: Statement(
        "单独同意：比对人脸",
        "人脸属于敏感个人信息，泄露后无法更换。比对只在这台电脑上进行，不留下人脸特征，不发给任何人；"
        "不同意不影响其他事项，照片可以由人看",
        ("照片里的人脸",),
    ),
    Sensitive.ID_NUMBER: Statement(
        "单独同意：使用身份证件号码",
        "用来确认两个网站上是同一个人，并按通知的要求给照片命名。号码泄露可能被冒用；除照片的文件名和平台本身，"
        "程序写出的内容里只显示后几位。不同意就不能由别人代办，可以自己办理",
        ("身份证件号码",),
    ),
}

BASIS: Final = (
    "本人同意（《个人信息保护法》第十三条第一款第一项、第十四条；敏感个人信息依第二十九条单独同意）"
)
NOTICE: Final = (
    "这些操作都可以由本人自己完成，不同意不影响本人办理毕业手续（第十六条）。登录由本人进行，办理人员不得索要或记录密码。"
    "程序在办理人员的电脑上运行，没有服务器，不把信息发给第三方；唯一发出去的，是本人同意后上传、填写到学校平台的内容。"
)
RECIPIENTS: Final = ("学校平台（仅限本人同意上传和填写的内容）",)
STORAGE: Final = "办理人员的电脑上，仅该用户可读的文件夹"
RIGHTS: Final = (
    "查阅、复制和更正自己的信息（第四十五、四十六条）",
    "要求删除（第四十七条）",
    "要求解释规则（第四十八条）",
    "随时撤回同意（第十五条）",
)
WITHDRAWAL: Final = (
    "随时可以撤回，不需要理由：告诉办理人员，或在这台电脑上运行 gradsync consent withdraw 和这份文件的位置。"
    "正在进行的操作在下一步之前停下，这名学生的照片、留证、报告和记录随即删除；撤回之前已经做完的事不受影响。"
)
BINDING: Final = (
    "这里不写完整号码，只写由号码加随机数慢速计算出的摘要。程序读到网站上的号码后用同样的方法计算，"
    "不一致就停下。摘要仍是个人信息，请与这份同意书一起保管和删除。"
)


STATEMENTS: Final[dict[Tick, Statement]] = dict([*ACTIONS.items(), *SEPARATE.items()])
ASKED: Final = tuple(tick for tick in STATEMENTS if tick is not Action.COMPARE_FACES)
"""What the student is asked, in this order; comparing faces is asked once, as the separate consent that it needs."""


def consented(ticked: Iterable[Tick]) -> frozenset[Tick]:
    """Return what the student consents to who has ticked these of ``ASKED``."""
    ticks = frozenset(ticked)
    return ticks | {Action.COMPARE_FACES} if Sensitive.FACE_COMPARISON in ticks else ticks
