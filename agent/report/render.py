"""The report as pages for people: HTML, Markdown and PDF, in Simplified Chinese and the sites' own words."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from agent.photo.file_type import sniff
from agent.report import model, words
from agent.templates import templates

if TYPE_CHECKING:
    from jinja2 import Environment
    from playwright.sync_api import Browser


_REACHED: Final = re.compile(
    r"(?P<mail>[A-Za-z0-9_.-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)|(?<![0-9-])(?P<phone>0[0-9]{2,3}-[0-9]{7,8})(?![0-9-])"
)
RASTER: Final = ("jpeg", "png", "gif")
ABOUT_GRADES: Final = "grades."
_CHECK_ORDER: Final = tuple(words.WORDS["check"])


@dataclass(frozen=True, slots=True)
class PhotoSlot:
    """One place in the row of photos; ``source`` is a ``data:`` address, or null when there is no picture."""

    key: str
    caption: str
    site: str
    file: model.PhotoFile | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Glance:
    """One tile of the ten-second summary, leading to a section of the page."""

    label: str
    value: str
    tone: words.Tone
    section: str


def sorted_checks(rows: Iterable[model.CheckRow]) -> list[model.CheckRow]:
    """Return the checks with what needs a look first, otherwise in their order."""
    return sorted(rows, key=lambda row: _CHECK_ORDER.index(row.verdict))


def check_sites(rows: Sequence[model.CheckRow]) -> tuple[str, str]:
    """Return the site that most left and most right sides are from: the heads of the two columns."""
    left = Counter(row.left.site for row in rows)
    right = Counter(row.right.site for row in rows if row.right and row.right.site != row.left.site)
    return _commonest(left, "chsi"), _commonest(right, "chaoxing")


def _commonest(counted: Counter[str], default: str) -> str:
    return counted.most_common(1)[0][0] if counted else default


def glances(report: model.Report) -> list[Glance]:
    """Return the tiles of the ten-second summary: the window, the photo, the conditions, the checks."""
    makers = (_window_glance, _photo_glance, _conditions_glance, _checks_glance)
    return [tile for make in makers if (tile := make(report))]


def _window_glance(report: model.Report) -> Glance | None:
    if report.window is None:
        return None
    said = words.window_words(report.window)
    end = words.day(report.window.end, year=report.window.state == "after")
    return Glance(f"截止 {end}", said.text, said.tone, "next")


def _photo_glance(report: model.Report) -> Glance | None:
    for row in report.photo.comparisons if report.photo else ():
        if {row.a, row.b} == {"chsi", "platform_copy"}:
            said = words.comparison_words(row)
            return Glance("学信网照片与平台照片", said.text, said.tone, "photos")
    if report.photo and report.photo.chsi:
        return Glance("学信网照片", "已取得，未比较", "plain", "photos")
    return None


def _conditions_glance(report: model.Report) -> Glance | None:
    if report.conditions is None:
        return None
    total, unmet = len(report.conditions.items), report.conditions.counts.unmet
    value = f"{report.conditions.counts.met} / {total} 项已满足"
    return Glance("毕业条件", value, "warn" if unmet else "plain", "conditions")


def _checks_glance(report: model.Report) -> Glance | None:
    rows = record_checks(report)
    if not rows:
        return None
    worst = rows[0].verdict
    alike = sum(row.verdict in {"match", "tolerated"} for row in rows)
    if alike == len(rows):
        return Glance("信息核对", f"{alike}项一致", "good", "checks")
    count = sum(row.verdict == worst for row in rows)
    return Glance(
        "信息核对", f"{count}项{words.word(worst, 'check').text}", words.word(worst, "check").tone, "checks"
    )


def record_checks(report: model.Report) -> list[model.CheckRow]:
    """Return the comparisons of records, what needs a look first; those of grades with conditions stand with the grades."""
    return sorted_checks(row for row in report.checks if not row.id.startswith(ABOUT_GRADES))


def placed(row: model.CheckRow, heads: tuple[str, str]) -> tuple[list[model.Side], list[model.Side]]:
    """Return a check's values for the two columns, each under its own site; a site that heads neither takes the free one."""
    sides = [row.left, *([row.right] if row.right else [])]
    columns: tuple[list[model.Side], list[model.Side]] = ([], [])
    for side in (one for one in sides if one.site in heads):
        columns[heads.index(side.site)].append(side)
    for side in (one for one in sides if one.site not in heads):
        columns[1 if columns[0] or (not columns[1] and side is row.right) else 0].append(side)
    return columns


def linked(text: str) -> Markup:
    """Return text in which telephone numbers and mail addresses are links."""
    return Markup(_REACHED.sub(_reach, str(escape(text))))


def _reach(found: re.Match[str]) -> str:
    if found["mail"]:
        return f'<a href="mailto:{found["mail"]}">{found["mail"]}</a>'
    return f'<a href="tel:{found["phone"].replace("-", "")}">{found["phone"]}</a>'


def is_address(text: str) -> bool:
    """True for an address that a link may lead to."""
    return re.fullmatch(r"https?://[A-Za-z0-9.:-]+(/[!-~]*)?", text) is not None


def photo_slots(report: model.Report, images: Mapping[str, bytes]) -> list[PhotoSlot]:
    """Return the photos in showing order; the 学历照片 always has a place, so that its absence is seen."""
    if report.photo is None:
        return []
    slots = [
        PhotoSlot(key, *words.PHOTOS[key], getattr(report.photo, key), _data_address(images.get(key)))
        for key in words.PHOTOS
    ]
    return [slot for slot in slots if slot.key == "chsi" or slot.file or slot.source]


def _data_address(data: bytes | None) -> str | None:
    """Return a ``data:`` address for a raster image; null for anything else, such as HTML sent as a photo."""
    kind = sniff(data) if data else ""
    return f"data:image/{kind};base64,{b64encode(data).decode()}" if data and kind in RASTER else None


_MARKDOWN_SPECIAL: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|~&!$"})


def escape_markdown(value: object) -> str:
    """Return text that Markdown shows as it stands: one line, no character with a meaning."""
    line = "".join(char if char.isprintable() else " " for char in str(value)).strip()
    line = line.translate(_MARKDOWN_SPECIAL)
    # What would begin a heading, a list or an underline: a mark, or a number with a dot.
    return re.sub(r"^(\d+)(?=[.)](?:\s|$))|^(?=[#+=:-])", r"\1\\", line, count=1)


def render_html(report: model.Report, images: Mapping[str, bytes]) -> str:
    """Return report.html: self-contained, readable without script, under a policy that allows no request.

    Args:
        images: Photo bytes by ``chsi``, ``platform_copy`` and ``enrollment``, and crops by their files; JPEG, PNG or GIF are shown.

    Returns:
        One HTML document with its style and pictures inside.
    """
    environment = _environment(html=True)
    style = environment.get_template("report.css").render(demo=report.demo)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        style=style,
        style_digest=digest,
        photos=photo_slots(report, images),
        shown={name: address for name, data in images.items() if (address := _data_address(data))},
        **_context(report),
    )


def render_markdown(report: model.Report) -> str:
    """Return report.md: the same things in the same order, without pictures."""
    text = _environment(html=False).get_template("report.md").render(_context(report))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def print_pdf(html: str, browser: Browser) -> bytes:
    """Print a page of ``render_html`` on A4, colours as on the screen.

    Args:
        html: The page.
        browser: A Chromium that can print; the page gets an offline context of its own, closed afterwards.

    Returns:
        The bytes of the PDF, tagged and with an outline.
    """
    context = browser.new_context(offline=True, java_script_enabled=False, locale="zh-CN")
    try:
        page = context.new_page()
        page.set_content(html, wait_until="load")
        return page.pdf(
            prefer_css_page_size=True, format="A4", print_background=True, tagged=True, outline=True
        )
    finally:
        context.close()


def _context(report: model.Report) -> dict[str, object]:
    return {
        "report": report,
        "glances": glances(report),
        "outcome": words.outcome_words(report),
        "effects": words.effects_sentence(report),
        "records": record_checks(report),
        "on_grades": [row for row in report.checks if row.id.startswith(ABOUT_GRADES)],
    }


@cache
def _environment(*, html: bool) -> Environment:
    """Return the templates' environment, in which every value is escaped for the format."""
    environment = templates("agent.report", autoescape=html, finalize=None if html else escape_markdown)
    environment.globals.update(BLANK=words.BLANK, PHOTOS=words.PHOTOS)
    environment.filters.update({named.__name__: named for named in FILTERS})
    return environment


FILTERS: Final[tuple[Callable[..., object], ...]] = (
    *(linked, is_address, placed, sorted_checks, record_checks, check_sites),
    *(words.word, words.day, words.moment, words.size, words.tally, words.ask_words, words.window_words),
    *(words.change_words, words.learned_words, words.comparison_words, words.side_words),
)
