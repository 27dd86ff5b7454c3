"""What a download or a hasty hand makes of a photo: bytes that must end in a finding, by name."""

from __future__ import annotations

import io
import struct
import zlib
from functools import lru_cache

from PIL import Image

from tests.agent.photo.pictures import encode, portrait, silhouette

PAGE = "<!DOCTYPE html><html><head><title>用户登录</title></head><body>登录</body></html>"


@lru_cache(maxsize=1)
def good() -> bytes:
    """An acceptable photo."""
    return encode(portrait(1), quality=80, dpi=(300, 300))


def mpo() -> bytes:
    """A phone's file with two pictures in it."""
    buffer = io.BytesIO()
    portrait(1).save(buffer, "MPO", save_all=True, append_images=[portrait(2)])
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def png_bomb(side: int) -> bytes:
    """A small PNG that would unpack to side x side pixels."""
    packed = zlib.compress(bytes((side + 1) * 64), 9)
    chunk = b"IDAT" + packed
    return (
        png_header(side, side) + struct.pack(">I", len(packed)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    """The good photo with other numbers in its frame header."""
    data = bytearray(good())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def without_segment(marker: bytes) -> bytes:
    """The good photo with one kind of segment cut out."""
    data = good()
    at = data.index(marker)
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    return data[:at] + data[at + 2 + length :]


def flipped(position: float, mask: int = 0xFF) -> bytes:
    """The good photo with one byte changed, `position` from 0 to 1."""
    data = bytearray(good())
    data[int(position * (len(data) - 1))] ^= mask
    return bytes(data)


def oriented(value: int) -> bytes:
    """The good photo with an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = value
    return encode(portrait(1), exif=exif)


@lru_cache(maxsize=1)
def unacceptable() -> dict[str, tuple[bytes, str]]:
    """Files that must fail, each with the finding that must say so."""
    photo = good()
    picture = portrait(1)
    pages = {
        "html": PAGE.encode(),
        "html with byte order mark": b"\xef\xbb\xbf" + PAGE.encode(),
        "html in utf-16": PAGE.encode("utf-16"),
        "html in gb18030": PAGE.encode("gb18030"),
        "html after blank lines": b"\r\n\r\n  " + PAGE.encode(),
        "html without doctype": b"<html><body>x</body></html>",
        "html after a comment": b"<!-- cached --><script>location='/login'</script>",
        "xhtml": b"<?xml version='1.0'?><!DOCTYPE html><html></html>",
    }
    other = {
        "png": encode(picture, "PNG"),
        "webp": encode(picture, "WEBP"),
        "gif": encode(picture, "GIF"),
        "bmp": encode(picture, "BMP"),
        "tiff": encode(picture, "TIFF"),
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
        "heif mif1": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(200),
        "avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + bytes(200),
        "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
        "jpeg xl": b"\xff\x0a" + bytes(100),
        "mp4": b"\0\0\0\x18ftypisom" + bytes(100),
        "pdf": b"%PDF-1.7\n" + bytes(100),
        "zip": b"PK\x03\x04" + bytes(100),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        "json": b'{"status": 0, "message": ""}',
        "text": "照片不存在".encode(),
        "zeros": bytes(5000),
        "program": b"MZ" + bytes(300),
        "photo after a leading newline": b"\n" + photo,
    }
    cut = {
        f"cut to {share:.0%}": photo[: int(len(photo) * share)]
        for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.95)
    }
    ends = {f"{count} bytes short": photo[:-count] for count in (1, 2, 3, 16, 100)}
    progressive = encode(picture, progressive=True)
    return {
        "empty": (b"", "content.empty"),
        **{name: (data, "content.html") for name, data in pages.items()},
        **{name: (data, "content.not_jpeg") for name, data in other.items()},
        **{name: (data, "content.truncated") for name, data in (cut | ends).items()},
        "only the magic": (b"\xff\xd8\xff", "content.truncated"),
        "magic and noise": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, "content.truncated"),
        "progressive cut": (progressive[:-1], "content.truncated"),
        "no scan": (photo[: photo.index(b"\xff\xda")] + b"\xff\xd9", "content.truncated"),
        "no frame header": (without_segment(b"\xff\xc0"), "content.undecodable"),
        "mpo": (mpo(), "content.mpo"),
        "jpeg claiming 65000x65000": (jpeg_claiming(65000, 65000), "content.bomb"),
        "png bomb": (png_bomb(30_000), "content.bomb"),
        "25 MB": (photo + bytes(25_000_000), "content.bomb"),
        "placeholder png": (encode(silhouette(), "PNG"), "content.placeholder"),
        "placeholder jpeg": (encode(silhouette(), quality=60), "content.placeholder"),
        "placeholder enlarged": (encode(silhouette((480, 640)), quality=85), "content.placeholder"),
        "one colour": (encode(Image.new("RGB", (480, 640), "white")), "content.placeholder"),
        "thumbnail": (encode(picture.resize((48, 64))), "content.placeholder"),
        "icon": (encode(picture.resize((32, 32))), "content.placeholder"),
        "strip": (encode(picture.resize((480, 40))), "content.placeholder"),
        "one pixel": (encode(Image.new("RGB", (1, 1), "white")), "content.placeholder"),
    }


@lru_cache(maxsize=1)
def doubtful() -> dict[str, tuple[bytes, str]]:
    """Files a person should look at, each with the hint that must say so."""
    picture = portrait(1)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = "Maker\x00\x07", "Phone 9", "Retouch 3.1"
    exif.get_ifd(0x8825)[1] = "N"
    camera = encode(picture, exif=exif)
    closed = good()[:-9000] + b"\xff\xd9"
    return {
        "page appended": (good() + PAGE.encode(), "content.trailing"),
        "cut and closed again": (closed, "content.flat_tail"),
        "landscape": (encode(picture.resize((640, 480))), "shape.portrait"),
        "square": (encode(picture.resize((480, 480))), "shape.portrait"),
        "one inch": (encode(picture.resize((295, 413))), "shape.aspect"),
        "greyscale": (encode(picture.convert("L")), "colour.mode"),
        "cmyk": (encode(picture.convert("CMYK")), "colour.mode"),
        "camera": (camera, "exif.camera"),
        "software": (camera, "exif.software"),
        "place": (camera, "exif.gps"),
        **{f"orientation {value}": (oriented(value), "exif.orientation") for value in range(2, 9)},
    }
