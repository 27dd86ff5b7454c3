"""The report as pages for people: HTML, Markdown and PDF, in Simplified Chinese and the sites' own words."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup, escape

from agent import asks, sites
from agent.photo.file_type import sniff
from agent.report import model
from agent.templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment
    from playwright.sync_api import Browser

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
    "same_person": {
        "likely": Word("像同一个人（仅供参考）"),
        "unsure": Word("看不出是否同一个人，请人工核对"),
        "unlikely": Word("请人工核对是否同一个人"),
        "not_checked": Word("没有判断是否同一个人"),
    },
    "finding": {"ok": _good("正常"), "warn": _warn("提示"), "fail": _bad("不合格")},
    "colour": {
        "blue": Word("蓝色"),
        "green": Word("绿色"),
        "red": Word("红色"),
        "orange": Word("橙色"),
        "grey": Word("灰色"),
        "black": Word("黑色"),
    },
    "site": {"notice": Word("通知要求"), "student": Word("本人填写")},
    "place": {
        "conditions": Word("毕业条件"),
        "upload": Word("上传毕业照片"),
        "grades": Word("成绩"),
        "personal": Word("个人信息"),
        "register_form": Word("毕业生登记表"),
        "links": Word("学籍信息"),
        "registration": Word("个人信息核对"),
    },
    "kind": {"read": Word("读取"), "write": Word("办理")},
    "read_by": {"text": Word("网页文字"), "ocr": Word("识图读出"), "person": Word("本人确认")},
    "obtained_by": {
        "response": Word("网页显示时的原始数据"),
        "request": Word("按照片地址再次读取"),
        "fetch": Word("在网页内读取"),
        "download": Word("网页下载"),
        "person": Word("本人另存"),
    },
    "method": {
        "sha256": Word("逐字节比较"),
        "pixels": Word("逐像素比较"),
        "phash+dhash": Word("画面指纹比较"),
        "aligned-correlation": Word("对齐后逐块比较"),
    },
    "answer": {
        "yes": Word("是"),
        "no": Word("否"),
        "given": Word("已输入"),
        "done": Word("做了"),
        "skip": Word("跳过"),
    },
    "by": {
        "flag": Word("命令行选项"),
        "terminal": Word("终端"),
        "console": Word("网页控制台"),
        "script": Word("预先写好的答案"),
        "nobody": Word("无人在场"),
    },
}
"""Every value the report can hold, in words; a value that is not here is shown as it is."""

PHOTOS: Final[Mapping[str, tuple[str, str]]] = {
    "chsi": ("学历照片", "学信网"),
    "platform_copy": ("毕业照片", "成教学生服务平台"),
    "enrollment": ("入学照片", "成教学生服务平台"),
}
"""Caption and site of each photo, in the sites' words, in the order shown."""

_REACHED: Final = re.compile(
    r"(?P<mail>[A-Za-z0-9_.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)|(?<![0-9-])(?P<phone>0[0-9]{2,3}-[0-9]{7,8})(?![0-9-])"
)
RASTER: Final = ("jpeg", "png", "gif")
ABOUT_GRADES: Final = "grades."
_CHECK_ORDER: Final = tuple(WORDS["check"])


@dataclass(frozen=True, slots=True)
class PhotoSlot:
    """One place in the row of photos; ``source`` is a ``data:`` address, or null when there is no picture."""

    key: str
    caption: str
    site: str
    file: model.PhotoFile | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Glance:
    """One tile of the ten-second summary, leading to a section of the page."""

    label: str
    value: str
    tone: Tone
    section: str


def word(value: str, kind: str) -> Word:
    """Return how ``value`` of the given kind is said; an unknown value verbatim in a plain tone."""
    return WORDS[kind].get(value, Word(sites.shown_as(value) if kind == "site" else value))


def ask_words(ask_id: str, duties: Iterable[model.DutyRow] = ()) -> str:
    """Return an ask's id in words, such as 验证码 · 学信网 for ``captcha.chsi``; an unknown id as it is."""
    entry = asks.registered(ask_id)
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


def sorted_checks(rows: Iterable[model.CheckRow]) -> list[model.CheckRow]:
    """Return the checks with what needs a look first, otherwise in their order."""
    return sorted(rows, key=lambda row: _CHECK_ORDER.index(row.verdict))


def check_sites(rows: Sequence[model.CheckRow]) -> tuple[str, str]:
    """Return the site that most left and most right sides are from: the heads of the two columns."""
    left = Counter(row.left.site for row in rows)
    right = Counter(row.right.site for row in rows if row.right and row.right.site != row.left.site)
    return _commonest(left, "chsi"), _commonest(right, "chaoxing")


def _commonest(counted: Counter[str], default: str) -> str:
    return counted.most_common(1)[0][0] if counted else default


def tally(values: Iterable[str], kind: str) -> str:
    """Return how often each value occurs, in words and in the vocabulary's order: 1项不一致，9项一致."""
    counted = Counter(values)
    ranked = [name for name in WORDS[kind] if counted[name]]
    return "，".join(f"{counted[name]}项{WORDS[kind][name].text}" for name in ranked)


def glances(report: model.Report) -> list[Glance]:
    """Return the tiles of the ten-second summary: the window, the photo, the conditions, the checks."""
    tiles = (
        _window_glance(report),
        _photo_glance(report),
        _conditions_glance(report),
        _checks_glance(report),
    )
    return [tile for tile in tiles if tile]


def _window_glance(report: model.Report) -> Glance | None:
    if report.window is None:
        return None
    said = window_words(report.window)
    end = day(report.window.end, year=report.window.state == "after")
    return Glance(f"截止 {end}", said.text, said.tone, "next")


def _photo_glance(report: model.Report) -> Glance | None:
    for row in report.photo.comparisons if report.photo else ():
        if {row.a, row.b} == {"chsi", "platform_copy"}:
            said = comparison_words(row)
            return Glance("学信网照片与平台照片", said.text, said.tone, "photos")
    if report.photo and report.photo.chsi:
        return Glance("学信网照片", "已取得，未比较", "plain", "photos")
    return None


def _conditions_glance(report: model.Report) -> Glance | None:
    if report.conditions is None:
        return None
    total, unmet = len(report.conditions.items), report.conditions.counts.unmet
    value = f"{report.conditions.counts.met} / {total} 项已满足"
    return Glance("毕业条件", value, "warn" if unmet else "plain", "conditions")


def _checks_glance(report: model.Report) -> Glance | None:
    rows = record_checks(report)
    if not rows:
        return None
    worst = rows[0].verdict
    alike = sum(row.verdict in {"match", "tolerated"} for row in rows)
    if alike == len(rows):
        return Glance("信息核对", f"{alike}项一致", "good", "checks")
    count = sum(row.verdict == worst for row in rows)
    return Glance("信息核对", f"{count}项{word(worst, 'check').text}", word(worst, "check").tone, "checks")


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


def record_checks(report: model.Report) -> list[model.CheckRow]:
    """Return the comparisons of records, what needs a look first; those of grades with conditions stand with the grades."""
    return sorted_checks(row for row in report.checks if not row.id.startswith(ABOUT_GRADES))


def grade_checks(report: model.Report) -> list[model.CheckRow]:
    """Return the comparisons of the grade table with 毕业条件."""
    return [row for row in report.checks if row.id.startswith(ABOUT_GRADES)]


def placed(row: model.CheckRow, heads: tuple[str, str]) -> tuple[list[model.Side], list[model.Side]]:
    """Return a check's values for the two columns, each under its own site; a site that heads neither takes the free one."""
    sides = [row.left, *([row.right] if row.right else [])]
    columns: tuple[list[model.Side], list[model.Side]] = ([], [])
    for side in (one for one in sides if one.site in heads):
        columns[heads.index(side.site)].append(side)
    for side in (one for one in sides if one.site not in heads):
        columns[1 if columns[0] or (not columns[1] and side is row.right) else 0].append(side)
    return columns


def linked(text: str) -> Markup:
    """Return text in which telephone numbers and mail addresses are links."""
    return Markup(_REACHED.sub(_reach, str(escape(text))))


def _reach(found: re.Match[str]) -> str:
    if found["mail"]:
        return f'<a href="mailto:{found["mail"]}">{found["mail"]}</a>'
    return f'<a href="tel:{found["phone"].replace("-", "")}">{found["phone"]}</a>'


def is_address(text: str) -> bool:
    """True for an address that a link may lead to."""
    return re.fullmatch(r"https?://[A-Za-z0-9.:-]+(/[!-~]*)?", text) is not None


def side_words(side: model.Side) -> str:
    """Return one side of a check with its site, such as 学信网：在籍."""
    value = "没有读到" if side.value is None else side.value or BLANK
    by = f"（{word(side.read_by, 'read_by').text}）" if side.read_by in {"ocr", "person"} else ""
    return f"{word(side.site, 'site').text}：{value}{by}"


def photo_slots(report: model.Report, images: Mapping[str, bytes]) -> list[PhotoSlot]:
    """Return the photos in showing order; the 学历照片 always has a place, so that its absence is seen."""
    if report.photo is None:
        return []
    slots = [
        PhotoSlot(key, *PHOTOS[key], getattr(report.photo, key), _data_address(images.get(key)))
        for key in PHOTOS
    ]
    return [slot for slot in slots if slot.key == "chsi" or slot.file or slot.source]


def _data_address(data: bytes | None) -> str | None:
    """Return a ``data:`` address for a raster image; null for anything else, such as HTML sent as a photo."""
    kind = sniff(data) if data else ""
    return f"data:image/{kind};base64,{b64encode(data).decode()}" if data and kind in RASTER else None


def size(count: int) -> str:
    """Return a number of bytes as a person reads it (KB of 1024 bytes, as file managers show it)."""
    return f"{count / 1024:.1f} KB" if count >= 1024 else f"{count} 字节"


_MARKDOWN_SPECIAL: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|~&!$"})


def escape_markdown(value: object) -> str:
    """Return text that Markdown shows as it stands: one line, no character with a meaning."""
    line = "".join(char if char.isprintable() else " " for char in str(value)).strip()
    line = line.translate(_MARKDOWN_SPECIAL)
    # What would begin a heading, a list or an underline: a mark, or a number with a dot.
    return re.sub(r"^(\d+)(?=[.)](?:\s|$))|^(?=[#+=:-])", r"\1\\", line, count=1)


def render_html(report: model.Report, images: Mapping[str, bytes]) -> str:
    """Return report.html: self-contained, readable without script, under a policy that allows no request.

    Args:
        images: Photo bytes by ``chsi``, ``platform_copy`` and ``enrollment``, and crops by their files; JPEG, PNG or GIF are shown.

    Returns:
        One HTML document with its style and pictures inside.
    """
    environment = _environment(html=True)
    style = environment.get_template("report.css").render(demo=report.demo)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        style=style,
        style_digest=digest,
        photos=photo_slots(report, images),
        shown={name: address for name, data in images.items() if (address := _data_address(data))},
        **_context(report),
    )


def render_markdown(report: model.Report) -> str:
    """Return report.md: the same things in the same order, without pictures."""
    text = _environment(html=False).get_template("report.md").render(_context(report))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def print_pdf(html: str, browser: Browser) -> bytes:
    """Print a page of ``render_html`` on A4, colours as on the screen.

    Args:
        html: The page.
        browser: A Chromium that can print; the page gets an offline context of its own, closed afterwards.

    Returns:
        The bytes of the PDF, tagged and with an outline.
    """
    context = browser.new_context(offline=True, java_script_enabled=False, locale="zh-CN")
    try:
        page = context.new_page()
        page.set_content(html, wait_until="load")
        return page.pdf(
            prefer_css_page_size=True, format="A4", print_background=True, tagged=True, outline=True
        )
    finally:
        context.close()


def _context(report: model.Report) -> dict[str, object]:
    return {
        "report": report,
        "glances": glances(report),
        "outcome": outcome_words(report),
        "effects": effects_sentence(report),
        "records": record_checks(report),
        "on_grades": grade_checks(report),
    }


@cache
def _environment(*, html: bool) -> Environment:
    """Return the templates' environment, in which every value is escaped for the format."""
    environment = templates("agent.report", autoescape=html, finalize=None if html else escape_markdown)
    environment.globals.update(BLANK=BLANK, PHOTOS=PHOTOS)
    environment.filters.update({named.__name__: named for named in FILTERS})
    return environment


FILTERS: Final[tuple[Callable[..., object], ...]] = (
    word,
    ask_words,
    day,
    moment,
    size,
    tally,
    window_words,
    change_words,
    learned_words,
    linked,
    is_address,
    placed,
    comparison_words,
    sorted_checks,
    check_sites,
    side_words,
)
