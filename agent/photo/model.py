"""What the photo tools take and return: plain frozen values, no imaging library needed to hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs: a fact, a hint for a person, or a reason not to use the file."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class PhotoVerdict(StrEnum):
    """What two pictures are to each other. It never says anything about the person shown."""

    identical = "identical"
    same_picture = "same_picture"
    altered = "altered"
    unsure = "unsure"
    different_picture = "different_picture"


class SamePerson(StrEnum):
    """Advice of the optional face comparison; never a rejection."""

    likely = "likely"
    unsure = "unsure"
    unlikely = "unlikely"
    not_checked = "not_checked"


@dataclass(frozen=True, slots=True)
class PhotoFinding:
    """One rule held against one file.

    `id` is stable English (`content.html`, `size.pixels`), `note` a Chinese sentence for the student, and
    `source` the document the rule comes from; it is empty where the rule is the file format itself.
    """

    id: str
    level: Level
    note: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two pictures relate, and how that was found out.

    `method` is the one that decided: "sha256", "pixels", "phash+dhash" or "aligned-correlation".
    `distance` is 0 for the same and 1 for nothing in common: bits of 256, or 1 - correlation after alignment.
    `reasons` are short Chinese phrases ("裁剪了约 4%"). `same_person` is the optional advice of `agent.photo.advised`,
    `person_note` a Chinese phrase why that advice was not given.
    """

    verdict: PhotoVerdict
    method: str
    distance: float
    reasons: tuple[str, ...] = ()
    same_person: SamePerson = SamePerson.not_checked
    person_note: str = ""

    @property
    def is_same(self) -> bool:
        """Nothing but what a platform does lies between the two."""
        return self.verdict in {PhotoVerdict.identical, PhotoVerdict.same_picture}

    @property
    def why_no_advice(self) -> str:
        """Why there is no advice on the person; empty where nobody asked for it."""
        return self.person_note or ("是同一张照片，不需要比对" if self.is_same else "")


NAMES = ("第一张", "第二张")


@dataclass(frozen=True, slots=True)
class FaceAdvice:
    """What the face comparison says; `note` is a Chinese phrase why it was not made, or empty."""

    same_person: SamePerson
    note: str = ""


NOTICE = "西安交通大学继续教育学院 2024年7月毕业通知·毕业照片上传"
STANDARD = "教毕指〔2017〕99号 学历证书电子注册图像采集规范"

# No picture at all, or not all of it: refused whatever a notice says.
NO_PICTURE = ("content.empty", "content.html", "content.truncated", "content.undecodable", "content.bomb")
HARD = (*NO_PICTURE, "content.not_jpeg", "content.mpo", "content.placeholder", "size.limit", "name.template")
HINTS = (
    *("content.trailing", "content.flat_tail", "shape.portrait", "shape.aspect", "colour.mode"),
    *("exif.orientation", "exif.camera", "exif.software", "exif.gps", "source.recapture"),
)
COLLECTION = ("size.pixels", "size.bytes", "print.dpi", "print.quality")


@dataclass(frozen=True, slots=True)
class PhotoRules:
    """The limits a photo is held to, and how much each weighs. A profile fills it from TOML.

    A finding whose id is in `hard` fails the file, one in `hints` warns; every other deviation is stated as a
    fact, at level ok. The defaults are the XJTU 2024-07 notice with the platform's own limits: what CHSI
    serves may be a small copy (120x160, 8 KB), so the collection standard (`COLLECTION`) only informs. To judge a
    file fresh from the photographer, add those ids to `hints`.

    `file_name` is a template: `{id_number}` stands for the document number; None accepts every name.
    `formats` are Pillow's names. Byte limits are in bytes, sizes in pixels, `aspect` is width/height, `dpi` dots per inch,
    `quality_min` libjpeg's 1-100 scale. `upload_bytes` is the channel's own (min, max); the notice states none.
    `placeholder_colours`: a picture with no more colours (or, in grey, neighbouring pairs of greys) at 120x160 is
    no photo; drawn silhouettes have up to 904, photos from 1,157. `recapture_peak`: the strongest off-axis line in
    the spectrum over its surroundings; screens and halftones lie above.
    `sources` names the document of a rule, by finding id, where it differs from the default.
    """

    formats: tuple[str, ...] = ("JPEG",)
    file_name: str | None = "{id_number}.jpg"
    upload_bytes: tuple[int | None, int | None] = (None, None)
    max_bytes: int = 20_000_000
    max_pixels: int = 16_000_000
    aspect: float = 3 / 4
    aspect_tolerance: float = 0.02
    pixels: tuple[int, int] = (480, 640)
    bytes_range: tuple[int, int] = (20_000, 40_000)
    dpi: int = 300
    quality_min: int = 60
    placeholder_colours: int = 1000
    recapture_peak: float = 6.0
    hard: tuple[str, ...] = HARD
    hints: tuple[str, ...] = HINTS
    sources: Mapping[str, str] = field(default_factory=dict)


DEFAULT_RULES = PhotoRules()


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a file is; the picture's own facts are None where it cannot be read.

    `format` is what the content says ("JPEG", "PNG", "MPO", "HTML"), whatever the file is called; `width` and
    `height` are pixels after the EXIF orientation.
    """

    sha256: str
    size_bytes: int
    width: int | None
    height: int | None
    format: str | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file's facts and everything the rules say about it."""

    facts: PhotoFacts
    findings: tuple[PhotoFinding, ...]

    @property
    def ok(self) -> bool:
        """Nothing forbids using the file."""
        return self.worst is not Level.FAIL

    @property
    def worst(self) -> Level:
        """The heaviest level among the findings."""
        levels = {finding.level for finding in self.findings}
        return next((level for level in (Level.FAIL, Level.WARN) if level in levels), Level.OK)


class PhotoUnreadable(ValueError):
    """A file that cannot be compared because it is no readable picture.

    `which` is "a" or "b", the argument it was; `why` a Chinese sentence.
    """

    def __init__(self, which: str, why: str) -> None:
        self.which = which
        self.why = why
        super().__init__(f"{which}: {why}")
