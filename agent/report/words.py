"""The report's values in words: Simplified Chinese and the sites' own words, with tone and mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from agent import ask_registry, sites
from agent.report import model

Tone = Literal["good", "warn", "bad", "plain"]
BLANK: Final = "（空白）"


@dataclass(frozen=True, slots=True)
class Word:
    """How one value of the report is said: Chinese text, tone, and a mark that reads without colour.

    The marks are limited to characters that GBK has, so that a Chinese Windows console can print them.
    """

    text: str
    tone: Tone = "plain"
    mark: str = "·"


def _good(text: str) -> Word:
    return Word(text, "good", "√")


def _warn(text: str) -> Word:
    return Word(text, "warn", "!")


def _bad(text: str) -> Word:
    return Word(text, "bad", "×")


def _plain(**texts: str) -> dict[str, Word]:
    return {value: Word(text) for value, text in texts.items()}


WORDS: Final[Mapping[str, Mapping[str, Word]]] = {
    "outcome": {
        "done": _good("本次已完成"),
        "action_needed": _warn("需要本人处理"),
        "failed": _bad("没有完成"),
    },
    "step": {
        "done": _good("完成"),
        "already_done": _good("之前已完成"),
        "skipped": Word("跳过"),
        "needs_person": _warn("需要本人"),
        "unverified": _warn("未能核实"),
        "failed": _bad("失败"),
    },
    "duty": {
        "done": _good("已完成"),
        "already_done": _good("之前已完成"),
        "waiting": _warn("等待中"),
        "needs_person": _warn("需要本人"),
        "skipped": Word("跳过"),
        "failed": _bad("未完成"),
        "not_run": Word("这次没有做"),
    },
    "check": {
        "mismatch": _bad("不一致"),
        "missing": _warn("缺少"),
        "unreadable": Word("读不出", "warn", "?"),
        "waiting": Word("等待中", "warn", "○"),
        "tolerated": _good("可接受的差别"),
        "match": _good("一致"),
    },
    "condition": {
        "met": _good("已满足"),
        "unmet": _bad("未满足"),
        "pending": Word("等待中", "warn", "○"),
        "not_applicable": Word("不适用", "plain", "-"),
        "unknown": Word("未知", "plain", "?"),
    },
    "comparison": {
        "identical": _good("完全相同"),
        "same_picture": _good("同一张照片"),
        "altered": _warn("画面有改动"),
        "unsure": Word("无法确定", "warn", "?"),
        "different_picture": _bad("不是同一张照片"),
    },
    "same_person": _plain(
        likely="像同一个人（仅供参考）",
        unsure="看不出是否同一个人，请人工核对",
        unlikely="请人工核对是否同一个人",
        not_checked="没有判断是否同一个人",
    ),
    "finding": {"ok": _good("正常"), "warn": _warn("提示"), "fail": _bad("不合格")},
    "colour": _plain(blue="蓝色", green="绿色", red="红色", orange="橙色", grey="灰色", black="黑色"),
    "site": _plain(notice="通知要求", student="本人填写"),
    "place": _plain(
        conditions="毕业条件",
        upload="上传毕业照片",
        grades="成绩",
        personal="个人信息",
        register_form="毕业生登记表",
        links="学籍信息",
        registration="个人信息核对",
    ),
    "kind": _plain(read="读取", write="办理"),
    "read_by": _plain(text="网页文字", ocr="识图读出", person="本人确认"),
    "obtained_by": _plain(
        response="网页显示时的原始数据",
        request="按照片地址再次读取",
        fetch="在网页内读取",
        download="网页下载",
        person="本人另存",
    ),
    "method": {
        "sha256": Word("逐字节比较"),
        "pixels": Word("逐像素比较"),
        "phash+dhash": Word("画面指纹比较"),
        "aligned-correlation": Word("对齐后逐块比较"),
    },
    "answer": _plain(yes="是", no="否", given="已输入", done="做了", skip="跳过"),
    "by": _plain(
        flag="命令行选项", terminal="终端", console="网页控制台", script="预先写好的答案", nobody="无人在场"
    ),
}
"""Every value the report can hold, in words; a value that is not here is shown as it is."""
PHOTOS: Final[Mapping[str, tuple[str, str]]] = {
    "chsi": ("学历照片", "学信网"),
    "platform_copy": ("毕业照片", "成教学生服务平台"),
    "enrollment": ("入学照片", "成教学生服务平台"),
}
"""Caption and site of each photo, in the sites' words, in the order shown."""


def word(value: str, kind: str) -> Word:
    """Return how ``value`` of the given kind is said; an unknown value verbatim in a plain tone."""
    return WORDS[kind].get(value, Word(sites.shown_as(value) if kind == "site" else value))


def ask_words(ask_id: str, duties: Iterable[model.DutyRow] = ()) -> str:
    """Return an ask's id in words, such as 验证码 · 学信网 for ``captcha.chsi``; an unknown id as it is."""
    entry = ask_registry.registered(ask_id)
    if entry is None:
        return ask_id
    about = entry.about(ask_id)
    titles = {row.id: row.title for row in duties}
    return " · ".join(filter(None, (entry.title, about and titles.get(about, word(about, "site").text))))


def day(value: date, *, year: bool = False) -> str:
    """Return a day as 6月11日（周二）, with the year in front if wanted."""
    front = f"{value.year}年" if year else ""
    return f"{front}{value.month}月{value.day}日（周{'一二三四五六日'[value.weekday()]}）"


def moment(value: datetime) -> str:
    """Return a time to the minute, in its own zone."""
    return f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"


def window_words(window: model.NoticeWindow) -> Word:
    """Return where the day of the run lies in the notice's window, in words with the days left."""
    left = (window.end - window.today).days
    if window.state == "before":
        return _warn(f"还没开始，{(window.start - window.today).days}天后开始")
    if window.state == "after":
        return _bad("已结束")
    text = "今天截止" if left == 0 else f"还剩{left}天"
    return _warn(text) if window.state == "closing" else Word(text)


def comparison_words(row: model.ComparisonRow) -> Word:
    """Return a comparison's verdict; that the 入学照片 is another picture is usual and no trouble."""
    said = word(row.verdict, "comparison")
    if "enrollment" in (row.a, row.b) and row.verdict in {"different_picture", "unsure", "altered"}:
        return Word(said.text)
    return said


def tally(values: Iterable[str], kind: str) -> str:
    """Return how often each value occurs, in words and in the vocabulary's order: 1项不一致，9项一致."""
    counted = Counter(values)
    ranked = [name for name in WORDS[kind] if counted[name]]
    return "，".join(f"{counted[name]}项{WORDS[kind][name].text}" for name in ranked)


def outcome_words(report: model.Report) -> Word:
    """Return the outcome: 本次已完成 only where nothing is left for the student, and never green once the window is over."""
    left = sum(step.who == "student" for step in report.next_steps)
    if report.outcome != "done":
        return word(report.outcome, "outcome")
    if report.window and report.window.state == "after":
        return _warn("办理时间已结束")
    return _warn(f"还要你做 {left} 件事") if left else word("done", "outcome")


def effects_sentence(report: model.Report) -> str:
    """Say what this run has changed on the sites and what it has not; empty for a run that stopped at nothing and sent nothing."""
    words = {"done": "已经办好", "unverified": "已发出、还没有核实", "refused": "网站没有接受"}
    titles: dict[str, list[str]] = {state: [] for state in words}
    for row in report.effects:
        titles[row.state].append(f"{row.title}（本人在窗口里操作）" if row.by == "person" else row.title)
    told = [f"{words[state]}：{'、'.join(rows)}" for state, rows in titles.items() if rows]
    if told:
        return f"{'；'.join(told)}。其余没有改变。"
    return "网站上什么都没有改变。" if report.trouble else ""


def change_words(row: model.ChangeRow) -> str:
    """Return one change since the earlier report: 学信网信息已校对：未校对 → 已校对."""
    kind = {"duty": "duty", "check": "check", "photo": "comparison"}.get(row.what)
    before, after = (
        (word(value, kind).text if kind else value) or BLANK for value in (row.before, row.after)
    )
    return f"{row.label}：{before} → {after}"


def learned_words(row: model.LearnedRow) -> str:
    """Return the way to one page as a person has shown it: 成教学生服务平台的「毕业条件」：办事大厅 → 离校资格."""
    way = " → ".join(reversed(row.words))
    return f"{word(row.site, 'site').text}的「{word(row.place, 'place').text}」：{way}"


def side_words(side: model.Side) -> str:
    """Return one side of a check with its site, such as 学信网：在籍."""
    value = "没有读到" if side.value is None else side.value or BLANK
    by = f"（{word(side.read_by, 'read_by').text}）" if side.read_by in {"ocr", "person"} else ""
    return f"{word(side.site, 'site').text}：{value}{by}"


def size(count: int) -> str:
    """Return a number of bytes as a person reads it (KB of 1024 bytes, as file managers show it)."""
    return f"{count / 1024:.1f} KB" if count >= 1024 else f"{count} 字节"
