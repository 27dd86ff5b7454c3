"""A JPEG's own structure, walked marker by marker: decoders are too forgiving to tell a cut-off file.

Source: ITU-T T.81, annex B.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_STANDALONE = {0x01, *range(0xD0, 0xD9)}
_EOI, _SOS = 0xD9, 0xDA
# Inside entropy-coded data FF is followed by 00 (stuffing), a restart marker or another FF (fill).
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)


def bytes_after_end(data: bytes) -> int | None:
    """How many bytes follow the picture's end marker; None where there is none, or no scan before it."""
    at, scanned = 2, False
    while at + 1 < len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            return None
        if marker == _EOI:
            return len(data) - at - 2 if scanned else None
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        if marker == _SOS:
            scanned = True
            found = _NEXT_MARKER.search(data, at)
            if found is None:
                return None
            at = found.end() - 2
    return None


def estimate_quality(tables: Mapping[int, Sequence[int]]) -> int | None:
    """libjpeg's 1-100 quality guessed from the luminance table; other encoders use other tables.

    Args:
        tables: Pillow's `image.quantization`.
    """
    table = tables.get(0)
    if not table or len(table) != len(_LUMINANCE):
        return None
    scale = 100 * sum(table) / sum(_LUMINANCE)
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return min(max(round(quality), 1), 100)
