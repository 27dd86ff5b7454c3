"""The console's pictures in README.zh-CN.md, taken of a rehearsal: `python -m tests.docs.console_images` renews them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from agent.browser.launcher import running
from agent.settings import PREFIX, Settings
from fixtures.people.students import BY_ID
from fixtures.server import MockSites
from tests.agent.cli.conftest import at_lzu, settings_for
from tests.agent.console import cohorts
from tests.agent.console.conftest import console, environment
from tests.agent.console.people import WORDS, Person
from tests.docs.images import DESKTOP, IMAGES, PHONE

FOLDER = IMAGES / "console"
HEIGHT = 820
LZU_STUDENT = "l02"
COHORT = 14
"""Students of the cohort on the picture."""


def of_rehearsal(page: Page, address: str, folder: Path) -> Iterator[Path]:
    """The consent, and the desk with three invented students."""
    me = Person(page)
    me.opens(address)
    _helping(me)
    yield _shot(page, folder, "consent", whole=True)
    _cases(me)
    yield _shot(page, folder, "desk")


def of_cohort(page: Page, environ: Mapping[str, str], folder: Path) -> Iterator[Path]:
    """A cohort in the middle of its work."""
    with cohorts.cohort(folder / "gradsync-cohort", COHORT) as work:
        cohorts.in_the_middle(work)
        given = {**environ, f"{PREFIX}COHORT__KEY_FILE": str(work.key_file)}
        with console(folder, given, "--cohort", "gradsync-cohort") as started:
            Person(page).opens(started.address)
            page.get_by_role("link", name="成批办理").click()
            expect(page.get_by_role("heading", name="需要处理的学生")).to_be_visible()
            yield _shot(page, folder, "cohort")


def of_case(page: Page, address: str, folder: Path) -> Iterator[Path]:
    """A student alone, from the first page to the end."""
    me = Person(page)
    me.opens(address)
    yield _shot(page, folder, "home", whole=True)
    me.begins()
    me.asked("学信网要求输入图片里的验证码")
    yield _shot(page, folder, "captcha")
    me.types("输入图片里的验证码", "7352", "提交")
    me.asked("要按下面的计划在网站上操作吗？")
    yield _shot(page, folder, "plan")
    me.presses("同意")
    me.asked("将在平台上确认")
    yield _shot(page, folder, "words")
    yield _phone(page, folder)
    me.types("请原样输入", WORDS, "确认")
    me.sees_the_end()
    yield _shot(page, folder, "done", whole=True)


def of_fields(page: Page, address: str, folder: Path) -> Iterator[Path]:
    """What is asked of a student of Lanzhou University: each field that was read, right or not."""
    me = Person(page)
    me.opens(address)
    page.get_by_role("radio", name="兰州大学").check()
    me.presses("开始")
    me.asked("注册系统里的每一项对不对")
    for name in ("出生日期", "专业"):
        page.get_by_role("group", name=name, exact=True).get_by_role("radio", name="不对").check()
    page.get_by_role("heading", name="注册系统里的每一项对不对").scroll_into_view_if_needed()
    yield _shot(page, folder, "fields")


def _helping(me: Person) -> None:
    """Fill in the consent; nothing is sent."""
    student = BY_ID["s01"]
    me.begins(student="s01", helping=True)
    for label, text in (
        ("姓名和单位", "李老师（直属教学点）"),
        ("联系方式", "029-00000000"),
        ("姓名", student.name),
    ):
        me.page.get_by_label(label, exact=True).fill(text)
    me.page.get_by_label("证件号码", exact=True).fill(student.id_number)
    for tick in ("读取学信网", "保存学历照片", "进入学校平台", "上传照片", "单独同意：使用身份证件号码"):
        me.page.get_by_role("checkbox", name=tick).check()


def _cases(me: Person) -> None:
    """Two cases that have ended, and one that waits."""
    for student in ("s05", "s15", "s01"):
        me.page.get_by_role("link", name="开始办理").click()
        me.begins(student=student)
        me.asked("要按下面的计划在网站上操作吗？")
        if student != "s01":
            me.presses("不同意")
            me.sees_the_end()
    me.page.get_by_role("link", name="今日办理").click()
    expect(me.page.get_by_role("heading", name="毕业条件汇总")).to_be_visible()


def _phone(page: Page, folder: Path) -> Path:
    page.set_viewport_size({"width": PHONE, "height": 844})
    try:
        return _shot(page, folder, "phone")
    finally:
        page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})


def _shot(page: Page, folder: Path, name: str, *, whole: bool = False) -> Path:
    file = folder / f"{name}.png"
    page.screenshot(path=file, full_page=whole, animations="disabled")
    return small(file)


def small(file: Path) -> Path:
    """Leave 256 colours in a picture, which a page with three portraits does not need more of."""
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(256)
    few.save(file, optimize=True)
    return file


def take(browser: Browser, folder: Path) -> list[Path]:
    """Take every picture and return their files."""
    chosen = {"executable_path": os.environ.get(f"{PREFIX}BROWSER_PATH")}
    environ = environment(folder, chosen)
    page = browser.new_page(viewport={"width": DESKTOP, "height": HEIGHT}, locale="zh-CN")
    with console(folder, environ, "--demo") as started:
        pictures = [*of_cohort(page, environ, folder), *of_rehearsal(page, started.address, folder)]
    with MockSites(scenario="captcha_chsi") as sites:
        given = {**environ, **settings_for(sites, "s01"), f"{PREFIX}TODAY": "2024-06-03"}
        with console(folder, given) as started:
            pictures += of_case(page, started.address, folder)
    with MockSites() as sites, console(folder, {**environ, **at_lzu(sites, LZU_STUDENT)}) as started:
        return [*pictures, *of_fields(page, started.address, folder)]


def main() -> None:
    """Renew the pictures, all of them or none."""
    with running(Settings(), headless=True, tell=print) as browser, tempfile.TemporaryDirectory() as folder:
        FOLDER.mkdir(exist_ok=True)
        for file in take(browser, Path(folder)):
            sys.stdout.write(f"{shutil.copy(file, FOLDER)}  {file.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
