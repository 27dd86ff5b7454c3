"""The page in a real browser: no request, nothing wider than the window, readable colours, a PDF on A4."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from agent.report.model import Report
from agent.report.render import print_pdf, render_html

from .reading import filled
from .samples import SAMPLES, degraded, done, images

WIDTHS = {"desktop": 1200, "phone": 390}
_A4 = (595, 842)

# Text elements whose contrast with what is behind them is below WCAG AA for small text (4.5).
_FAINT = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const own = (node) => [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.body.querySelectorAll('*')].filter(own).filter((node) => {
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(behind(node))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
  }).map((node) => node.outerHTML.slice(0, 120));
}"""


def _html(report: Report) -> str:
    return render_html(report, images() if report.photo and report.photo.chsi else {})


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_to_look_at(name: str, width: str, page: Page, output_path: str) -> None:
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    page.set_content(_html(SAMPLES[name]()))
    assert [url for url in requests if not url.startswith("data:image/")] == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    assert page.evaluate(_FAINT) == []
    page.screenshot(path=Path(output_path) / f"{name}-{width}.png", full_page=True)


def test_photos_are_shown_at_equal_size(page: Page) -> None:
    page.set_content(_html(done()))
    boxes = [photo.bounding_box() for photo in page.locator(".photos img").all()]
    assert len(boxes) == 3
    assert len({(box["width"], box["height"], box["y"]) for box in boxes if box}) == 1
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")


@pytest.mark.parametrize(("width", "columns"), [("desktop", 2), ("phone", 1)])
def test_conditions_stand_two_per_row_where_there_is_room(width: str, columns: int, page: Page) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    page.set_content(_html(done()))
    boxes = [row.bounding_box() for row in page.locator(".conditions > li").all()]
    assert len({box["x"] for box in boxes if box}) == columns


def test_what_is_folded_on_the_screen_stays_away_from_the_paper(page: Page) -> None:
    page.set_content(_html(done()))
    page.emulate_media(media="print")
    assert page.get_by_text("取得方式").count()
    assert not any(found.is_visible() for found in page.get_by_text("取得方式").all())


def test_a_browser_finds_no_markup_in_a_hostile_report(page: Page) -> None:
    count = "document.querySelectorAll('*').length"
    page.set_content(_html(filled(degraded(), "甲")))
    expected = page.evaluate(count)
    page.set_content(
        _html(filled(degraded(), "</p></table><img src=x onerror=\"document.title='!'\">'\"<b>"))
    )
    assert page.evaluate(count) == expected


def test_the_pdf_is_on_a4_and_leaves_no_context_behind(browser: Browser) -> None:
    before = len(browser.contexts)
    pdf = print_pdf(_html(done()), browser)
    assert pdf.startswith(b"%PDF-")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) >= 2
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {_A4}
    assert pdf.count(b"/Subtype /Image") >= 3
    assert len(browser.contexts) == before


def test_the_notices_student_fits_on_three_pages(browser: Browser) -> None:
    pdf = print_pdf(_html(done()), browser)
    assert len(re.findall(rb"/Type /Page\b", pdf)) <= 3
    whole = print_pdf(_html(degraded().model_copy(update={"demo": True})), browser)
    assert len(re.findall(rb"/Type /Page\b", whole)) <= 3


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_step_stands_on_the_first_screen(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(_html(done()))
    box = page.locator(".todo li strong").first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= height
