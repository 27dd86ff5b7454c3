"""The main job's visits and clicks made bare in Selenium 4, which comes with the extra ``bench`` and needs a chromedriver on the PATH."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as ec
from selenium.webdriver.support.wait import WebDriverWait

from agent.browser.launcher import flags
from fixtures.server import Addresses
from fixtures.world import chsi_photo
from tests.bench.measures.playwright_visits import CONDITIONS, HALL, PERSONAL, RECORD, STUDENT, UPLOAD


def chrome(binary: Path) -> webdriver.Chrome:
    """Start the same browser under Selenium."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    for flag in (*flags(), "--headless=new", "--window-size=1280,900"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


def visit(driver: webdriver.Chrome, addresses: Addresses) -> None:
    """The same journey in Selenium; the photo's bytes are those that CHSI would have given."""
    driver.delete_all_cookies()
    wait = WebDriverWait(driver, 30, poll_frequency=0.02)
    photo = _selenium_chsi(driver, wait, addresses)
    driver.get(addresses.chaoxing_login)
    driver.delete_all_cookies()
    driver.get(addresses.chaoxing_login)
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


def _selenium_chsi(
    driver: webdriver.Chrome, wait: WebDriverWait[webdriver.Chrome], addresses: Addresses
) -> bytes:
    driver.get(addresses.chsi_login)
    given = STUDENT.credentials["chsi"]
    _selenium_sign_in(
        driver, wait, given.username, given.password, "#username", "#password", "#fm1 [type=submit]"
    )
    driver.get(addresses.chsi_archive)
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
