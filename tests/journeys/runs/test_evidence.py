"""Evidence at each decision: what was there can be seen, who it was cannot."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from agent.browser.redacted_capture import capture
from agent.browser.site_browser import SiteBrowser
from fixtures.people.portraits import Kind, portrait
from fixtures.people.students import STUDENTS
from fixtures.server import MockSites
from tests.harness.program import run_job, site_settings

KNOWN = {"姓名", "姓名：", "已上传", "上传", "证件号码"}
PAGE = """<style>*{transition:all 9s} body{font:16px monospace} .paper{width:90px;height:120px;background:url(%(photo)s) !important}
 p::after{content:"%(name)s"} td{width:200px} em{-webkit-text-fill-color:red !important}</style>
<table><tr><th>姓名</th><td>%(name)s</td></tr><tr><th>证件号码</th><td><em>%(number)s</em></td></tr></table>
<p>姓名：%(name)s</p><p style="color:blue">%(status)s</p><input value="%(number)s"><input placeholder="%(name)s">
<textarea>%(name)s</textarea><select><option>%(name)s</option></select><button>上传</button>
<img src="%(photo)s" width=90 height=120 alt="%(name)s"><div class=paper></div>
<svg width=90 height=20><text y=15>%(name)s</text></svg><canvas width=90 height=20></canvas>
<div id=shadow></div><iframe srcdoc="<p>%(name)s</p><p>已上传</p>"></iframe>
<script>
 document.querySelector('canvas').getContext('2d').fillText('%(name)s', 5, 15);
 document.getElementById('shadow').attachShadow({mode:'open'}).innerHTML = '<p>%(name)s</p><p>已上传</p>';
</script>"""


def _photo(face: str) -> str:
    import base64

    return "data:image/jpeg;base64," + base64.b64encode(portrait(face, kind=Kind.GRADUATION)).decode()


def _taken(
    context: BrowserContext, page: Page, name: str, number: str, status: str = "已上传"
) -> tuple[str, bytes]:
    page.set_content(PAGE % {"name": name, "number": number, "status": status, "photo": _photo(name)})
    taken = capture(SiteBrowser(context, page, "site", 5), lambda text: text in KNOWN)
    assert taken is not None
    assert taken.picture is not None
    return taken.outline, taken.picture


def test_two_people_leave_the_same_picture_and_the_same_outline(context: BrowserContext, page: Page) -> None:
    """So neither says anything of either, whatever way a page may show it: words, fields, pictures, frames, shadows."""
    one = _taken(context, page, "王岚", "610000199603164229")
    other = _taken(context, page, "李强", "620000198811223344")
    assert one[0] == other[0]
    assert one[1] == other[1]
    assert "王岚" not in one[0]


def test_known_words_can_be_read_in_both(context: BrowserContext, page: Page) -> None:
    there = _taken(context, page, "王岚", "610000199603164229")
    changed = _taken(context, page, "王岚", "610000199603164229", status="上传")
    assert 'text "已上传"' in there[0]
    assert 'text "姓名：***"' in there[0]
    assert 'button "上传"' in there[0]
    assert there[1] != changed[1]


def test_a_stop_is_kept_with_the_sites_own_words(browser: Browser, sites: MockSites, tmp_path: Path) -> None:
    sites.world.set_scenario("wrong_password")
    report = run_job(browser, site_settings(sites), tmp_path / "case")
    assert report.exit_status == 11
    (outline,) = (tmp_path / "case" / "evidence").glob("*-stop-chsi.sign_in.txt")
    assert "您输入的用户名或密码有误" in outline.read_text("utf-8")
    assert "textbox" in outline.read_text("utf-8")
    assert STUDENTS[0].credentials["chsi"].username not in outline.read_text("utf-8")
