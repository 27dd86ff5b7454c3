"""The main job beside the same visits and clicks made bare: Playwright without checks, and Selenium 4.

``python -m tests.bench.journey [--times 10]`` prints medians and ratios, taken turn by turn in one run; each browser is
started once and its start is not counted. The mock sites run in a process of their own, as real sites do. Selenium comes
with the ``bench`` extra and needs a chromedriver on the PATH.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, Response, expect, sync_playwright
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as ec
from selenium.webdriver.support.wait import WebDriverWait

from agent.browser.launcher import flags, launch
from agent.settings import Settings
from fixtures.people.students import STUDENTS
from fixtures.server import Addresses
from tests.harness.program import run_job, site_settings

STUDENT = STUDENTS[0]
RECORD = "免费查看学籍、学历、学位信息"
SERVE = "from flows.main import main; main()"
MAIN_JOB = ("chsi_check", "conditions", "photo")
HALL, CONDITIONS, UPLOAD, PERSONAL = "学生服务", "毕业条件", "上传毕业照片", "查看/编辑"


@dataclass(frozen=True)
class Sites:
    """The mock sites of another process, through their control address."""

    addresses: Addresses

    def reset(self) -> None:
        """Forget what was done."""
        httpx.post(f"{self.addresses.control}/reset").raise_for_status()

    def state(self) -> dict[str, Any]:
        """What was done, and the number of requests."""
        state: dict[str, Any] = httpx.get(f"{self.addresses.control}/state").raise_for_status().json()
        return state


@contextmanager
def served() -> Iterator[Sites]:
    """Run the mock sites in a process of their own."""
    command = [sys.executable, "-c", SERVE, "sites", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        try:
            yield Sites(Addresses(**{"school": "", "registry": ""} | addresses))
        finally:
            process.terminate()


def gradsync(browser: Browser, sites: Sites) -> None:
    """The main job with everything it checks, keeps and reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = run_job(browser, site_settings(sites), Path(folder) / "case", patience=30, only=MAIN_JOB)
        assert report.exit_status == 0, report.headline


# -- bare Playwright -------------------------------------------------------------------------------------------------------


def bare_playwright(browser: Browser, sites: Sites) -> None:
    """The same visits and clicks with no checks at all."""
    photo = _bare_chsi(browser, sites)
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(sites.addresses.chaoxing_login)
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


def _bare_chsi(browser: Browser, sites: Sites) -> bytes:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(sites.addresses.chsi_login)
    given = STUDENT.credentials["chsi"]
    _bare_sign_in(page, given.username, given.password, "#username", "#password", "#fm1 [type=submit]")
    page.goto(sites.addresses.chsi_archive)

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


# -- Selenium 4 ------------------------------------------------------------------------------------------------------------


def selenium(driver: webdriver.Chrome, sites: Sites) -> None:
    """The same journey in Selenium; the photo's bytes are those that CHSI would have given."""
    driver.delete_all_cookies()
    wait = WebDriverWait(driver, 30, poll_frequency=0.02)
    photo = _selenium_chsi(driver, wait, sites)
    driver.get(sites.addresses.chaoxing_login)
    driver.delete_all_cookies()
    driver.get(sites.addresses.chaoxing_login)
    given = STUDENT.credentials["chaoxing"]
    _selenium_sign_in(
        driver, wait, given.username, given.password, "#userName", "#passWord", "#loginForm [type=submit]"
    )
    for link, landmark in (
        (PERSONAL, "身份信息"),
        (CONDITIONS, "当前毕业批次"),
        (UPLOAD, "入学照片"),
        (UPLOAD, "入学照片"),
    ):
        _selenium_visit(driver, wait, link, landmark)
    _selenium_upload(driver, wait, photo)
    _selenium_visit(driver, wait, UPLOAD, "入学照片")
    _selenium_visit(driver, wait, CONDITIONS, "当前毕业批次")
    assert driver.find_element(By.TAG_NAME, "body").text
    driver.switch_to.default_content()


def _selenium_chsi(driver: webdriver.Chrome, wait: WebDriverWait[webdriver.Chrome], sites: Sites) -> bytes:
    from fixtures.world import chsi_photo

    driver.get(sites.addresses.chsi_login)
    given = STUDENT.credentials["chsi"]
    _selenium_sign_in(
        driver, wait, given.username, given.password, "#username", "#password", "#fm1 [type=submit]"
    )
    driver.get(sites.addresses.chsi_archive)
    wait.until(ec.element_to_be_clickable((By.PARTIAL_LINK_TEXT, RECORD))).click()
    wait.until(lambda d: d.find_element(By.CSS_SELECTOR, "img[alt='学历照片']").get_property("complete"))
    assert driver.find_element(By.TAG_NAME, "body").text
    return chsi_photo(STUDENT)


def _selenium_sign_in(
    driver: webdriver.Chrome,
    wait: WebDriverWait[webdriver.Chrome],
    username: str,
    password: str,
    user: str,
    secret: str,
    submit: str,
) -> None:
    driver.find_element(By.CSS_SELECTOR, user).send_keys(username)
    driver.find_element(By.CSS_SELECTOR, secret).send_keys(password)
    driver.find_element(By.CSS_SELECTOR, submit).click()
    wait.until(ec.presence_of_element_located((By.PARTIAL_LINK_TEXT, "退出")))


def _selenium_visit(
    driver: webdriver.Chrome, wait: WebDriverWait[webdriver.Chrome], link: str, landmark: str
) -> WebElement:
    driver.switch_to.default_content()
    wait.until(ec.element_to_be_clickable((By.PARTIAL_LINK_TEXT, HALL))).click()
    wait.until(ec.frame_to_be_available_and_switch_to_it((By.ID, "frame_content")))
    wait.until(ec.element_to_be_clickable((By.PARTIAL_LINK_TEXT, link))).click()
    return wait.until(ec.presence_of_element_located((By.XPATH, f"//*[contains(text(), '{landmark}')]")))


def _selenium_upload(driver: webdriver.Chrome, wait: WebDriverWait[webdriver.Chrome], photo: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{STUDENT.id_number}.jpg"
        file.write_bytes(photo)
        driver.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(file))
        driver.find_element(By.XPATH, "//button[normalize-space()='上传']").click()
        wait.until(ec.presence_of_element_located((By.XPATH, "//*[contains(text(), '上传成功')]")))


# -- measuring ---------------------------------------------------------------------------------------------------------------


def timed(journey: Callable[[], None], sites: Sites) -> tuple[float, int]:
    """Run one journey for a student who has uploaded nothing; return its seconds and the requests it made."""
    sites.reset()
    started = time.perf_counter()
    journey()
    seconds = time.perf_counter() - started
    state = sites.state()
    assert sum(row["kind"] == "photo_upload" for row in state["effects"]) == 1
    return seconds, state["requests"]


def chrome(binary: Path) -> webdriver.Chrome:
    """Start the same browser under Selenium."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    for flag in (*flags(), "--headless=new", "--window-size=1280,900"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    with served() as sites, sync_playwright() as playwright:
        started = launch(playwright, Settings(), headless=True)
        assert started is not None, "no browser found"
        browser, candidate = started
        binary = candidate.executable or Path(playwright.chromium.executable_path)
        driver = chrome(binary)
        journeys: dict[str, Callable[[], None]] = {
            "gradsync run": lambda: gradsync(browser, sites),
            "bare Playwright": lambda: bare_playwright(browser, sites),
            "Selenium 4": lambda: selenium(driver, sites),
        }
        _print(journeys, sites, times)
        driver.quit()
        browser.close()


def _print(journeys: dict[str, Callable[[], None]], sites: Sites, times: int) -> None:
    taken: dict[str, list[float]] = {name: [] for name in journeys}
    requests: dict[str, int] = {}
    for turn in range(times + 1):
        for name, journey in journeys.items():
            seconds, requests[name] = timed(journey, sites)
            taken[name].extend([seconds] if turn else [])  # the first turn warms the caches
    print(f"{'journey':18} {'median s':>9} {'min':>7} {'max':>7} {'requests':>9}   {times} turns each")
    for name, times_taken in taken.items():
        median = statistics.median(times_taken)
        print(f"{name:18} {median:9.2f} {min(times_taken):7.2f} {max(times_taken):7.2f} {requests[name]:9}")
    ours, *others = journeys
    for other in others:
        ratios = [a / b for a, b in zip(taken[ours], taken[other], strict=True)]
        print(f"{ours} / {other}: {statistics.median(ratios):.2f} (median of {times} pairs)")


if __name__ == "__main__":
    main()
