"""A stand-in for OpenCV and the two models: faces are plain rectangles, and a person is a colour.

It keeps the real interfaces (argument order, channel order, row layout), so that everything around the models
is tested where the extra `face` is not installed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Colour = tuple[int, int, int]
ANNA, BORIS, ALMOST_ANNA, CLARA = (255, 0, 255), (0, 255, 255), (255, 255, 255), (255, 0, 200)
"""People: Boris is nobody else, Almost-Anna leaves one unsure, Clara looks just like Anna."""
PEOPLE = (ANNA, BORIS, ALMOST_ANNA, CLARA)
GREY = (128, 128, 128)
LANDMARKS = ((0.3, 0.35), (0.7, 0.35), (0.5, 0.55), (0.35, 0.75), (0.65, 0.75))
"""Where the rectangle's eyes, nose and corners of the mouth are, in shares of its sides."""
ROOM = 0.05
"""A face nearer to the edge than this share of the picture is not found, as with the real detector."""


def photo(*people: tuple[Colour, tuple[int, int, int, int]], size: tuple[int, int] = (300, 400)) -> bytes:
    """A PNG with one rectangle (left, top, right, bottom) per person on grey."""
    image = Image.new("RGB", size, GREY)
    for colour, box in people:
        image.paste(colour, box)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def portrait(person: Colour) -> bytes:
    """A photo of one person, large enough and with room around."""
    return photo((person, (80, 90, 220, 290)))


@dataclass
class Detector:
    """`cv2.FaceDetectorYN`: finds the rectangles of `PEOPLE`."""

    size: tuple[int, int] = (0, 0)

    def setInputSize(self, size: tuple[int, int]) -> None:
        """Take width and height, which must be the picture's."""
        self.size = size

    def detect(self, picture: NDArray[np.uint8]) -> tuple[int, NDArray[np.float32] | None]:
        """Rows of left, top, width, height, five landmarks, score; None where there is no face."""
        assert self.size == (picture.shape[1], picture.shape[0])
        rows = [row for person in PEOPLE if (row := _row(picture, person)) is not None]
        return 1, np.array(rows, np.float32) if rows else None


def _row(picture: NDArray[np.uint8], person: Colour) -> list[float] | None:
    """One face, where every pixel of BGR has the person's colour."""
    there = (picture[:, :, ::-1] == person).all(2)
    if not there.any():
        return None
    down, across = np.nonzero(there.any(1))[0], np.nonzero(there.any(0))[0]
    left, top, right, bottom = across[0], down[0], across[-1] + 1, down[-1] + 1
    height, width = there.shape
    if min(left, top, width - right, height - bottom) < ROOM * min(height, width):
        return None
    box = [float(number) for number in (left, top, right - left, bottom - top)]
    points = [(box[0] + x * box[2], box[1] + y * box[3]) for x, y in LANDMARKS]
    return [*box, *(number for point in points for number in point), 0.99]


@dataclass
class Describer:
    """`cv2.dnn` network: a face's vector is its colour, light and dark apart."""

    seen: list[Colour] = field(default_factory=list)
    blob: NDArray[np.float32] = field(default_factory=lambda: np.zeros((1, 3, 1, 1), np.float32))

    def setInput(self, blob: NDArray[np.float32], name: str) -> None:
        """Take the aligned face as (1, RGB, height, width)."""
        assert name == "data"
        assert blob.shape == (1, 3, 112, 112)
        self.blob = blob

    def forward(self) -> NDArray[np.float32]:
        """The middle of the face."""
        red, green, blue = (int(value) for value in self.blob[0, :, 50:60, 50:60].mean((1, 2)).round())
        self.seen.append((red, green, blue))
        return np.array([[red - 127.5, green - 127.5, blue - 127.5]], np.float32)


@dataclass
class Engine:
    """What `face._models` returns, with what the models were loaded from."""

    detector: Detector = field(default_factory=Detector)
    describer: Describer = field(default_factory=Describer)
    loaded: list[bytes] = field(default_factory=list)

    @property
    def cv2(self) -> Any:
        """The module, as far as it is used."""
        return SimpleNamespace(
            FaceDetectorYN=SimpleNamespace(create=self._detector_from),
            dnn=SimpleNamespace(readNetFromONNX=self._describer_from, blobFromImage=_blob),
            utils=SimpleNamespace(logging=SimpleNamespace(LOG_LEVEL_ERROR=2, setLogLevel=lambda level: None)),
            warpAffine=_warp,
        )

    @property
    def models(self) -> tuple[Any, Detector, Describer]:
        """What `face._models` gives."""
        return self.cv2, self.detector, self.describer

    def _detector_from(
        self, framework: str, model: NDArray[np.uint8], config: Any, size: Any, sure: float
    ) -> Detector:
        assert (framework, sure) == ("onnx", 0.8)
        self.loaded.append(model.tobytes())
        return self.detector

    def _describer_from(self, model: NDArray[np.uint8]) -> Describer:
        self.loaded.append(model.tobytes())
        return self.describer


def _warp(
    picture: NDArray[np.uint8], matrix: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """`cv2.warpAffine`: `matrix` leads from the picture to the result."""
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))[:2].ravel()
    warped = Image.fromarray(picture).transform(size, Image.Transform.AFFINE, tuple(back))
    return np.asarray(warped)


def _blob(
    picture: NDArray[np.uint8], scale: float, size: tuple[int, int], mean: Any, *, swapRB: bool
) -> NDArray[np.float32]:
    """`cv2.dnn.blobFromImage` for a picture that has the size already."""
    assert (scale, tuple(mean), picture.shape[:2]) == (1.0, (0, 0, 0), size[::-1])
    channels = picture[:, :, ::-1] if swapRB else picture
    return channels.astype(np.float32).transpose(2, 0, 1)[None]
