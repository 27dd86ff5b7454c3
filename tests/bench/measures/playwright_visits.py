"""The main job's visits and clicks made bare in Playwright: no checks at all."""

from __future__ import annotations

from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, Response, expect

from fixtures.people.students import STUDENTS
from fixtures.server import Addresses

STUDENT = STUDENTS[0]
RECORD = "免费查看学籍、学历、学位信息"
HALL, CONDITIONS, UPLOAD, PERSONAL = "学生服务", "毕业条件", "上传毕业照片", "查看/编辑"


def visit(browser: Browser, addresses: Addresses) -> None:
    """The same visits and clicks with no checks at all."""
    photo = _bare_chsi(browser, addresses)
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(addresses.chaoxing_login)
    given = STUDENT.credentials["chaoxing"]
    _bare_sign_in(page, given.username, given.password, "#userName", "#passWord", "#loginForm [type=submit]")
    frame = page.frame_locator("#frame_content")
    _bare_visit(page, frame, PERSONAL, "身份信息")
    _bare_visit(page, frame, CONDITIONS, "当前毕业批次")
    _bare_visit(page, frame, UPLOAD, "入学照片")
    _bare_visit(page, frame, UPLOAD, "入学照片")
    payload = FilePayload(name=f"{STUDENT.id_number}.jpg", mimeType="image/jpeg", buffer=photo)
    frame.locator("input[type=file]").set_input_files(payload)
    frame.get_by_role("button", name="上传", exact=True).click()
    expect(frame.get_by_text("上传成功")).to_be_visible()
    _bare_visit(page, frame, UPLOAD, "入学照片")
    _bare_visit(page, frame, CONDITIONS, "当前毕业批次")
    frame.locator("body").inner_text()
    context.close()


def _bare_chsi(browser: Browser, addresses: Addresses) -> bytes:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(addresses.chsi_login)
    given = STUDENT.credentials["chsi"]
    _bare_sign_in(page, given.username, given.password, "#username", "#password", "#fm1 [type=submit]")
    page.goto(addresses.chsi_archive)

    def is_photo(response: Response) -> bool:
        return "xjpic" in response.url

    with page.expect_response(is_photo) as photo:
        page.get_by_role("link", name=RECORD).click()
    page.locator("body").inner_text()
    data = photo.value.body()
    context.close()
    return data


def _bare_sign_in(page: Page, username: str, password: str, user: str, secret: str, submit: str) -> None:
    page.fill(user, username)
    page.fill(secret, password)
    page.click(submit)
    page.get_by_text("退出").wait_for()


def _bare_visit(page: Page, frame: FrameLocator, link: str, landmark: str) -> None:
    page.get_by_role("link", name=HALL).click()
    frame.get_by_role("link", name=link).click()
    frame.get_by_text(landmark, exact=False).first.wait_for()
