"""The report: a value (``model``) and its pages (``render``); names are loaded when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.report.model import SCHEMA_ID, Report, json_schema
    from agent.report.render import print_pdf, render_html, render_markdown

__all__ = ["SCHEMA_ID", "Report", "json_schema", "print_pdf", "render_html", "render_markdown"]

_MODEL = frozenset({"SCHEMA_ID", "Report", "json_schema"})


def __getattr__(name: str) -> object:
    """Load ``name`` from the module that defines it: pydantic and jinja2 are paid for by who uses them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _MODEL:
        from agent.report import model

        return getattr(model, name)
    from agent.report import render

    return getattr(render, name)
