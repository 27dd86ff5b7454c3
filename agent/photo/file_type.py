"""What a file is, told by its first bytes; its name and the server's Content-Type say nothing."""

from __future__ import annotations

import re

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"\xff\x4f\xff\x51", "jp2"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"8BPS", "psd"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"MZ", "exe"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body|title|meta|script|style|div|span|p|form|table|iframe)\b", re.I
)
_TEXT_WINDOW = 4096


def sniff(data: bytes) -> str:
    """Name the content by its magic bytes.

    Returns:
        "jpeg", "png", "webp", "heic", "avif", "gif", "bmp", "tiff", "jp2", "jxl", "ico", "psd", "pdf", "zip",
        "gzip", "rar", "exe", "html", "xml", "json", "text", "empty", or "unknown".
    """
    if not data:
        return "empty"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    return _container(data) or _text(data)


def _container(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] != b"ftyp":
        return None
    brand = data[8:12]
    if brand in _AVIF_BRANDS:
        return "avif"
    return "heic" if brand in _HEIF_BRANDS else "mp4"


def _text(data: bytes) -> str:
    head = _decoded_head(data)
    if _HTML.search(head):
        return "html"
    if head.startswith((b"<?xml", b"<svg")):
        return "xml"
    if head.startswith((b"{", b"[")):
        return "json"
    is_text = head and not any(byte < 9 or 13 < byte < 32 for byte in head)
    return "text" if is_text else "unknown"


def _decoded_head(data: bytes) -> bytes:
    """The first characters without a byte order mark and blanks; UTF-16 pages become searchable bytes."""
    head = data[:_TEXT_WINDOW]
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "ignore").encode("utf-8", "ignore").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
