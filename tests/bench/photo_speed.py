"""Cost of the photo tools on one core: `python -m tests.bench.photo_speed [--rounds N]`.

Prints processor time per call (what a busy machine does not disturb) and time on the clock, beside a bare
imagehash call on the same files in the same run, and the whole `gradsync photo compare` process where the
command exists. Ends with status 1 when a limit of the issue is broken.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import io
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import imagehash
from PIL import Image

from agent.photo import compare, inspect
from tests.agent.photo.pictures import encode, portrait
from tests.bench.photo_suite import CHANGED, PLATFORM

EQUAL_LIMIT, SEARCH_LIMIT, PROCESS_LIMIT = 20, 150, 1000
PEOPLE = 8


def timed(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median processor time and median clock time of a call, in ms."""
    busy, clock = [], []
    call()
    for _ in range(rounds):
        began, started = time.process_time(), time.perf_counter()
        call()
        busy.append(1e3 * (time.process_time() - began))
        clock.append(1e3 * (time.perf_counter() - started))
    return statistics.median(busy), statistics.median(clock)


def report(title: str, calls: list[Callable[[], object]], rounds: int, limit: int | None = None) -> bool:
    """Print median and worst over the pairs; True when the limit is broken."""
    results = [timed(call, rounds) for call in calls]
    busy, clock = [result[0] for result in results], statistics.median(result[1] for result in results)
    bound = f"limit {limit} ms" if limit else ""
    print(
        f"{title:<36} median {statistics.median(busy):7.1f} ms   worst {max(busy):7.1f} ms   clock {clock:7.1f} ms   {bound}"
    )
    return limit is not None and statistics.median(busy) > limit


def bare_imagehash(a: bytes, b: bytes) -> tuple[int, int]:
    """What a program does that only hashes: phash and dhash at 256 bits of both files."""
    first, second = Image.open(io.BytesIO(a)), Image.open(io.BytesIO(b))
    return imagehash.phash(first, 16) - imagehash.phash(second, 16), imagehash.dhash(
        first, 16
    ) - imagehash.dhash(second, 16)


def pairs(change: Callable[[Image.Image], bytes]) -> list[tuple[bytes, bytes]]:
    """Portraits beside their changed selves."""
    return [(encode(portrait(seed), quality=92), change(portrait(seed))) for seed in range(PEOPLE)]


def process(rounds: int) -> bool:
    """`gradsync photo compare` from start to end, interpreter and imports included; True when the limit is broken."""
    command = shutil.which("gradsync", path=str(Path(sys.executable).parent))
    if command is None:
        print("gradsync photo compare               the command is not installed here")
        return True
    medians = [process_on(command, kind, rounds) for kind in ("jpeg q60", "crop 4%")]
    return max(medians) > PROCESS_LIMIT


def process_on(command: str, kind: str, rounds: int) -> float:
    """The same for a photo beside one kind of copy; the median in ms."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("a.jpg", "b.jpg")]
        for file, data in zip(files, pairs(PLATFORM[kind])[0], strict=True):
            file.write_bytes(data)
        call = [command, "photo", "compare", *map(str, files)]
        times = [seconds(call) for _ in range(rounds + 1)][1:]
    median = 1e3 * statistics.median(times)
    title = f"gradsync photo compare: {kind}"
    print(f"{title:<36} {'':32} {'':23} clock {median:7.1f} ms   limit {PROCESS_LIMIT} ms")
    return median


def seconds(call: list[str]) -> float:
    """How long a command takes on the clock."""
    started = time.perf_counter()
    subprocess.run(call, capture_output=True, check=True)
    return time.perf_counter() - started


def main(arguments: list[str] | None = None) -> int:
    """Run everything and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args(arguments).rounds
    other = [(encode(portrait(seed)), encode(portrait(seed + 20))) for seed in range(PEOPLE)]
    rows: list[tuple[str, Callable[[bytes, bytes], object], list[tuple[bytes, bytes]], int | None]] = [
        ("bare imagehash, phash + dhash", bare_imagehash, pairs(PLATFORM["jpeg q60"]), None),
        ("compare: re-encoded", compare, pairs(PLATFORM["jpeg q60"]), EQUAL_LIMIT),
        ("compare: resized 358x478", compare, pairs(PLATFORM["resize 358x478"]), EQUAL_LIMIT),
        ("compare: thumbnail 120x160", compare, pairs(PLATFORM["resize 120x160 q75"]), EQUAL_LIMIT),
        ("compare: cropped 1%", compare, pairs(PLATFORM["crop 1%"]), SEARCH_LIMIT),
        ("compare: cropped 8%", compare, pairs(PLATFORM["crop 8%"]), SEARCH_LIMIT),
        ("compare: fitted 358x441", compare, pairs(PLATFORM["fit 358x441"]), SEARCH_LIMIT),
        ("compare: watermark", compare, pairs(CHANGED["watermark"]), SEARCH_LIMIT),
        ("compare: mirrored", compare, pairs(CHANGED["mirrored"]), SEARCH_LIMIT),
        ("compare: different people", compare, other, SEARCH_LIMIT),
        ("inspect", lambda a, _: inspect(a), other, None),
    ]
    broken = False
    for title, function, data, limit in rows:
        broken |= report(title, [lambda a=a, b=b, f=function: f(a, b) for a, b in data], rounds, limit)  # type: ignore[misc]
    broken |= process(rounds)
    print("LIMITS BROKEN" if broken else "limits kept")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
