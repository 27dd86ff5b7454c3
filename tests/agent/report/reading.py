"""Reading pages back, and filling a report with one text everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal, TypeVar, get_args, get_origin

from agent.report.model import ReportModel

P = TypeVar("P", bound=ReportModel)
Attributes = dict[str, str | None]


@dataclass
class Element:
    """A start tag."""

    tag: str
    attributes: Attributes


@dataclass
class Page(HTMLParser):
    """The start tags and the texts of a page, in order; the style's text is left out."""

    html: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a start tag."""
        self.elements.append(Element(tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a text that a person can see."""
        if self.elements and self.elements[-1].tag != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All texts, joined."""
        return "".join(self.texts)

    @property
    def structure(self) -> list[tuple[str, frozenset[str]]]:
        """Tags with the names of their attributes: what no text may change."""
        return [(element.tag, frozenset(element.attributes)) for element in self.elements]

    def values(self, *names: str) -> list[str]:
        """The values of all attributes of these names."""
        return [
            value for element in self.elements for name in names if (value := element.attributes.get(name))
        ]


def filled(part: P, text: str) -> P:
    """Return the part with ``text`` in place of every string that is not one of a fixed set."""
    fields = type(part).model_fields
    return part.model_copy(
        update={
            name: _filled(getattr(part, name), text) for name in fields if not _fixed(fields[name].annotation)
        }
    )


def _fixed(annotation: object) -> bool:
    return Literal in {get_origin(each) for each in (annotation, *get_args(annotation))}


def _filled(value: object, text: str) -> object:
    if isinstance(value, str):
        return text
    if isinstance(value, ReportModel):
        return filled(value, text)
    if isinstance(value, tuple):
        return tuple(_filled(each, text) for each in value)
    return value
