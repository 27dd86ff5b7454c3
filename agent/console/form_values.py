"""Values of a page's form, by name."""

from __future__ import annotations

import base64

from starlette.datastructures import FormData

from agent.errors import UsageError

MOST_DIGITS = 6


def text_of(form: FormData, name: str) -> str:
    """Return a text, trimmed; empty where there is none."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def number_of(text: str) -> int | None:
    """Return a number from a page's form, of at most ``MOST_DIGITS`` digits; None where it is none."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def bytes_of(form: FormData, name: str) -> bytes:
    """Return a file that the page's script sends along as base64: the browser would decode it as it likes.

    Raises:
        UsageError: It is no base64.
    """
    try:
        return base64.b64decode(text_of(form, name), validate=True)
    except ValueError:
        raise UsageError("选择的文件没有传过来。", "请返回，刷新页面后再选一次。") from None
