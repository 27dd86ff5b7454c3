"""Upload pages that only a person can work: they are shown the file, upload it in the window, and the program verifies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.asks import Scripted
from fixtures.server import MockSites
from tests.harness.program import CONSENTING, run_on_platform
from tests.person import Leading, hands

Change = Callable[[str], str]
SENDS = "  send(chosen);\n});"
CROP = """
  var layer = document.createElement('div');
  layer.innerHTML = '<p>拖动方框，框住头像</p><button type="button">裁好了</button>';
  layer.style.cssText = 'position:fixed;inset:0;background:#fff;z-index:9;padding:90px';
  layer.querySelector('button').addEventListener('click', function () { layer.remove(); send(chosen); });
  document.body.append(layer);
});"""
AGREES = "<label><input type='checkbox' id='agree'>图像采集告知书我看过了</label>"
UNLESS_AGREED = """
  if (!document.getElementById('agree').checked) { tip.textContent = '告知书还没有勾'; return; }
  send(chosen);
});"""


def strange(html: str) -> str:
    """Controls in words that nobody has taught."""
    return html.replace(">选择照片<", ">挑一张<").replace(">上传</button>", ">就用这张</button>")


def doubled(html: str) -> str:
    """Two buttons with the same word, of which one is for something else."""
    return html.replace(
        '<button type="button" class="btn" id="upload">上传</button>',
        '<button type="button" class="btn">上传</button> 附件　<button type="button" class="btn" id="upload">上传</button> <b id="go">毕业照片</b>'
        "<script>document.getElementById('go').onclick=function(){document.getElementById('upload').click();}</script>",
    )


def cropping(html: str) -> str:
    """A layer to crop in, which comes when 上传 was pressed."""
    return html.replace(SENDS, CROP)


def agreeing(html: str) -> str:
    """A box that has to be ticked before anything is sent."""
    return html.replace('<p class="upload-tip"', f'{AGREES}<p class="upload-tip"').replace(
        SENDS, UNLESS_AGREED
    )


UPLOADING = "自己上传"
"""Stands in the ask that shows the file."""
PAGES: dict[str, tuple[Change, list[str]]] = {
    "strange": (strange, ["FILE", "就用这张"]),
    "cropping": (cropping, ["FILE", "上传", "裁好了"]),
    "agreeing": (agreeing, ["FILE", "图像采集告知书我看过了", "上传"]),
}


def only_upload(change: Change) -> Callable[[str, str, str], str]:
    """The change on 上传毕业照片, which must change something there."""

    def mutate(site: str, path: str, html: str) -> str:
        if site != "chaoxing" or 'id="upload"' not in html:
            return html
        assert change(html) != html
        return change(html)

    return mutate


def uploads(sites: MockSites) -> list[str]:
    """The names of the photos that the platform got."""
    effects = sites.world.state()["effects"]
    return [effect["file_name"] for effect in effects if effect["kind"] == "photo_upload"]


@pytest.mark.parametrize("page", PAGES)
def test_the_person_uploads_once_and_it_is_verified(
    window: Browser, port: int, tmp_path: Path, page: str
) -> None:
    change, trail = PAGES[page]
    with MockSites(mutate=only_upload(change)) as sites, hands(port) as pressing:
        person = Leading(pressing, {}, {UPLOADING: trail})
        report = run_on_platform(
            window,
            sites,
            tmp_path / "case",
            answerers=[person, CONSENTING],
            only=["photo"],
            patience=12,
        )
        assert report.exit_status in (0, 40), report.trouble
        assert uploads(sites) == ["610000199603164229.jpg"]
        [step] = [step for step in report.steps if step.kind == "write"]
        assert (step.status, step.by) == ("done", "person")
        assert [effect.by for effect in report.effects] == ["person"]
        lines = (tmp_path / "case/audit.jsonl").read_text("utf-8").splitlines()
        sent = [json.loads(line) for line in lines if "write.sent" in line]
        assert [entry["by"] for entry in sent] == ["person"]
        assert "本人在窗口里操作" in (tmp_path / "case/report.html").read_text("utf-8")

        again = run_on_platform(window, sites, tmp_path / "case", only=["photo"], patience=12)
        assert again.exit_status in (0, 40), again.trouble
        assert len(uploads(sites)) == 1


@pytest.mark.parametrize("page", [*PAGES, "doubled"])
@pytest.mark.parametrize("answer", ["nobody", "skip"])
def test_nobody_there_or_skipped_nothing_is_sent(
    browser: Browser, tmp_path: Path, page: str, answer: str
) -> None:
    change = PAGES[page][0] if page in PAGES else doubled
    somebody = [Scripted({"take-over.chaoxing": "skip"})] if answer == "skip" else []
    with MockSites(mutate=only_upload(change)) as sites:
        report = run_on_platform(
            browser,
            sites,
            tmp_path,
            answerers=[*somebody, CONSENTING],
            only=["photo"],
            patience=12,
        )
        assert uploads(sites) == []
    assert report.exit_status in ((10,) if answer == "skip" else (10, 20)), report.trouble
    assert "已发出" not in report.headline
    assert "unverified" not in {row.state for row in report.effects}
    assert ("take-over.chaoxing" in {ask.id for ask in report.asks}) == (answer == "skip")
