"""The same visits as three usual scripts would make them: by ids and classes, by absolute XPath, by plain text.

Each is given an easier task than the program: it is signed in already (but for the sign-in pages), opens the page itself,
knows the student, and has nothing to find out beyond the one page. What it reads or does is judged like the program's.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error, FilePayload, Locator, Page

from fixtures.mutations.mutations import DECOY
from fixtures.people.students import Credentials, Student
from fixtures.server import Addresses, MockSites
from tests.robustness.mutations.pages import PAGES, Truth, hidden_fields, requests_of
from tests.robustness.mutations.running import (
    PATIENCE,
    SENT_FROM,
    Judgement,
    Outcome,
    same,
    shown_conditions,
    statuses,
)

RECORD = ("姓名", "性别", "出生日期", "民族", "证件号码", "学校名称", "层次", "专业", "学制", "学历类别", "学习形式", "分院",
          "系所", "班级", "学号", "入学日期", "学籍状态")  # fmt: skip
"""The record's labels in the order of the unchanged page."""
READ_OF_RECORD = {
    "姓名": "name",
    "证件号码": "id_number",
    "学校名称": "school",
    "层次": "level",
    "学籍状态": "status",
}
PERSONAL = {
    "姓名": "name",
    "身份证号码": "id_number",
    "层次": "level",
    "培养专业": "major",
    "学号": "student_number",
}
REGISTERED = ("学号", "姓名", "性别", "出生日期", "民族", "政治面貌", "证件类型", "证件号码", "学院", "专业", "培养层次",
              "学制", "学习形式", "年级", "班级", "入学日期", "学籍状态")  # fmt: skip
"""The labels of 基本信息 in the order of the unchanged page."""
READ_OF_REGISTRATION = {
    "学号": "student_number",
    "姓名": "name",
    "出生日期": "birth_date",
    "证件号码": "id_number",
    "专业": "major",
}

RECORDING = 30.0
"""Seconds that a page may take while it is recorded."""

IDS: dict[str, str] = {
    "chsi_login.user": "#username",
    "chsi_login.password": "#password",
    "chsi_login.submit": ".btn_login",
    "chsi_landing.link": "#gdjy a",
    "chsi_archive.photo": ".pics .pic:nth-child(2) img",
    "login.user": "#userName",
    "login.password": "#passWord",
    "login.submit": ".loginBtn",
    "shell.link": "#zne_xsfw_icon",
    "hall.link": ".block:nth-of-type(3) .item:nth-of-type(1) a",
    "upload.file": "#file",
    "upload.submit": "#upload",
    "upload.stored": "#stored img",
    **{
        f"chsi_archive.{label}": f".mb-table tr:nth-child({place // 2 + 1}) td:nth-of-type({place % 2 + 1})"
        for place, label in enumerate(RECORD)
    },
    **{f"personal.{label}": f"#own-{label}" for label in PERSONAL},
    "lzu_login.user": "[name=username]",
    "lzu_login.password": "[name=password]",
    "lzu_login.submit": ".button",
    "lzu_portal.link": "#quick .home-app-item:nth-child(7)",
    "lzu_service.frame": "[name=service-iframe]",
    "registry_menu.link": "tr:nth-child(4) a",
    "registry_notice.link": ".n a",
    **{
        f"registry_check.{label}": (
            f"#check table:first-of-type tr:nth-child({place // 2 + 1}) td:nth-child({place % 2 * 2 + 2})"
        )
        for place, label in enumerate(REGISTERED)
    },
    "registry_check.remark": "[name=hdbz]",
    "registry_check.box": "[name=qr]",
    "registry_check.submit": "#tj",
}
TEXTS: dict[str, Callable[[Page], Locator]] = {
    "chsi_login.user": lambda page: page.get_by_placeholder("手机号/邮箱"),
    "chsi_login.password": lambda page: page.get_by_placeholder("密码"),
    "chsi_login.submit": lambda page: page.get_by_text("登 录"),
    "chsi_landing.link": lambda page: page.get_by_text("免费查看学籍、学历、学位信息"),
    "chsi_archive.photo": lambda page: page.get_by_alt_text("学历照片"),
    "login.user": lambda page: page.get_by_placeholder("学号/身份证号"),
    "login.password": lambda page: page.get_by_placeholder("密码"),
    "login.submit": lambda page: page.get_by_text("登录", exact=True),
    "shell.link": lambda page: page.get_by_text("学生服务", exact=True),
    "hall.link": lambda page: page.get_by_text("毕业条件"),
    "upload.file": lambda page: page.locator("input[type=file]"),
    "upload.submit": lambda page: page.get_by_text("上传", exact=True),
    "upload.stored": lambda page: page.get_by_alt_text("毕业照片"),
    "lzu_login.user": lambda page: page.get_by_placeholder("学号/工号/邮箱"),
    "lzu_login.password": lambda page: page.get_by_placeholder("密码"),
    "lzu_login.submit": lambda page: page.get_by_text("登 录"),
    "lzu_portal.link": lambda page: page.get_by_text("注册系统", exact=True),
    "lzu_service.frame": lambda page: page.get_by_title("service"),
    "registry_menu.link": lambda page: page.get_by_text("个人信息核对", exact=True),
    "registry_notice.link": lambda page: page.get_by_text("开始核对", exact=True),
    "registry_check.remark": lambda page: page.get_by_role("textbox"),
    "registry_check.box": lambda page: page.get_by_label("我确认"),
    "registry_check.submit": lambda page: page.get_by_role("button", name="提交"),
}
ABSOLUTE = """element => {
  const steps = [];
  for (let at = element; at.nodeType === 1; at = at.parentNode) {
    const alike = [...at.parentNode.children].filter((other) => other.tagName === at.tagName);
    steps.unshift(`${at.tagName.toLowerCase()}[${alike.indexOf(at) + 1}]`);
  }
  return '/' + steps.join('/');
}"""
ROWS_BY_IDS = ("td > .name", "td > .name + span > span")


class Way(ABC):
    """One way of finding things."""

    @abstractmethod
    def find(self, page: Page, target: str) -> Locator:
        """Return the locator of a target of the tables above."""

    def value(self, page: Page, target: str) -> str:
        """Return what stands at a target: a field's value or a cell's words."""
        place = self.find(page, target)
        return place.input_value() if target.startswith("personal.") else place.inner_text()

    @abstractmethod
    def conditions(self, page: Page) -> list[tuple[str, str]]:
        """Return names and statuses of the conditions."""


class ByIds(Way):
    """Ids where there are any, else classes and places."""

    def find(self, page: Page, target: str) -> Locator:
        """Find by CSS."""
        return page.locator(IDS[target])

    def conditions(self, page: Page) -> list[tuple[str, str]]:
        """Read two lists and put them side by side."""
        names, statuses = (page.locator(css) for css in ROWS_BY_IDS)
        names.filter(has_text="毕业要求").nth(13).wait_for()
        words = [name.partition("：")[2] for name in names.all_inner_texts()]
        return list(zip(words, statuses.all_inner_texts(), strict=True))


@dataclass
class ByXPath(Way):
    """Absolute XPaths as a recorder writes them: taken from the unchanged page, used on the changed one."""

    recorded: Mapping[str, str]

    def find(self, page: Page, target: str) -> Locator:
        """Find by the recorded path."""
        return page.locator(f"xpath={self.recorded[target]}")

    def conditions(self, page: Page) -> list[tuple[str, str]]:
        """Read each cell that was recorded."""
        rows = range(14)
        return [
            (
                self.find(page, f"name.{row}").inner_text().partition("：")[2],
                self.find(page, f"status.{row}").inner_text(),
            )
            for row in rows
        ]


class ByText(Way):
    """Plain text: what stands on a button, what follows a label."""

    def find(self, page: Page, target: str) -> Locator:
        """Find by words."""
        site, _, label = target.partition(".")
        return page.get_by_label(f"{label}：") if site == "personal" else TEXTS[target](page)

    def value(self, page: Page, target: str) -> str:
        """Read the word after the label."""
        if target.startswith("personal."):
            return super().value(page, target)
        site, _, label = target.partition(".")
        sign = "：?" if site == "registry_check" else "："
        page.get_by_text(re.compile(f"{label}{sign}")).first.wait_for()
        found = re.search(rf"{label}{sign}\s*(\S+)", page.locator("body").inner_text())
        if found is None:
            raise LookupError(label)
        return found[1]

    def conditions(self, page: Page) -> list[tuple[str, str]]:
        """Read the words after 毕业要求 and 当前状态."""
        page.get_by_text("毕业要求：").nth(13).wait_for()
        return re.findall(r"毕业要求：(.+?)\s+当前状态：[^\S\n]*(\S*)", page.locator("body").inner_text())


# -- recording -------------------------------------------------------------------------------------------------------------


def record_paths(browser: Browser, sites: MockSites, pages: Collection[str]) -> dict[str, str]:
    """Return the absolute XPath of every target on these kinds of pages, taken from the unchanged pages."""
    paths: dict[str, str] = {}
    for name in pages:
        with _at(browser, sites, name, RECORDING) as page:
            for target in (
                target for target in IDS if target.startswith(f"{name}.") and target != "upload.stored"
            ):
                paths[target] = page.locator(IDS[target]).evaluate(ABSOLUTE)
            if name == "conditions":
                for kind, css in zip(("name", "status"), ROWS_BY_IDS, strict=True):
                    for row, place in enumerate(page.locator(css).all()):
                        paths[f"{kind}.{row}"] = place.evaluate(ABSOLUTE)
            if name == "upload":
                paths["upload.stored"] = f"{page.locator('#stored').evaluate(ABSOLUTE)}/img[1]"
    sites.world.reset()
    return paths


@contextmanager
def _at(browser: Browser, sites: MockSites, name: str, patience: float) -> Iterator[Page]:
    """Open a kind of page in a fresh context, signed in where it needs to be."""
    context = browser.new_context()
    context.set_default_timeout(patience * 1000)
    try:
        if name not in SIGNING_IN:
            SIGNED_IN[PAGES[name].site](context, sites.addresses, PAGES[name].task.student)
        page = context.new_page()
        page.goto(_address(sites, name))
        yield page
    finally:
        context.close()


def _in_chaoxing(context: BrowserContext, at: Addresses, student: Student) -> None:
    given = student.credentials["chaoxing"]
    context.request.post(at.chaoxing_login, form={"userName": given.username, "passWord": given.password})
    context.request.get(f"{at.chaoxing}/goto?to=/studyApp/hall")


def _in_chsi(context: BrowserContext, at: Addresses, student: Student) -> None:
    _send_form(context, f"{at.chsi}/", student.credentials["chsi"])


def _in_lzu(context: BrowserContext, at: Addresses, student: Student) -> None:
    _send_form(context, at.lzu_portal, student.credentials["lzu"])
    context.request.get(f"{at.registry}/")


def _send_form(context: BrowserContext, address: str, given: Credentials) -> None:
    page = context.request.get(address)
    typed: dict[str, str | float | bool] = {"username": given.username, "password": given.password}
    context.request.post(page.url, form={**typed, **hidden_fields(page.text())})


SIGNED_IN: dict[str, Callable[[BrowserContext, Addresses, Student], None]] = {
    "chsi": _in_chsi,
    "chaoxing": _in_chaoxing,
    "lzu": _in_lzu,
}
"""How each site is entered by plain requests, which no change of pages can disturb."""
SIGNING_IN: dict[str, Callable[[Addresses], str]] = {
    "chsi_login": lambda at: at.chsi_login,
    "login": lambda at: at.chaoxing_login,
    "lzu_login": lambda at: at.lzu_portal,
}
"""The sign-in pages and where a person enters."""


def _address(sites: MockSites, name: str) -> str:
    at, kind = sites.addresses, PAGES[name]
    return SIGNING_IN[name](at) if name in SIGNING_IN else f"{getattr(at, kind.server)}{kind.paths[0]}"


# -- the visits ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """One visit to one kind of page, and what really stands there."""

    sites: MockSites
    way: Way
    name: str
    truth: Truth
    mutations: Collection[str]
    patience: float = PATIENCE

    def find(self, page: Page, what: str) -> Locator:
        """Find a target of this page."""
        return self.way.find(page, f"{self.name}.{what}")


def visit(browser: Browser, this: Visit) -> Judgement:
    """Do on one kind of page what the job does there, and judge it: right, stopped (the script raised), or wrong."""
    this.sites.world.reset()
    with requests_of(this.sites.world) as requests:
        try:
            with _at(browser, this.sites, this.name, this.patience) as page:
                problem = "; ".join(DEEDS[this.name](page, this))
        except (Error, LookupError, ValueError) as error:
            judgement = Judgement(Outcome.STOPPED, f"{type(error).__name__}: {str(error)[:80]}")
        else:
            judgement = Judgement(Outcome.WRONG if problem else Outcome.RIGHT, problem)
    pressed = [path for _, _, path in requests if path.startswith(DECOY)]
    effects = [effect["kind"] for effect in this.sites.world.state()["effects"]]
    if pressed or effects not in ([], [SENT_FROM.get(this.name)]):
        return Judgement(Outcome.WRONG, f"pressed {pressed}, effects {effects}")
    return judgement


def _signs_in(page: Page, this: Visit) -> Iterator[str]:
    site, student = PAGES[this.name].site, PAGES[this.name].task.student
    given = student.credentials[site]
    this.find(page, "user").fill(given.username)
    this.find(page, "password").fill(given.password)
    with page.expect_response(lambda response: response.request.method == "POST"):
        this.find(page, "submit").click()
    if this.sites.world.state()["logins"][site][student.student]["succeeded"] != 1:
        yield "not signed in"


def _follows(page: Page, this: Visit) -> Iterator[str]:
    with page.context.expect_event("request", lambda request: LEADS_TO[this.name] in request.url):
        this.find(page, "link").click()
    yield from ()


def _reads(page: Page, this: Visit, labels: Mapping[str, str], true: Mapping[str, str]) -> Iterator[str]:
    for label, name in labels.items():
        value = this.way.value(page, f"{this.name}.{label}")
        if same(value) != same(true[name]):
            yield f"{label} = {value!r}"


def _reads_archive(page: Page, this: Visit) -> Iterator[str]:
    if "xjpic" not in (this.find(page, "photo").get_attribute("src") or ""):
        yield "another picture"
    yield from _reads(page, this, READ_OF_RECORD, this.truth.record)


def _reads_personal(page: Page, this: Visit) -> Iterator[str]:
    return _reads(page, this, PERSONAL, this.truth.personal)


def _reads_conditions(page: Page, this: Visit) -> Iterator[str]:
    read = {same(name): status for name, status in this.way.conditions(page)}
    if not read:
        raise LookupError("no conditions")
    for row in shown_conditions(this.truth, this.mutations):
        if same(row.name) not in read:
            yield f"dropped {row.name}"
        elif same(read[same(row.name)]) not in map(same, statuses(row, this.mutations)):
            yield f"{row.name} = {read[same(row.name)]!r}"


def _uploads(page: Page, this: Visit) -> Iterator[str]:
    name = f"{PAGES[this.name].task.student.id_number}.jpg"
    payload = FilePayload(name=name, mimeType="image/jpeg", buffer=this.truth.photo)
    this.find(page, "file").set_input_files(payload)
    this.find(page, "submit").click()
    this.find(page, "stored").wait_for()
    if not this.sites.world.state()["effects"]:
        yield "nothing was uploaded"


def _finds_frame(page: Page, this: Visit) -> Iterator[str]:
    with page.context.expect_event("response", lambda response: "/xsgl/menu.do" in response.url):
        page.reload()
    frame = this.find(page, "frame").element_handle().content_frame()
    if frame is None or not frame.url.startswith(this.sites.addresses.registry):
        yield "another frame"


def _submits(page: Page, this: Visit) -> Iterator[str]:
    yield from _reads(page, this, READ_OF_REGISTRATION, this.truth.registration)
    page.on("dialog", lambda dialog: dialog.accept())
    this.find(page, "remark").fill("；".join(sorted(this.truth.remark)))
    this.find(page, "box").check()
    with page.expect_response(lambda response: response.request.method == "POST"):
        this.find(page, "submit").click()
    registration = this.sites.world.record(PAGES[this.name].task.student).registration
    if registration is None:
        yield "nothing was submitted"
    elif frozenset(registration.remark.split("；")) != this.truth.remark:
        yield f"核对备注 = {registration.remark!r}"


LEADS_TO = {
    "chsi_landing": "/xj/show.action",
    "shell": "/studyApp/hall",
    "hall": "/graduation/conditions",
    "lzu_portal": "/mylzu/service-iframe",
    "registry_menu": "/xsgl/grxxhd/notice.do",
    "registry_notice": "/xsgl/grxxhd/check.do",
}
DEEDS: dict[str, Callable[[Page, Visit], Iterator[str]]] = {
    "chsi_login": _signs_in,
    "chsi_landing": _follows,
    "chsi_archive": _reads_archive,
    "login": _signs_in,
    "shell": _follows,
    "hall": _follows,
    "conditions": _reads_conditions,
    "upload": _uploads,
    "personal": _reads_personal,
    "lzu_login": _signs_in,
    "lzu_portal": _follows,
    "lzu_service": _finds_frame,
    "registry_menu": _follows,
    "registry_notice": _follows,
    "registry_check": _submits,
}
"""What is done on each kind of page; yields what is wrong."""
