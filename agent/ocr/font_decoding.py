"""Text whose characters stand at private-use code points of the page's own font: what it may be taken to say.

No table of such a font is kept anywhere: it may change any day. Every page is read by eye, and a reading counts only where
nothing on the same page speaks against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from agent.ocr.engine import Guess

SURE = 0.8
"""The confidence that the weakest letter of a reading must have."""
READINGS = 2
"""How many sure readings it takes."""
PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
RUN = re.compile(rf"[^\s|｜]*[{PRIVATE}][^\s|｜]*")
_DOTS = str.maketrans(dict.fromkeys("・•‧∙⋅", "·"))


def runs(text: str) -> list[str]:
    """Return the words of a text in which private-use characters occur."""
    return RUN.findall(text)


def is_coded(char: str) -> bool:
    """Say whether a character is a private-use one."""
    return unicodedata.category(char) == "Co"


def agreed(guesses: Iterable[Guess]) -> str | None:
    """Return what a line says as soon as it was read surely ``READINGS`` times and never as anything else; else None."""
    texts: set[str] = set()
    sure = 0
    for guess in guesses:
        texts.add(unicodedata.normalize("NFKC", "".join(guess.text.split()).translate(_DOTS)))
        sure += guess.confidence >= SURE
        if len(texts) > 1 or sure == READINGS:
            break
    return texts.pop() or None if len(texts) == 1 and sure == READINGS else None


def settled(readings: Mapping[str, str | None]) -> dict[str, str | None]:
    """Hold the readings of one page's runs against each other.

    Args:
        readings: Each run with what it seems to say; None where that isn't sure.

    Returns:
        Each run with what it says: what stands there plainly, and for each code point the letter that was read. None where a
        run is not sure, has another number of letters than was read, or has a code point that was elsewhere read as another
        letter, or a letter that was elsewhere read from another code point (then letters of one shape were taken for another,
        or the font did not come and all look alike).
    """
    fitting = {run: text for run, text in readings.items() if text is not None and _fits(run, text)}
    pairs = {pair for run, text in fitting.items() for pair in _pairs(run, text)}
    doubtful = _claimed_twice(pairs) | {
        (code, letter) for letter, code in _claimed_twice((b, a) for a, b in pairs)
    }
    sound = {run: text for run, text in fitting.items() if doubtful.isdisjoint(_pairs(run, text))}
    return {run: _filled(run, sound[run]) if run in sound else None for run in readings}


def _fits(run: str, text: str) -> bool:
    """True when a reading has a letter for each character, and says what stands there plainly."""
    plain = [unicodedata.normalize("NFKC", char) for char in run]
    return len(plain) == len(text) and all(
        is_coded(char) or said == letter for char, said, letter in zip(run, plain, text, strict=True)
    )


def _pairs(run: str, text: str) -> list[tuple[str, str]]:
    return [(char, letter) for char, letter in zip(run, text, strict=True) if is_coded(char)]


def _claimed_twice(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    partners = defaultdict(set)
    for one, other in pairs:
        partners[one].add(other)
    return {(one, other) for one, others in partners.items() if len(others) > 1 for other in others}


def _filled(run: str, text: str) -> str:
    """The run with letters in place of its code points."""
    return "".join(letter if is_coded(char) else char for char, letter in zip(run, text, strict=True))
