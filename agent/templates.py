"""Templates of a package, as pages and files are made from them: values are escaped, and a missing one is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(package: str, **options: object) -> Environment:
    """Return the environment of a package's folder ``templates``; ``options`` are jinja2's own, for what is no HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    usual: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    return Environment(loader=PackageLoader(package), undefined=StrictUndefined, **usual | options)
