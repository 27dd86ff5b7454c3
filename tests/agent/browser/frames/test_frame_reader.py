"""Looks at a frame: what has not changed is not fetched again, and whatever a person would see change is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from agent.browser.frames.frame_reader import FrameReader
from agent.snapshot.frame import FrameSnapshot

BODY = """<!doctype html><style>.away { display: none } .faint { opacity: 0 } .at-work { animation: turn 1s infinite }
@keyframes turn { to { rotate: 360deg } }</style><body><p id=p>名称</p><input id=i value=甲><input id=c type=checkbox>
<select id=s><option>一</option><option>二</option></select><div id=d style="width:9px;height:9px"></div><div id=o></div>
<div style="overflow:auto;height:40px" id=b><p style="height:200px">内容</p></div>
<script>o.attachShadow({mode: "open"}).innerHTML = "<b>里面</b>"</script>"""
CHANGES = {
    "a letter": "p.firstChild.data = '名字'",
    "a value that a script sets": "i.value = '乙'",
    "a tick": "c.checked = true",
    "a choice": "s.selectedIndex = 1",
    "away by a class": "p.className = 'away'",
    "away by opacity": "p.className = 'faint'",
    "moved by a sheet": "document.styleSheets[0].insertRule('p { margin-top: 90px }')",
    "a colour": "p.style.color = 'red'",
    "inside a shadow root": "o.shadowRoot.firstChild.textContent = '外面'",
    "a spinner": "d.className = 'at-work'",
    "switched off": "i.disabled = true",
    "a file field": "document.body.insertAdjacentHTML('beforeend', '<input type=file hidden>')",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of its own."""
    opened = browser.new_page()
    yield opened
    opened.close()


def _look(reader: FrameReader, page: Page) -> FrameSnapshot:
    seen = reader.read(page.main_frame, 3000)
    assert seen is not None
    return seen


def test_what_has_not_changed_is_not_read_again(page: Page) -> None:
    page.set_content(BODY)
    reader = FrameReader(page.context)
    first = _look(reader, page)
    assert _look(reader, page) is first
    assert "名称" in first.texts


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_seen(page: Page, change: str) -> None:
    page.set_content(BODY)
    reader = FrameReader(page.context)
    before = [_look(reader, page) for _ in range(2)][-1]
    page.evaluate(CHANGES[change])
    assert _look(reader, page) is not before


def test_another_page_is_read_anew(page: Page) -> None:
    page.goto("data:text/html,<p>one")
    reader = FrameReader(page.context)
    assert _look(reader, page).texts == {"one"}
    page.goto("data:text/html,<p>two")
    assert _look(reader, page).texts == {"two"}
    page.goto("data:text/html,<p>one")
    assert _look(reader, page).texts == {"one"}


@pytest.mark.parametrize("sandbox", ["", "allow-same-origin"])
def test_a_frame_without_scripts_holds_nothing_up(page: Page, sandbox: str) -> None:
    page.set_content(f"<p>one</p><iframe sandbox='{sandbox}' srcdoc='<p>two</p>'></iframe>")
    reader = FrameReader(page.context)
    assert _look(reader, page).texts == {"one"}
    inner = page.main_frame.child_frames[0]
    try:
        seen = [reader.read(inner, 1000) for _ in range(2)][-1]
    except Error:
        seen = None
    assert seen is None or seen.texts == {"two"}
    assert _look(reader, page).texts == {"one"}
