"""Answers that several pages of the console give: a file to keep, and that something is not there."""

from __future__ import annotations

from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.responses import Response

T = TypeVar("T")


def or_404(value: T | None) -> T:
    """Return what was looked for; raises ``HTTPException`` 404 where it is not there."""
    if value is None:
        raise HTTPException(404)
    return value


def download(data: bytes | str, name: str, media_type: str) -> Response:
    """Return a file that the browser keeps under a name."""
    head = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, headers=head, media_type=media_type)
