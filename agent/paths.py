"""Folders of the user's machine in which the program keeps something, all of them."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APP = "gradsync"


def settings_folder() -> Path:
    """Return where the user's own ``gradsync.toml`` is looked for."""
    return platformdirs.user_config_path(APP)


def cohort_key_file() -> Path:
    """Return where the key of cohorts is kept on a computer without a keyring; never beside a store."""
    return platformdirs.user_config_path(APP) / "cohort.key"


def saved_logins_folder() -> Path:
    """Return where sign-ins are kept; never in a case."""
    return platformdirs.user_data_path(APP) / "sessions"


def learned_folder() -> Path:
    """Return where menu words lie that were learned by watching."""
    return platformdirs.user_data_path(APP) / "learned"


def consents_folder() -> Path:
    """Return where it is kept which consents were withdrawn, and which cases were made with one."""
    return platformdirs.user_data_path(APP) / "consents"


def locks_folder() -> Path:
    """Return where it is kept for whom something is running now."""
    return platformdirs.user_data_path(APP) / "locks"


def documents_folder() -> Path:
    """Return the user's documents, where cases go when the program's own folder cannot be written to."""
    return platformdirs.user_documents_path()


def browser_cache_folder() -> Path:
    """Return where Playwright keeps the browsers that it fetches, in a folder of its own."""
    return Path.home() / ".cache" if sys.platform == "linux" else platformdirs.user_cache_path()
