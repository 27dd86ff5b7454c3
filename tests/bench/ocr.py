"""Accuracy of reading by eye: `python -m tests.bench.ocr [--people 60] [--era chsi_font] [--seed 1] [--docs docs/chsi.md]`.

Invented people on the mock's own record page, its values in private-use code points of a web font that is new on every page
(or drawn on canvases); prints, per kind of value, how many were read right, wrong, and not at all. Ends with status 1 when a
limit is broken: more than 0.1 % wrong, less than 97 % right, or any identity number with a misread digit reported as read.
"""

from __future__ import annotations

import argparse
import base64
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from agent.asks import AskRouter
from agent.browser.launcher import launch
from agent.browser.site_browser import SiteBrowser
from agent.settings import Settings
from fixtures.drawing import web_font
from fixtures.people.students import STUDENTS, Student, resident_id
from fixtures.sites.chsi_archive import Card, rows_of
from fixtures.sites.pages import page
from flows.profiles.schema import load
from flows.sites.chsi.archive import Chsi
from flows.sites.login import Login

TODAY = date(2024, 6, 3)
MOST_WRONG, LEAST_RIGHT = 0.001, 0.97
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
COMMON = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力新波宁贵福生龙元全胜学祥才发武利清飞彬富顺信子"
RARE = "翀珺堃喆祎彧翊珅玥妘昇瞾䶮㛃龘犇骉羴燚垚鑫淼焱犟囍琤珩璟瑄煊暐昶旻昪晞暤瀚灏沄泓洺渼湉溦漪"
MAJORS = [
    "土木工程",
    "工商管理",
    "计算机科学与技术",
    "护理学",
    "会计学",
    "法学",
    "电气工程及其自动化",
    "机械设计制造及其自动化",
    "汉语言文学",
    "英语",
    "药学",
    "临床医学",
    "行政管理",
    "人力资源管理",
    "市场营销",
    "金融学",
    "国际经济与贸易",
    "工程管理",
    "工程造价",
    "物流管理",
    "电子商务",
    "软件工程",
    "网络工程",
    "通信工程",
    "自动化",
    "车辆工程",
    "能源与动力工程",
    "环境工程",
    "化学工程与工艺",
    "采矿工程",
    "测绘工程",
    "给排水科学与工程",
    "建筑学",
    "园林",
    "园艺",
    "农学",
    "动物医学",
    "学前教育",
    "小学教育",
    "社会工作",
    "公共事业管理",
    "财务管理",
    "审计学",
    "数学与应用数学",
    "应用化学",
    "生物技术",
    "食品科学与工程",
    "水利水电工程",
]
LEVELS, FORMS = (
    ("专升本", "高起本", "高起专", "本科", "专科"),
    ("函授", "业余", "脱产", "普通全日制", "网络教育"),
)
STATES = ("在籍（注册学籍）", "不在籍（毕业）", "在籍", "休学", "保留学籍")
ETHNICITIES = ("汉族", "回族", "维吾尔族", "藏族", "壮族", "满族", "哈萨克族", "土家族", "柯尔克孜族")


def people(count: int, seed: int) -> Iterator[Student]:
    """Invented people; a fifth has a rare character in the name, a tenth a middle dot."""
    rng = random.Random(seed)
    for _ in range(count):
        born = date(1975, 1, 1) + timedelta(days=rng.randrange(11000))
        order = rng.randrange(1, 999)
        record = replace(
            STUDENTS[0].chsi[0],
            level=rng.choice(LEVELS),
            major=rng.choice(MAJORS),
            duration=rng.choice(("2.5 年", "3 年", "4 年", "5 年")),
            study_form=rng.choice(FORMS),
            status=rng.choice(STATES),
            student_number=f"{rng.randrange(2019, 2024)}{rng.randrange(10**8):08}",
            class_name=f"{rng.choice(MAJORS)[:2]}{rng.randrange(18, 24)}{rng.randrange(10):02}班",
            entry_date=f"{rng.randrange(2019, 2024)}年03月01日",
        )
        yield replace(
            STUDENTS[0],
            name=_name(rng),
            sex="男" if order % 2 else "女",
            birth_date=born,
            ethnicity=rng.choice(ETHNICITIES),
            id_number=resident_id(
                f"{rng.choice((11, 33, 51, 61, 65))}{rng.randrange(10**4):04}", born, order
            ),
            chsi=(record,),
        )


def _name(rng: random.Random) -> str:
    given = "".join(rng.sample(COMMON, rng.randrange(1, 3)))
    kind = rng.random()
    if kind < 0.2:
        given = rng.choice(RARE) + given[1:]
    if kind > 0.9:
        return f"{''.join(rng.sample(COMMON, 2))}·{''.join(rng.sample(COMMON, 3))}"
    return rng.choice(SURNAMES) + given


def shown(student: Student, era: str) -> str:
    """The record page of the mock, self-contained."""
    rows = rows_of(student, student.chsi[0])
    font = web_font.web_font("".join(value for _, value in rows)) if era == "chsi_font" else None
    coded = [(label, font.coded(value) if font else value) for label, value in rows]
    card = Card(1, "", coded, {}, [], "", missing=True)
    address = f"data:font/otf;base64,{base64.b64encode(font.data).decode()}" if font else ""
    answer = page(
        "chsi/archive.html",
        student=None,
        cards=[card],
        tab="xj",
        era=era,
        font=address,
        code=False,
        collected="",
    )
    return bytes(answer.body).decode()


def measured(
    browser: Browser, persons: Sequence[Student], era: str
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Read everybody's page; count by label, and tell what was read wrong."""
    profile = load("xjtu-2024-07")
    data = profile.sites.chsi
    names = {label: name for name, labels in data.labels.items() for label in labels}
    counts: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    for student in persons:
        window = context.new_page()
        window.set_content(shown(student, era))
        view = SiteBrowser(context, window, "chsi", 30)
        site = Chsi(view, data, Login(view, data, "学信网", AskRouter([]), None), profile.school)
        found = site.read_record(TODAY)
        window.close()
        for label, value in rows_of(student, student.chsi[0]):
            if value:
                said = "".join(found.values.get(names[label], "").split())
                how = _judged(said, "".join(value.split()))
                counts.setdefault(label, Counter())[how] += 1
                wrong.extend([f"{label}：{value} → {said}"] if how == "wrong" else [])
    context.close()
    return counts, wrong


def _judged(said: str, value: str) -> str:
    if not said or "\ufffd" in said:
        return "unreadable"
    return "right" if said == value else "wrong"


def table(counts: dict[str, Counter[str]]) -> list[str]:
    """The shares as a Markdown table."""
    total = sum(counts.values(), Counter[str]())
    rows = [_row(label, count) for label, count in counts.items()]
    head = ["| value | read | right | wrong | unreadable |", "| --- | --: | --: | --: | --: |"]
    return [*head, *rows, _row("all", total)]


def _row(label: str, count: Counter[str]) -> str:
    whole = count.total()
    shares = (f"{count[how] / whole:.2%}" for how in ("right", "wrong", "unreadable"))
    return f"| {label} | {whole} | {' | '.join(shares)} |"


def placed(text: str, name: str, lines: Sequence[str]) -> str:
    """Put a table between its marks."""
    marks = rf"(<!-- {name} -->\n).*?(<!-- end -->)"
    return re.sub(marks, lambda found: "\n".join([found[1], *lines, "", found[2]]), text, flags=re.DOTALL)


def main() -> int:
    """Measure, print, and say whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--era", choices=("chsi_font", "chsi_canvas"), default="chsi_font")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--docs", type=Path)
    given = parser.parse_args()
    with sync_playwright() as playwright:
        started = launch(playwright, Settings(), True)
        if started is None:
            sys.exit("no browser")
        counts, wrong = measured(started[0], list(people(given.people, given.seed)), given.era)
    lines = table(counts)
    print("\n".join([*lines, *wrong]))
    if given.docs:
        given.docs.write_text(placed(given.docs.read_text("utf-8"), given.era, lines), "utf-8")
    total = sum(counts.values(), Counter[str]())
    held = total["wrong"] <= MOST_WRONG * total.total() and total["right"] >= LEAST_RIGHT * total.total()
    return 0 if held and not counts["证件号码"]["wrong"] else 1


if __name__ == "__main__":
    sys.exit(main())
