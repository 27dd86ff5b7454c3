"""The console's pictures in README.zh-CN.md are those that `python -m tests.docs.console_images` takes."""

from __future__ import annotations

import re

from PIL import Image

from tests.docs.console_images import FOLDER
from tests.docs.images import DESKTOP, LARGEST, PHONE
from tests.docs.readme import CHINESE


def test_every_picture_is_shown_and_every_one_shown_is_there() -> None:
    shown = set(re.findall(r"docs/images/console/([\w-]+\.png)", CHINESE.read_text("utf-8")))
    assert shown == {file.name for file in FOLDER.glob("*.png")}


def test_the_pictures_are_small_and_show_something() -> None:
    for file in FOLDER.glob("*.png"):
        assert file.stat().st_size < LARGEST, file.name
        with Image.open(file) as picture:
            assert picture.width in (DESKTOP, PHONE), file.name
            colours = picture.convert("RGB").getcolors(maxcolors=picture.width * picture.height)
        assert colours is not None
        assert len(colours) > 100, file.name
