"""A photo that breaks off is told as one, wherever it breaks off."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from agent.photo import PhotoUnreadable, compare
from tests.agent.photo import badfiles


def _as(form: str) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(badfiles.good())).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_cut_off_copy_is_told_as_one(share: float, form: str) -> None:
    data = _as(form)
    with pytest.raises(PhotoUnreadable) as stop:
        compare(badfiles.good(), data[: int(len(data) * share)])
    assert (stop.value.which, "截断" in stop.value.why) == ("b", True)


def test_a_page_is_no_cut_off_photo() -> None:
    with pytest.raises(PhotoUnreadable) as stop:
        compare(badfiles.good(), b"<!doctype html><p>x")
    assert "截断" not in stop.value.why


@pytest.mark.parametrize("missing", [1, 2, 3, 10])
def test_a_copy_without_its_last_bytes_is_told_too(missing: int) -> None:
    try:
        said = " ".join(compare(badfiles.good(), badfiles.good()[:-missing]).reasons)
    except PhotoUnreadable as error:
        said = error.why
    assert "截断" in said
