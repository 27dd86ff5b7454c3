"""Whatever the bytes: findings and verdicts, or the one error that is promised; never anything else."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from agent.photo import Level, PhotoUnreadable, compare, inspect, sniff
from tests.agent.photo.badfiles import mpo
from tests.agent.photo.pictures import encode, portrait

SMALL = portrait(3).resize((90, 120))


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x0131] = "Maker", 6, "Software"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def _animated() -> bytes:
    buffer = io.BytesIO()
    SMALL.save(buffer, "GIF", save_all=True, append_images=[SMALL.rotate(9)])
    return buffer.getvalue()


SEEDS = (
    encode(SMALL, exif=_exif(), dpi=(300, 300)),
    encode(SMALL, progressive=True),
    encode(SMALL.convert("L")),
    encode(SMALL.convert("CMYK")),
    encode(SMALL, "PNG", exif=_exif()),
    encode(SMALL.quantize(32), "PNG", transparency=3),
    encode(SMALL, "WEBP"),
    encode(SMALL, "BMP"),
    _animated(),
    mpo(),
)
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(("flip", "set", "cut", "insert", "number")),
        st.floats(0, 1, exclude_max=True),
        st.booleans(),
        st.binary(min_size=1, max_size=8),
    ),
    max_size=8,
)


def _mutated(data: bytes, changes: list[tuple[str, float, bool, bytes]]) -> bytes:
    """Change bytes, half of the time within the first kilobyte, where the headers are."""
    out = bytearray(data)
    for kind, share, early, blob in changes:
        at = int(share * (min(len(out), 1024) if early else len(out)))
        if kind == "insert":
            out[at:at] = blob
        elif kind == "cut":
            del out[at : at + blob[0]]
        elif kind == "number":
            out[at : at + 4] = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\1\0\0")[
                blob[0] % 4
            ]
        elif at < len(out):
            out[at] = out[at] ^ (1 << blob[0] % 8) if kind == "flip" else blob[0]
    return bytes(out)


FILES = st.one_of(
    st.builds(_mutated, st.sampled_from(SEEDS), MUTATIONS),
    st.binary(max_size=300),
    st.builds(
        lambda magic, rest: magic + rest,
        st.sampled_from([seed[:24] for seed in SEEDS]),
        st.binary(max_size=200),
    ),
)
often = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@often
@given(FILES, st.none() | st.text(max_size=30))
def test_inspect_always_ends_in_findings(data: bytes, name: str | None) -> None:
    result = inspect(data, file_name=name)
    assert result.findings
    assert result.facts.size_bytes == len(data)
    assert result.ok is all(finding.level is not Level.FAIL for finding in result.findings)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES)
def test_compare_ends_in_a_verdict_or_names_the_unreadable_one(data: bytes) -> None:
    for pair, which in (((data, SEEDS[0]), "a"), ((SEEDS[0], data), "b")):
        try:
            result = compare(*pair)
        except PhotoUnreadable as error:
            assert error.which == which  # noqa: PT017
        else:
            assert 0 <= result.distance <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(1, len(SEEDS[0]) - 1))
def test_a_jpeg_cut_anywhere_fails(length: int) -> None:
    assert not inspect(SEEDS[0][:length]).ok


@given(st.binary(max_size=64))
def test_sniff_names_everything(data: bytes) -> None:
    assert sniff(data)


@pytest.mark.exhaustive
def test_every_single_cut_of_a_jpeg_fails() -> None:
    for seed in SEEDS[:4]:
        for length in range(len(seed)):
            assert not inspect(seed[:length]).ok, length
