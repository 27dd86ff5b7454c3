"""What several pages of the console take from a form, by name, and what they answer: a file to keep, or that nothing is there."""

from __future__ import annotations

import base64
from typing import TypeVar

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from agent.console.security import ConsoleSession
from agent.errors import UsageError

T = TypeVar("T")
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


def or_404(value: T | None) -> T:
    """Return what was looked for; raises ``HTTPException`` 404 where it is not there."""
    if value is None:
        raise HTTPException(404)
    return value


def download(data: bytes | str, name: str, media_type: str) -> Response:
    """Return a file that the browser keeps under a name."""
    head = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=head, media_type=media_type)


def session_of(request: Request) -> ConsoleSession:
    """Return the session that the guard has found for a request."""
    session: ConsoleSession = request.state.session
    return session
