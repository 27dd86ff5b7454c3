"""By what 上传毕业照片 is recognised: what leads there, and photos on other pages, are not enough."""

from __future__ import annotations

from typing import Any, cast

import pytest

from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, FrameTree, Node
from flows.profiles.schema import load
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.upload.page import UploadPage
from tests.harness.trees import block, text

PROFILE = load("xjtu-2024-07")
MENU = block(text("上传毕业照片", box=Box(10, 10, 90, 20)))
OWN = (("姓名", "王岚"), ("性别", "女"), ("民族", "汉族"), ("层次", "专升本"), ("学号", "2203"))


def _picture(caption: str) -> Node:
    photo = Node("img", Box(300, 60, 120, 160), src="https://platform.example/p.jpg", natural=(240, 320))
    return block(photo, block(text(caption, box=Box(310, 224, 60, 18))), box=Box(300, 60, 120, 190))


def _data() -> Node:
    rows = [
        text(f"{label}：{value}", box=Box(500, 60 + 24 * n, 120, 18)) for n, (label, value) in enumerate(OWN)
    ]
    return block(*(block(row) for row in rows))


def _is_found(*parts: Node, files: int = 0) -> bool:
    data = PROFILE.sites.chaoxing
    assert data is not None
    page = UploadPage(Chaoxing(cast("Any", None), data, cast("Any", None), PROFILE))
    snapshot = FrameSnapshot(cast("Any", None), FrameTree(block(MENU, *parts, tag="body"), files))
    return page._upload_frame([snapshot]) is not None


def test_the_photo_beside_the_personal_data_does_not_make_a_menu_word_the_page() -> None:
    assert not _is_found(_data(), _picture("入学照片"))
    assert _is_found(_picture("入学照片"))
    assert _is_found(_data(), _picture("入学照片"), _picture("毕业照片"))


@pytest.mark.parametrize("opens", ["选择照片", "点击上传", "上传照片"])
def test_a_field_or_what_brings_one_up_makes_it_the_page(opens: str) -> None:
    assert not _is_found()
    assert _is_found(files=1)
    assert _is_found(block(text(opens, box=Box(500, 60, 60, 20)), tag="button"))
