"""The file behind a picture that a site draws, converts or prints carelessly: its bytes, or a true sentence."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame

from agent.browser import image_download
from agent.browser.image_download import DownloadedImage, obtain
from agent.browser.launcher import site_context
from agent.browser.site_browser import SiteBrowser
from agent.errors import ActionNeeded
from agent.photo import sniff
from agent.snapshot.tree import Node
from tests.agent.photo.pictures import encode, portrait

IMG = '<p>学历照片</p><img src="/photo" width="240" height="320">'
CANVAS = """<p>学历照片</p><canvas width="{width}" height="{height}"></canvas><script>
  const draw = async () => {{
    for (const name of {names}) {{
      const picture = await createImageBitmap(await (await fetch(name)).blob());
      document.querySelector("canvas").getContext("2d").drawImage(picture, 0, 0, {width}, {height});
    }}
    document.title = "drawn";
  }};
  draw();
</script>"""
ELEMENT = CANVAS.replace(
    "await createImageBitmap(await (await fetch(name)).blob())",
    "await new Promise(come => {{ const one = new Image(); one.onload = () => come(one); one.src = name; }})",
)


def _encoded(form: str, size: tuple[int, int] = (480, 640), colour: str = "navy") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue()


JPEG, WEBP = _encoded("JPEG"), _encoded("WEBP")
PHOTO, OTHER = encode(portrait(1)), encode(portrait(2))


@pytest.fixture
def site() -> Iterator[SimpleNamespace]:
    """A site whose pictures are given by path: as bytes, or for those who take WebP and those who do not."""
    served = SimpleNamespace(page="", files={}, asked=[])

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            takes_webp = "webp" in self.headers.get("Accept", "") or self.headers.get("Accept", "") == "*/*"
            data, kind = served.page.encode(), "text/html; charset=utf-8"
            if self.path in served.files:
                given = served.files[self.path]
                data = given if isinstance(given, bytes) else given[0 if takes_webp else 1]
                kind = f"image/{sniff(data.lstrip())}"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    served.address = f"http://127.0.0.1:{server.server_port}/"
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield served
    server.shutdown()
    serving.join()
    server.server_close()


def _obtained(
    browser: Browser, site: SimpleNamespace, until: Literal["domcontentloaded", "networkidle"] = "networkidle"
) -> tuple[DownloadedImage | None, list[str]]:
    with site_context(browser, ["127.0.0.1", "localhost"]) as context:
        view = SiteBrowser(
            context, context.new_page(), "chsi", 10, allowed=re.compile("http://"), title="学信网"
        )
        view.goto(site.address)
        view.page.wait_for_load_state(until)
        (snapshot,) = view.snapshot()
        node = next(node for node in snapshot.root.walk() if node.is_picture)
        return obtain(view, snapshot, node), view.fallbacks


@pytest.mark.parametrize("before", [b"\r\n", b"\n\n\n", b" ", b"\xef\xbb\xbf", b"\r\n\t\r\n"])
def test_blanks_before_a_photo_are_no_part_of_it(
    browser: Browser, site: SimpleNamespace, before: bytes
) -> None:
    site.page, site.files = IMG, {"/photo": before + JPEG}
    found, said = _obtained(browser, site)
    assert found is not None
    assert (found.data, len(said)) == (JPEG, 1)


def test_a_photo_made_smaller_for_browsers_is_asked_for_as_it_is(
    browser: Browser, site: SimpleNamespace
) -> None:
    site.page, site.files = IMG, {"/photo": (WEBP, JPEG)}
    found, _ = _obtained(browser, site)
    assert found == DownloadedImage(JPEG, "request")


def test_a_photo_that_is_only_there_as_webp_is_what_it_is(browser: Browser, site: SimpleNamespace) -> None:
    site.page, site.files = IMG, {"/photo": WEBP}
    found, _ = _obtained(browser, site)
    assert found == DownloadedImage(WEBP, "response")
    assert site.asked.count("/photo") == 2


@pytest.mark.parametrize("page", [CANVAS, ELEMENT])
@pytest.mark.parametrize("size", [(480, 640), (240, 320), (150, 200)])
def test_a_photo_on_a_canvas_is_the_file_that_came(
    browser: Browser, site: SimpleNamespace, page: str, size: tuple[int, int]
) -> None:
    site.page = page.format(width=size[0], height=size[1], names='["/logo", "/other", "/photo"]')
    site.files = {"/photo": PHOTO, "/other": OTHER, "/logo": _encoded("PNG", (300, 60))}
    found, _ = _obtained(browser, site)
    assert found == DownloadedImage(PHOTO, "response" if page is ELEMENT else "request")


DRAW_PHOTO = """async () => {
    const one = new Image();
    one.src = "/photo";
    await one.decode();
    const canvas = document.querySelector("canvas");
    [canvas.width, canvas.height] = [240, 320];
    canvas.getContext("2d").drawImage(one, 0, 0, 240, 320);
}"""
LATE = {
    "a second": "setTimeout(draw, 1000);",
    "after another picture": "new Image().src = '/other'; setTimeout(draw, 2500);",
    "a frame first": "box.fillRect(0, 0, 300, 150); setTimeout(draw, 1500);",
    "another canvas in its place": """setTimeout(() => {
        const fresh = document.createElement("canvas");
        document.querySelector("canvas").replaceWith(fresh);
        draw();
    }, 1200);""",
    "grown by the picture": "setTimeout(() => draw(one => [one.width / 2, one.height / 2]), 1200);",
}


@pytest.mark.parametrize("when", LATE)
def test_a_canvas_that_is_drawn_late_is_waited_for(
    browser: Browser, site: SimpleNamespace, when: str
) -> None:
    script = """
      const box = document.querySelector("canvas").getContext("2d");
      const draw = (size = () => [240, 320]) => {
        const one = new Image();
        one.onload = () => {
          const canvas = document.querySelector("canvas");
          [canvas.width, canvas.height] = size(one);
          canvas.getContext("2d").drawImage(one, 0, 0, canvas.width, canvas.height);
        };
        one.src = "/photo";
      };"""
    site.page = f"<p>学历照片</p><canvas width=240 height=320></canvas><script>{script}{LATE[when]}</script>"
    site.files = {"/photo": PHOTO, "/other": OTHER}
    found, _ = _obtained(browser, site, "domcontentloaded")
    assert found is not None
    assert found.data == PHOTO


def test_a_canvas_that_grows_while_it_is_read_is_looked_at_again(
    browser: Browser, site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size is the page's as it was seen, its pixels are those of a moment later."""
    site.page = "<p>学历照片</p><canvas width=300 height=150></canvas>"
    site.files = {"/photo": PHOTO}
    real, grown = image_download._pixels, list[object]()

    def pixels(view: SiteBrowser, frame: Frame, node: Node) -> bytes | None:
        if not grown:
            grown.append(frame.evaluate(DRAW_PHOTO))
        return real(view, frame, node)

    monkeypatch.setattr(image_download, "_pixels", pixels)
    found, _ = _obtained(browser, site)
    assert found is not None
    assert found.data == PHOTO


@pytest.mark.parametrize("taint", ["", "one.src = one.src.replace('127.0.0.1', 'localhost');"])
def test_a_file_of_a_canvas_is_what_the_canvas_shows(
    browser: Browser, site: SimpleNamespace, taint: str
) -> None:
    """Somebody else's photo of the same shape came last; a canvas that may not be read is looked at."""
    page = ELEMENT.replace("one.src = name;", "one.src = name;" + taint) + "<img src='/other' width=30>"
    site.page = page.format(width=240, height=320, names='["/photo"]')
    site.files = {"/photo": PHOTO, "/other": OTHER}
    found, _ = _obtained(browser, site)
    assert found is not None
    assert found.data == PHOTO


@pytest.mark.parametrize(
    ("files", "names", "said"),
    [
        ({"/photo": PHOTO, "/other": encode(portrait(1), quality=70)}, ["/photo"], "不能确定"),
        ({"/photo": _encoded("PNG", (300, 60)), "/other": WEBP[:9]}, ["/photo", "/other"], "没有找到"),
        ({"/other": OTHER}, [], "对不上"),
    ],
)
def test_a_canvas_of_nobody_knows_which_file_is_said(
    browser: Browser, site: SimpleNamespace, files: dict[str, bytes], names: list[str], said: str
) -> None:
    page = ELEMENT.replace("one.onload =", "one.onerror = one.onload =") + "<img src='/other' width=30>"
    site.page, site.files = page.format(width=240, height=320, names=names), files
    with pytest.raises(ActionNeeded, match=said):
        _obtained(browser, site)
