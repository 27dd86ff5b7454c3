"""The unseen sites: dialects by name, and both sites of a world served on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.robustness.unseen.chsi import Chsi, ChsiDialect
from tests.robustness.unseen.platform import Platform, PlatformDialect
from tests.robustness.unseen.serving import listening, origin, serving
from tests.robustness.unseen.world import World

CHSI = {
    "lists": ChsiDialect("labels", "chain", "lists"),
    "cards": ChsiDialect("cells", "deep", "cards", "once"),
    "mobile": ChsiDialect("block", "list", "mobile"),
    "pairs": ChsiDialect("framed", "deep", "pairs", "data"),
    "tabs": ChsiDialect("block", "tabs", "tabs"),
    "table": ChsiDialect("labels", "table", "lists", "once"),
    "blob": ChsiDialect("cells", "chain", "cards", "blob"),
    "background": ChsiDialect("block", "deep", "cards", "background"),
    "late": ChsiDialect("cells", "deep", "late"),
    "spaced": ChsiDialect("passport", "deep", "spaced"),
    "split": ChsiDialect("labels", "chain", "split", "once"),
    "app": ChsiDialect("cells", "app", "cards"),
    "lazy": ChsiDialect("labels", "list", "lists", "lazy"),
}
PLATFORM = {
    "frames": PlatformDialect(
        "cells", "frames", "links", "header", "classic", who="您好，{name}同学", photo_seconds=0.6
    ),
    "spa": PlatformDialect(
        "block", "spa", "cards", "cards", "layer", "inputs", who="{name}（{number}）", part_seconds=0.6
    ),
    "windows": PlatformDialect("labels", "windows", "links", "double", "auto", "inputs", who=""),
    "nested": PlatformDialect("framed", "nested", "tree", "lines", "silent", who="{name}"),
    "plain": PlatformDialect(
        "labels", "plain", "tree", "dl", "classic", who="欢迎您：{name} 同学", overlay=True
    ),
    "buttons": PlatformDialect("passport", "plain", "rows", "flex", "hidden_frame", "lines", who="{name}"),
    "json": PlatformDialect("block", "nested", "links", "twins", "json", "inputs", who=""),
    "grid": PlatformDialect(
        "labels", "spa", "rows", "rowdivs", "silent", "table", who="{name}同学，你好", part_seconds=3
    ),
    "cells": PlatformDialect(
        "framed", "frames", "cards", "cells", "auto", "lines", who="当前用户：{name}", overlay=True
    ),
    "late": PlatformDialect("passport", "plain", "links", "late", "layer", "table", who="你好，{name}"),
    "layers": PlatformDialect("labels", "layers", "links", "action", "classic", "table", who="{name}"),
    "tabs": PlatformDialect("labels", "tabs", "cards", "groups", "layer", "inputs", who="您好！{name}"),
    "hover": PlatformDialect("labels", "hover", "links", "stacked", "auto", "lines", who="{name}"),
    "bare": PlatformDialect("labels", "windows", "rows", "bare", "hidden_frame", "lines", who="{name}"),
}


@dataclass(frozen=True)
class Unseen:
    """Both sites, running."""

    world: World
    settings: dict[str, Any]

    def with_password(self, site: str, password: str) -> dict[str, Any]:
        """Return the settings with another password for one site."""
        return {**self.settings, site: {**self.settings[site], "password": password}}


@contextmanager
def unseen(world: World, chsi: ChsiDialect, platform: PlatformDialect) -> Iterator[Unseen]:
    """Serve one world in two dialects while inside."""
    with listening(3) as sockets:
        at, shell, inner = (origin(sock) for sock in sockets)
        app = Platform(world, platform, inner).app()
        given = world.student.credentials
        settings = {
            "chsi": {
                "login_url": f"{at}/login",
                "archive_url": f"{at}{chsi.archive_path}",
                "username": given["chsi"].username,
                "password": given["chsi"].password,
            },
            "chaoxing": {
                "login_url": f"{shell}/login",
                "username": given["chaoxing"].username,
                "password": given["chaoxing"].password,
            },
        }
        with serving([Chsi(world, chsi).app(), app, app], sockets):
            yield Unseen(world, settings)
