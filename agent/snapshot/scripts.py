"""Scripts that run in a site's page, by their names: the files of ``agent/snapshot/js``."""

from __future__ import annotations

from importlib.resources import files


def script(name: str) -> str:
    """Return the text of a script.

    Args:
        name: The name of its file, without ``.js``.
    """
    return files("agent.snapshot").joinpath("js", f"{name}.js").read_text("utf-8")
