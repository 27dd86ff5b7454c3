"""By what 上传毕业照片 is recognised: what leads there, and photos on other pages, are not enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.browser.image_download import DownloadedImage
from agent.snapshot.frame import FrameSnapshot
from agent.snapshot.tree import Box, FrameTree, Node
from flows.duties.photo import PhotoUpload
from flows.profiles.schema import load
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.upload.page import PlatformPhotos, UploadPage
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


def _page() -> UploadPage:
    data = PROFILE.sites.chaoxing
    assert data is not None
    return UploadPage(Chaoxing(cast("Any", None), data, cast("Any", None), PROFILE))


def _is_found(*parts: Node, files: int = 0) -> bool:
    page = _page()
    snapshot = FrameSnapshot(cast("Any", None), FrameTree(block(MENU, *parts, tag="body"), files))
    return page._upload_frame([snapshot]) is not None


def test_the_photo_beside_the_personal_data_does_not_make_a_menu_word_the_page() -> None:
    assert not _is_found(_data(), _picture("入学照片"))
    assert _is_found(_picture("入学照片"))
    assert _is_found(_data(), _picture("入学照片"), _picture("毕业照片"))


def _columns(own: str, other: str = "已上传") -> Node:
    """The 入学照片 and the 毕业照片 side by side, each with its state below."""
    leaves = (("入学照片", 10, 0), ("毕业照片", 210, 0), (other, 20, 200), (own, 220, 200))
    return block(*(block(text(words, box=Box(x, y, 60, 18))) for words, x, y in leaves))


@pytest.mark.parametrize(("own", "claimed"), [("未上传", ""), ("已上传", "已上传")])
def test_the_state_below_the_enrollment_photo_is_not_the_other_ones(own: str, claimed: str) -> None:
    assert _page().claimed(_columns(own)) == claimed


@pytest.mark.parametrize("place", [Box(20, 200, 260, 18), Box(400, 200, 60, 18), Box(20, 240, 60, 18)])
def test_a_state_below_both_photos_or_neither_may_be_of_either(place: Box) -> None:
    root = _columns("未上传", "")
    assert _page().claimed(block(root, block(text("已上传", box=place)))) == "已上传"


def test_a_rule_about_the_enrollment_photo_is_no_caption_of_the_samples() -> None:
    rule = block(text("上传后将与入学照片进行比对", box=Box(600, 20, 160, 18)))
    sample = Node("img", Box(600, 60, 60, 88), src="https://platform.example/s.png", natural=(90, 120))
    photos = _page().photos(block(_picture("入学照片"), block(rule, sample, box=Box(600, 0, 300, 200))))
    assert len(photos["enrollment"]) == 1


@pytest.mark.parametrize("opens", ["选择照片", "点击上传", "上传照片"])
def test_a_field_or_what_brings_one_up_makes_it_the_page(opens: str) -> None:
    assert not _is_found()
    assert _is_found(files=1)
    assert _is_found(block(text(opens, box=Box(500, 60, 60, 20)), tag="button"))


@pytest.mark.parametrize("drawn", ["data:image/svg+xml,<svg/>", "data:image/svg+xml;base64,PHN2Zy8+"])
def test_what_the_page_draws_until_a_photo_comes_is_no_photo(drawn: str) -> None:
    place = _picture("毕业照片")
    place.children[0].src = drawn
    assert _page().photos(block(_picture("入学照片"), place))["stored"] == []


def test_a_photo_that_the_platform_claims_and_nobody_can_read_is_not_sent_again() -> None:
    journal = SimpleNamespace(recall=lambda fact: None)
    context = SimpleNamespace(runner=SimpleNamespace(journal=journal), key=lambda *parts: "")
    duty = PhotoUpload(cast("Any", context))
    unread = DownloadedImage(b"<svg/>", "fetch")
    stop = duty._taken(PlatformPhotos(unread, None, claimed="已上传"))
    assert stop is not None
    assert "没有再上传" in stop.message
    assert duty._taken(PlatformPhotos(unread, None)) is None


def _named(caption: str, src: str, x: float) -> Node:
    box = Box(x, 60, 120, 160)
    photo = Node("img", box, src=f"https://platform.example/{src}", natural=(120, 160))
    return block(block(text(caption, box=Box(x, 40, 60, 18))), photo, box=Box(x, 40, 120, 180))


def test_the_example_beside_an_empty_place_is_not_the_stored_photo() -> None:
    empty = block(
        block(text("毕业照片", box=Box(160, 40, 60, 18))), block(text("暂无照片", box=Box(160, 90, 60, 18)))
    )
    example = block(block(text("照片要求", box=Box(320, 20, 60, 18))), _named("示例照片", "example.jpg", 320))
    photos = _page().photos(block(_named("入学照片", "e.jpg", 10), empty, example, box=Box(0, 0, 600, 240)))
    assert (len(photos["stored"]), len(photos["enrollment"])) == (0, 1)


def test_a_figure_in_place_of_a_photo_is_none() -> None:
    photos = _page().photos(block(_named("入学照片", "e.jpg", 10), _named("毕业照片", "no-photo.png", 160)))
    assert (len(photos["stored"]), len(photos["enrollment"])) == (0, 1)


def test_an_address_that_only_mentions_a_figure_is_a_photo_s() -> None:
    stored = _named("毕业照片", "no-photo-yet/s.jpg?else=nophoto", 160)
    assert len(_page().photos(block(_named("入学照片", "e.jpg", 10), stored))["stored"]) == 1


def test_beside_the_admission_photo_the_enrollment_photo_is_the_one() -> None:
    named = (("录取照片", "a.jpg"), ("入学照片", "e.jpg"), ("毕业照片", "s.jpg"))
    photos = _page().photos(block(*(_named(*one, 10 + 150 * at) for at, one in enumerate(named))))
    assert [[node.src[-5:] for node in photos[kind]] for kind in ("stored", "enrollment")] == [
        ["s.jpg"],
        ["e.jpg"],
    ]
