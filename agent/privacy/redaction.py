"""Masks for what may be shown in part, and the one redactor for every byte that reaches a disk or a stream.

Masks follow the contract: of 15 or more characters the last 4 are shown, of fewer the last 2; of a name the
first character. Passwords, cookies and codes leave no trace but :data:`REDACTED`.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import NamedTuple
from urllib.parse import quote

from agent.reconcile.document_numbers import has_check_digit, normalise_number

REDACTED = "[redacted]"


def mask_number(text: str) -> str:
    """``text`` with its last 4 characters shown when it has 15 or more, else its last 2 (contract, Masks)."""
    shown = 4 if len(text) >= 15 else 2
    return "*" * (len(text) - shown) + text[-shown:]


def partly_shown(text: str) -> str:
    """``text`` as its owner checks it on their own screen, never in a file: of 15 or more characters 6 + 4 are shown, else 2 + 2."""
    first, last = (6, 4) if len(text) >= 15 else (2, 2)
    if len(text) <= first + last:
        return mask_number(text)
    return f"{text[:first]}{'*' * (len(text) - first - last)}{text[-last:]}"


def mask_name(text: str) -> str:
    """``text`` with only its first character shown, one asterisk per hidden character (contract, Masks).

    A variation selector belongs to the rare character before it and is neither shown alone nor counted.
    """
    characters = re.findall(r"(?s).[\ufe00-\ufe0f\U000e0100-\U000e01ef]*", text)
    return "".join(characters[:1]) + "*" * len(characters[1:])


class _Span(NamedTuple):
    start: int
    end: int
    replacement: str


class _Needle(NamedTuple):
    """A literal to look for; in base64 its neighbours may carry some of its bits and go with it."""

    text: str
    replacement: str
    bits_before: bool = False
    bits_after: bool = False


class _Pattern(NamedTuple):
    """An expression whose group ``value`` is to be replaced."""

    expression: re.Pattern[str]
    replacement: str


class Redactor:
    """Takes known secrets and recognisable ones out of text.

    Known values are found as they stand and in URL-encoded, JSON-, HTML- and Python-escaped form, each also
    inside another, and in base64. Unknown ones are recognised by form: resident numbers with a right check
    digit, single sign-on tickets, credentials in queries, headers, addresses and quoted ``key: value`` pairs.

    Safe to share between threads: a value added is honoured by every later :meth:`redact`.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._needles: frozenset[_Needle] = frozenset()
        self._patterns: frozenset[_Pattern] = frozenset()

    def add_secret(self, value: str) -> None:
        """Register a password, cookie or code; it is replaced by :data:`REDACTED`.

        Short values also occur by chance in digests and dates. Up to 7 ASCII letters and digits are therefore
        replaced only where no further letter or digit adjoins, under 4 characters only as a whole quoted
        string or after an equals sign. Blank values are ignored.
        """
        if not value.strip():
            return
        if len(value) < 4:
            whole = re.compile(rf"(?<=[=\"'])(?P<value>{re.escape(value)})(?=[\s&;,\\\"']|$)")
            self._add(patterns=[_Pattern(whole, REDACTED)])
        elif len(value) < 8 and value.isascii() and value.isalnum():
            self._add(_base64_needles(value), [_Pattern(_standing_alone(value), REDACTED)])
        else:
            self._add([*_escaped_needles(value, REDACTED), *_base64_needles(value)])

    def add_number(self, value: str) -> None:
        """Register a document number; it is replaced by its mask, also where spaces, hyphens or unseen characters group it.

        Fewer than 6 characters are no document number and are treated as a secret.
        """
        number = normalise_number(value)
        if len(number) < 6:
            self.add_secret(number)
            return
        mask = mask_number(number)
        escaped = [needle for text in (value, number) for needle in _escaped_needles(text, mask)]
        encoded = [needle for text in (number, number.lower()) for needle in _base64_needles(text)]
        older = [f"{number[:6]}{number[8:17]}"] if has_check_digit(number) else []  # the same with 15 digits
        patterns = [_Pattern(_grouped(text), mask_number(text)) for text in (number, *older)]
        self._add(escaped + encoded, patterns)

    def add_name(self, value: str) -> None:
        """Register a person's name; it is replaced by its mask, also with blanks in it. A single character is ignored."""
        value = value.strip()
        for name in {value, re.sub(r"\s", "", value)}:
            if len(name) > 1:
                needles = [*_escaped_needles(name, mask_name(name)), *_base64_needles(name)]
                patterns = [_Pattern(_spaced(name), mask_name(name))] if not re.search(r"\s", value) else []
                self._add(needles, patterns)

    def redact(self, text: str) -> str:
        """``text`` without anything registered or recognised; where findings overlap, both go."""
        present = (needle for needle in self._needles if needle.text in text)
        found = {span for needle in present for span in _occurrences(text, needle)}
        for expression, replacement in self._patterns:
            found.update(_Span(*match.span("value"), replacement) for match in expression.finditer(text))
        found.update(_credentials(text), _resident_numbers(text))
        return _replace(text, _merge(found)) if found else text

    def _add(self, needles: Iterable[_Needle] = (), patterns: Iterable[_Pattern] = ()) -> None:
        # Copy on write: redact() reads whichever set is current without taking the lock.
        with self._lock:
            self._needles |= frozenset(needles)
            self._patterns |= frozenset(patterns)


# The forms a known value takes.


def _percent(text: str, *, safe: str) -> str:
    return quote(text, safe=safe, errors="surrogatepass")


def _lower_percent(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), _percent(text, safe=""))


_ESCAPES: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: _percent(text, safe=""),
    _lower_percent,
    lambda text: _percent(text, safe="/"),
    lambda text: _percent(text, safe="!'()*"),  # encodeURIComponent
    lambda text: _percent(text, safe=" ").replace(" ", "+"),  # forms
    lambda text: quote(text, safe="", encoding="gb18030", errors="replace"),  # forms of GBK pages
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: ascii(text)[1:-1],
    html.escape,
    lambda text: html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),  # markupsafe
    lambda text: html.escape(text, quote=False),
)


def _escaped_needles(value: str, replacement: str) -> Iterator[_Needle]:
    """``value`` under every escape and every pair of escapes (a JSON log of a URL, HTML showing JSON)."""
    once = {escape(value) for escape in _ESCAPES}
    return (_Needle(text, replacement) for text in {escape(text) for text in once for escape in _ESCAPES})


def _base64_needles(value: str) -> Iterator[_Needle]:
    """What is left of ``value`` in base64 at each of the three offsets it can have in the encoded bytes.

    Pieces under 6 characters occur by chance and are left out.
    """
    data = value.encode("utf-8", "surrogatepass")
    for offset in range(3):
        end = offset + len(data)
        encoded = base64.b64encode(bytes(offset) + data + bytes(-end % 3)).decode("ascii")
        piece = encoded[-(-offset * 8 // 6) : end * 8 // 6]
        if len(piece) >= 6:
            url_safe = piece.replace("+", "-").replace("/", "_")
            for text in {piece, url_safe, quote(piece, safe=""), piece.replace("/", "\\/")}:
                yield _Needle(text, REDACTED, bits_before=offset > 0, bits_after=end % 3 > 0)


def _standing_alone(value: str) -> re.Pattern[str]:
    """``value`` with no letter or digit next to it, save one that belongs to an escape before it.

    The value comes first and is looked back over, since a search for a literal is many times as fast.
    """
    word = re.escape(value)
    escapes = (r"%[0-9A-Fa-f]{2}", r"\\u[0-9A-Fa-f]{4}", r"\\x[0-9A-Fa-f]{2}", r"\\[bfnrt]")
    before = "|".join((f"(?<![0-9A-Za-z]{word})", *(f"(?<={escape}{word})" for escape in escapes)))
    return re.compile(f"(?P<value>{word})(?:{before})(?![0-9A-Za-z])")


_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_GAP = rf"(?:[\s+\-{_UNSEEN}]|%20|&nbsp;|\\u00a0|\\u3000){{0,2}}"
_NAME_GAP = rf"(?:[ \t\u00a0\u2002-\u200a\u3000{_UNSEEN}]|&nbsp;){{0,3}}"
_DOTS = "·•‧・･∙⋅⦁▪ㆍ．."


def _grouped(number: str) -> re.Pattern[str]:
    """``number`` in either case and width, with single gaps between its characters."""
    return re.compile(f"(?P<value>{_GAP.join(_any_width(char) for char in number)})")


def _spaced(name: str) -> re.Pattern[str]:
    """``name`` as pages set it out: blanks between its characters, and any dot for the one between its parts."""
    characters = (f"[{_DOTS}]" if char in _DOTS else re.escape(char) for char in name)
    return re.compile(f"(?P<value>{_NAME_GAP.join(characters)})")


def _any_width(char: str) -> str:
    if not (char.isascii() and char.isalnum()):
        return re.escape(char)
    forms = {char.upper(), char.lower()}
    return f"[{''.join(forms)}{''.join(chr(ord(form) + 0xFEE0) for form in forms)}]"


# What is recognised without being known. A value ends with its word, before closing punctuation.

_INSIDE = r"\s&#\"<>\\，。；、）】」』"
_VALUE = rf"(?P<value>[^{_INSIDE}]*[^{_INSIDE}').,;}}])"
_EQUALS = ("=", "%3d", "%253d")
_SECRETS = ("password", "passwd", "pwd", "passphrase", "ticket", "token", "secret", "jsessionid", "castgc")
_QUERY_SECRETS = (
    *("lt", "execution", "code", "sms", "captcha", "verifycode", "vercode", "numcode"),
    *("key", "sid", "session", "enc", "auth", "signature"),
)
_IN_QUERY = r"(?:(?<=[?&;])|(?<=%3F)|(?<=%26)|(?<=%253F)|(?<=%2526))"
_QUOTED = r"\\?[\"']?\s*[:=]\s*(?P<q>\\?[\"'])(?P<value>(?:(?!(?P=q))(?:\\.|[^\\\n]))+)"


class _Recognised(NamedTuple):
    """Lower-case words, which are quick to find, and what must stand there for a value to be secret."""

    cues: tuple[str, ...]
    expression: re.Pattern[str]


def _recognised(cues: Iterable[str], expression: str) -> _Recognised:
    return _Recognised(tuple(cues), re.compile(expression, re.IGNORECASE))


_RECOGNISED = (
    _recognised((key + sign for key in _SECRETS for sign in _EQUALS), rf"\w+(?:=|%3D|%253D){_VALUE}"),
    _recognised(
        (key + sign for key in _QUERY_SECRETS for sign in _EQUALS), rf"{_IN_QUERY}\w+(?:=|%3D|%253D){_VALUE}"
    ),
    _recognised(_SECRETS, rf"(?:{'|'.join(_SECRETS)}){_QUOTED}"),
    _recognised(
        ("cookie", "authorization"), r"(?:cookie|authorization)[\"']?\s*:\s*[\"']?(?P<value>[^\r\n\"']+)"
    ),
    _recognised(
        ("st-", "pt-", "lt-", "tgt-", "pgt-", "pgtiou-", "tgc-"),
        r"(?<![a-z])(?P<value>(?-i:[A-Z]+)-[0-9]+-[\w.~-]{6,})",
    ),
    _recognised(("://",), r"://[^\s/:@\"]+:(?P<value>[^\s/@\"]+)@"),
)
_RESIDENT_NUMBER = re.compile(
    r"(?=(?P<value>[0-9]{6}[ -]?(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[ -]?[0-9]{3}[0-9Xx]))"
)


def _resident_numbers(text: str) -> Iterator[_Span]:
    """Resident numbers by form and check digit, at every offset: an escape before one ends in digits too."""
    for match in _RESIDENT_NUMBER.finditer(text):
        number = re.sub(r"[ -]", "", match["value"]).upper()
        if has_check_digit(number):
            yield _Span(*match.span("value"), mask_number(number))


def _credentials(text: str) -> Iterator[_Span]:
    lowered = _lower(text)
    for cues, expression in _RECOGNISED:
        for cue in (cue for cue in cues if cue in lowered):
            yield from (
                _Span(*match.span("value"), REDACTED) for match in _cued(text, lowered, cue, expression)
            )


def _cued(text: str, lowered: str, cue: str, expression: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Matches that begin at ``cue``; what one has taken is not searched again, so the time stays linear."""
    start = lowered.find(cue)
    while start >= 0:
        match = expression.match(text, start)
        if match:
            yield match
        start = lowered.find(cue, match.end() if match else start + 1)


def _lower(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(char.lower()[:1] for char in text)


def _occurrences(text: str, needle: _Needle) -> Iterator[_Span]:
    start = text.find(needle.text)
    while start >= 0:
        end = start + len(needle.text)
        grow_left = needle.bits_before and start > 0 and _is_base64(text[start - 1])
        grow_right = needle.bits_after and _is_base64(text[end : end + 1])
        yield _Span(start - grow_left, end + grow_right, needle.replacement)
        start = text.find(needle.text, start + 1)


def _is_base64(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in {"+", "/", "-", "_"})


def _merge(spans: Iterable[_Span]) -> Iterator[_Span]:
    """Spans in order, overlapping ones joined; joined ones that disagree on the replacement are redacted."""
    current: _Span | None = None
    for span in sorted(spans):
        if current and span.start < current.end:
            replacement = span.replacement if span.replacement == current.replacement else REDACTED
            current = _Span(current.start, max(current.end, span.end), replacement)
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _replace(text: str, spans: Iterable[_Span]) -> str:
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], span.replacement]
        position = span.end
    return "".join((*pieces, text[position:]))
