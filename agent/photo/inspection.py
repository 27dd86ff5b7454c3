"""Is the file an acceptable 学历照片? Told by content, never by name or Content-Type, and never by an exception.

What only describes a freshly captured file (pixels, bytes, dpi, quality) is stated as a fact: CHSI serves
smaller, re-compressed copies, and nobody may be turned away for those.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from PIL import ExifTags, Image, JpegImagePlugin

from agent.photo import image_file
from agent.photo.file_type import sniff
from agent.photo.jpeg_structure import bytes_after_end, estimate_quality
from agent.photo.model import NOTICE, STANDARD, Inspection, Level, PhotoFacts, PhotoFinding, PhotoRules
from agent.photo.recapture import grid_peak
from agent.reconcile import document_numbers

_SOURCES = {
    **dict.fromkeys(("content.not_jpeg", "name.template", "source.recapture", "exif.camera"), NOTICE),
    **dict.fromkeys(("size.pixels", "size.bytes", "shape.portrait", "shape.aspect"), STANDARD),
    **dict.fromkeys(("colour.mode", "print.dpi", "print.quality", "exif.orientation"), STANDARD),
}
_KINDS = {
    "empty": ("content.empty", "文件是空的"),
    "html": ("content.html", "内容是网页，不是图片，多半是登录已经失效，或照片地址只能用一次"),
    "MPO": ("content.mpo", "文件里有多张图片（手机的 MPO 格式），不是学信网提供的照片"),
}
_WORDS = {
    "unknown": "无法识别的数据",
    "text": "一段文字",
    "json": "一段文字（JSON）",
    "exe": "程序",
    "zip": "压缩包",
}
_THUMBNAIL = (120, 160)
_FLAT_SHARE, _FLAT_ROWS = 0.02, 8
_DOCUMENT_NUMBER = r"[0-9A-Za-z()（）]{6,20}"
_GREY = ("1", "L", "LA", "I;16")
"""Pillow's modes of pictures in black and white."""
_NO_NUMBERS = (
    re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{2})?"),
    re.compile(
        r"(?:IMG|PIC|DSC|DCIM|DSCN|DSCF|IMAGE|PHOTO|MMEXPORT|WX|QQ|SCAN|VID|PXL|MVIMG)[0-9]+", re.IGNORECASE
    ),
)
"""Dates, and what cameras, telephones and messengers call a picture: of the same form as a few rare documents' numbers."""
_TEXT_LIMIT = 40
_JPEG_BEGINS, _MOST_BEFORE = b"\xff\xd8\xff", 4096
_SMALLEST = (60, 80)
"""Pixels of half the smallest copy that a site serves; what is smaller is a thumbnail or an icon."""

_Deviation = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Photo:
    """A file that decoded completely: `image` as stored, `pixels` upright in RGB or L."""

    data: bytes
    rules: PhotoRules
    image: Image.Image
    pixels: Image.Image


class _Stopped(Exception):
    """The file could not be decoded: the finding, and the header if that much was readable."""

    def __init__(self, rule: str, note: str, image: Image.Image | None = None) -> None:
        self.deviation = (rule, note)
        self.image = image
        super().__init__(rule)


def inspect(data: bytes, rules: PhotoRules, *, file_name: str | None, id_number: str | None) -> Inspection:
    """See `agent.photo.inspect`."""
    kind = sniff(data)
    try:
        image = _open(data, kind, rules)
        photo = _Photo(data, rules, image, _decode(data, kind, image))
        findings = [*_content(kind, image, rules), *_asked(photo)]
        facts = _facts(data, image.format, photo.pixels.size)
    except _Stopped as stop:
        findings = [_finding(rules, *stop.deviation), *_content(kind, stop.image, rules)]
        shown = stop.image
        facts = _facts(data, shown.format if shown else kind.upper(), shown.size if shown else (None, None))
    named = [] if file_name is None else _named(rules, file_name, id_number)
    once: dict[str, PhotoFinding] = {}
    for finding in (*findings, *named):
        once.setdefault(finding.id, finding)  # a page is not also called undecodable
    return Inspection(facts, tuple(once.values()))


def _finding(rules: PhotoRules, rule: str, note: str = "") -> PhotoFinding:
    level = Level.OK
    if note:
        level = Level.FAIL if rule in rules.hard else Level.WARN if rule in rules.hints else Level.OK
        note += "。"
    return PhotoFinding(rule, level, note, rules.sources.get(rule, _SOURCES.get(rule, "")))


def _facts(data: bytes, kind: str | None, size: tuple[int, int] | tuple[None, None]) -> PhotoFacts:
    known = None if kind in {"EMPTY", "UNKNOWN"} else kind
    return PhotoFacts(hashlib.sha256(data).hexdigest(), len(data), size[0], size[1], known)


def _open(data: bytes, kind: str, rules: PhotoRules) -> Image.Image:
    if kind.upper() not in image_file.FORMATS:
        raise _Stopped(*(_preceded(data) or _unlike(kind, rules)))
    if len(data) > rules.max_bytes:
        raise _Stopped("content.bomb", f"文件超过 {rules.max_bytes / 1e6:.0f} MB，没有打开")
    try:
        return image_file.open_image(data, (kind.upper(),), max_pixels=rules.max_pixels)
    except image_file.TooLarge:
        raise _Stopped("content.bomb", "像素太多，没有打开") from None
    except image_file.Damaged:
        raise _Stopped(*_damage(data, kind)) from None


def _decode(data: bytes, kind: str, image: Image.Image) -> Image.Image:
    try:
        return image_file.upright(image_file.load(image))
    except image_file.Damaged:
        raise _Stopped(*_damage(data, kind), image) from None


def _damage(data: bytes, kind: str) -> _Deviation:
    if kind == "jpeg" and bytes_after_end(data) is not None:
        return "content.undecodable", "图片数据已损坏，无法显示"
    return "content.truncated", "图片不完整，下载可能中断了"


def _preceded(data: bytes) -> _Deviation | None:
    """A picture behind something else, as a faulty site sends it; None for anything that is no such picture."""
    at = data.find(_JPEG_BEGINS, 1, _MOST_BEFORE)
    if at < 0 or bytes_after_end(data[at:]) is None or sniff(data) not in ("unknown", "text"):
        return None
    return "content.not_jpeg", f"照片前面多了 {at} 字节别的内容，网站给的文件不完好，请重新下载"


def _unlike(kind: str, rules: PhotoRules) -> _Deviation:
    """What to call content that is none of the accepted formats."""
    word = _WORDS.get(kind, f" {kind.upper()}")
    return _KINDS.get(
        kind, ("content.not_jpeg", f"内容是{word}，不是 {'、'.join(rules.formats)}，改文件名没有用")
    )


def _content(kind: str, image: Image.Image | None, rules: PhotoRules) -> list[PhotoFinding]:
    actual = (image.format if image else None) or kind.upper()
    if actual in rules.formats:
        return [_finding(rules, "content.not_jpeg")]
    return [_finding(rules, *_unlike(actual if image else kind, rules))]


def _asked(photo: _Photo) -> Iterator[PhotoFinding]:
    """Every question's deviations, and an empty note where there is none."""
    for ask, rules in _CHECKS.items():
        found = dict(ask(photo))
        yield from (_finding(photo.rules, rule, found.get(rule, "")) for rule in rules)


def _ending(photo: _Photo) -> Iterator[_Deviation]:
    """To the last byte; decoders pass a file whose end marker is missing or followed by something else."""
    if photo.image.format != "JPEG":
        return
    trailing = bytes_after_end(photo.data)
    if trailing is None:
        yield "content.truncated", "图片不完整，缺少结尾，下载可能中断了"
    elif trailing:
        yield "content.trailing", f"图片结尾之后还有 {trailing} 字节别的内容"


def _placeholder(photo: _Photo) -> Iterator[_Deviation]:
    if any(side < least for side, least in zip(sorted(photo.pixels.size), _SMALLEST, strict=True)):
        yield "content.placeholder", f"只有 {_times(photo.pixels.size)} 像素，是缩略图或图标，不是照片"
    elif _variety(photo.pixels) <= photo.rules.placeholder_colours:
        yield "content.placeholder", "看起来是“暂无照片”的占位图，不是照片"


def _variety(picture: Image.Image) -> int:
    """Colours, or pairs of neighbouring greys, at 120x160: the second counts for black-and-white photos."""
    small = picture.convert("RGB").resize(_THUMBNAIL, Image.Resampling.BILINEAR)
    packed = np.asarray(small, np.int64) @ np.array([1 << 16, 1 << 8, 1])
    grey = np.asarray(small.convert("L"), np.int64)
    return max(len(np.unique(packed)), len(np.unique(grey[:, :-1] * 256 + grey[:, 1:])))


def _flat_tail(photo: _Photo) -> Iterator[_Deviation]:
    """A cut-off file that something closed again decodes without complaint, its lower part one colour."""
    width, height = photo.pixels.size
    rows = max(int(height * _FLAT_SHARE), _FLAT_ROWS)
    tail = np.asarray(photo.pixels.crop((0, max(height - rows, 0), width, height)))
    if (tail == tail[0, 0]).all():
        yield "content.flat_tail", "图片最下面是一整条纯色，请看一下下半部分是否完整"


def _size(photo: _Photo) -> Iterator[_Deviation]:
    rules, count = photo.rules, len(photo.data)
    least, most = rules.upload_bytes
    if (least is not None and count < least) or (most is not None and count > most):
        yield "size.limit", f"文件 {count / 1000:.0f} KB，不在平台规定的大小之内"
    if photo.pixels.size != rules.pixels:
        yield (
            "size.pixels",
            f"{_times(photo.pixels.size)} 像素；采集标准是 {_times(rules.pixels)}，学信网提供的副本可以不同",
        )
    low, high = rules.bytes_range
    if not low <= count <= high:
        yield (
            "size.bytes",
            f"{count / 1000:.0f} KB；采集标准是 {low // 1000}–{high // 1000} KB，学信网提供的副本可以不同",
        )


def _times(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def _shape(photo: _Photo) -> Iterator[_Deviation]:
    width, height = photo.pixels.size
    wanted = photo.rules.aspect
    if width >= height:
        yield "shape.portrait", f"照片是横的或方的（{width}×{height}），学历照片应当是竖的"
    elif abs(width / height / wanted - 1) > photo.rules.aspect_tolerance:
        yield "shape.aspect", f"宽高比例是 {width / height:.2f}，标准是 {wanted:.2f}"


def _colour(photo: _Photo) -> Iterator[_Deviation]:
    if photo.image.mode in _GREY:
        yield "colour.mode", "照片是黑白的，不是 24 位彩色"
    elif photo.image.mode != "RGB":
        yield "colour.mode", f"颜色模式是 {photo.image.mode}，不是 24 位彩色"


def _exif(photo: _Photo) -> Iterator[_Deviation]:
    if image_file.orientation(photo.image) != 1:
        yield "exif.orientation", "照片带有旋转或镜像标记，有的网站会显示成歪的或左右相反的"
    try:
        with image_file.decoder_errors():
            exif = photo.image.getexif()
            place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except image_file.Damaged:
        return
    camera = [_text(exif.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)]
    if any(camera):
        yield (
            "exif.camera",
            f"照片直接来自相机或手机（{' '.join(filter(None, camera))}），不是学信网提供的文件",
        )
    if software := _text(exif.get(ExifTags.Base.Software)):
        yield "exif.software", f"照片用软件处理过（{software}）"
    if place:
        yield "exif.gps", "照片里带有拍摄地点，上传前请确认是否愿意公开"


def _text(value: object) -> str:
    """A tag's text without control characters, no longer than fits a sentence; tags may hold anything."""
    return "".join(letter for letter in str(value or "") if letter.isprintable())[:_TEXT_LIMIT].strip()


def _print(photo: _Photo) -> Iterator[_Deviation]:
    rules, dpi = photo.rules, _dpi(photo.image)
    if dpi is not None and dpi != rules.dpi:
        yield "print.dpi", f"标注 {dpi} dpi；采集标准是 {rules.dpi}，任何软件都会改写这个数"
    tables = photo.image.quantization if isinstance(photo.image, JpegImagePlugin.JpegImageFile) else {}
    quality = estimate_quality(tables)
    if quality is not None and quality < rules.quality_min:
        yield "print.quality", f"压缩质量估计为 {quality}；采集标准不低于 {rules.quality_min}"


def _dpi(image: Image.Image) -> int | None:
    """The horizontal resolution as stored; files hold zeros, fractions without a denominator and infinities."""
    try:
        return round(float(image.info["dpi"][0]))
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None


def _recapture(photo: _Photo) -> Iterator[_Deviation]:
    if grid_peak(photo.pixels) > photo.rules.recapture_peak:
        yield "source.recapture", "照片里有规则的细网纹，可能是翻拍屏幕或印刷品；通知不允许翻拍"


def _named(rules: PhotoRules, file_name: str, id_number: str | None) -> list[PhotoFinding]:
    """The name it is to be uploaded under; the number itself is never repeated in the note."""
    if rules.file_name is None:
        return []
    number = re.escape(id_number) if id_number else _DOCUMENT_NUMBER
    pattern = f"({number})".join(re.escape(part) for part in rules.file_name.split("{id_number}"))
    found = re.fullmatch(pattern, file_name, re.IGNORECASE)
    problem = "" if found is None or id_number else _number_problem(found[1])
    if found and not problem:
        return [_finding(rules, "name.template")]
    if problem:
        return [_finding(rules, "name.template", f"文件名不是有效的证件号码：{problem}")]
    wanted = rules.file_name.replace("{id_number}", "身份证号")
    why = "，中间不能有空格" if re.search(r"\s", file_name) else ""
    return [_finding(rules, "name.template", f"文件名应当是“{wanted}”{why}")]


def _number_problem(number: str) -> str:
    """Why the name's number is no document's; what cannot be told from a date or a camera's name is not taken for one."""
    if any(form.fullmatch(number) for form in _NO_NUMBERS):
        return "看起来是日期或相机起的名字"
    problems = document_numbers.parse(number, today=datetime.now(UTC).date()).problems
    return problems[0].rstrip("。") if problems else ""


_CHECKS: Mapping[Callable[[_Photo], Iterator[_Deviation]], tuple[str, ...]] = {
    _ending: ("content.truncated", "content.trailing"),
    _placeholder: ("content.placeholder",),
    _flat_tail: ("content.flat_tail",),
    _size: ("size.limit", "size.pixels", "size.bytes"),
    _shape: ("shape.portrait", "shape.aspect"),
    _colour: ("colour.mode",),
    _exif: ("exif.orientation", "exif.camera", "exif.software", "exif.gps"),
    _print: ("print.dpi", "print.quality"),
    _recapture: ("source.recapture",),
}
"""The questions to a photo, and the ids of the findings that each can answer with."""
