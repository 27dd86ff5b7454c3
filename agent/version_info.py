"""Which build of the program this is, for whoever looks into a fault."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
from importlib.metadata import Distribution, version
from importlib.resources import files
from pathlib import Path

UNKNOWN = "未知"


def version_info() -> dict[str, str]:
    """Look up the versions of the program and of what it runs on; starts no browser."""
    return {
        "gradsync": version("gradsync"),
        "commit": _written_commit() or _installed_commit() or _checked_out_commit() or UNKNOWN,
        "python": platform.python_version(),
        "playwright": version("playwright"),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _written_commit() -> str:
    noted = files("agent").joinpath("commit.txt")
    return noted.read_text("ascii").strip() if noted.is_file() else ""


def _installed_commit() -> str:
    """What pip wrote down where it installed from a repository (PEP 610)."""
    noted = json.loads(Distribution.from_name("gradsync").read_text("direct_url.json") or "{}")
    return str(noted.get("vcs_info", {}).get("commit_id", ""))


def _checked_out_commit() -> str:
    """The commit of the checkout this module lies in."""
    root, git = Path(__file__).parents[1], shutil.which("git")
    if not git or not root.joinpath(".git").exists():
        return ""
    asked = [git, "-C", str(root), "rev-parse", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
