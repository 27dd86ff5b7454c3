"""上传毕业照片 in a browser: what stands in a photo's place until it has come."""

from __future__ import annotations

import io
import time
from typing import cast

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route

from agent.browser.launcher import address_pattern, site_context
from agent.browser.site_browser import SiteBrowser
from flows.profiles.schema import load
from flows.sites.chaoxing.platform import Chaoxing
from flows.sites.chaoxing.upload.page import UploadPage
from tests.flows.sites.chaoxing.test_entries_in_browser import ADDRESS, OnePage

PAGE = """<!doctype html><meta charset="utf-8"><h3>上传毕业照片</h3><input type="file">
<div><img id="shown" src="/default.png" width="120" height="160"><p>毕业照片</p></div><script>
const photo = new Image(); photo.onload = () => {{ shown.src = photo.src }}; {begin};
</script>"""
SLOW_SECONDS = 1.2


def _picture(shade: int, kind: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (120, 160), (shade, shade, shade)).save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize(
    "begin", ["photo.src = '/copy.jpg'", "fetch('/state').then(() => {{ photo.src = '/copy.jpg' }})"]
)
def test_a_picture_that_stands_for_the_photo_while_it_comes_is_not_taken_for_it(
    browser: Browser, begin: str
) -> None:
    data = load("xjtu-2024-07").sites.chaoxing
    assert data is not None

    def serve(route: Route) -> None:
        url = route.request.url
        if url.endswith((".jpg", "/state")):
            time.sleep(SLOW_SECONDS)
        kinds = {".jpg": (_picture(9, "JPEG"), "image/jpeg"), ".png": (_picture(200, "PNG"), "image/png")}
        body, kind = kinds.get(url[-4:], (PAGE.format(begin=begin).encode(), "text/html"))
        route.fulfill(body=body, content_type=kind)

    with site_context(browser, ["platform.test"]) as context:
        context.route(f"{ADDRESS}**", serve)
        view = SiteBrowser(
            context, context.new_page(), "chaoxing", 10, (), allowed=address_pattern(["platform.test"])
        )
        photos, _ = UploadPage(cast(Chaoxing, OnePage(view, data))).look_at_photos()
    assert photos.stored is not None
    assert photos.stored.data.startswith(b"\xff\xd8\xff")
