"""The layers of the design hold: ``.importlinter``, run as part of the tests."""

from __future__ import annotations

import configparser

import pytest
from importlinter.cli import lint_imports

from tests.structure.source import ROOT

CONFIG = ROOT / ".importlinter"


def test_every_import_goes_down_the_layers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(str(CONFIG), no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    "package",
    [
        "agent",
        "flows",
        "agent.cli",
        "agent.report",
        "agent.consent",
        "agent.console",
        "flows.sites",
        "flows.duties",
    ],
)
def test_the_layers_of_a_package_name_every_module(package: str) -> None:
    """A new module must be given its place; without ``exhaustive`` it would escape the contract in silence."""
    contracts = configparser.ConfigParser()
    contracts.read(CONFIG, "utf-8")
    mine = [table for table in contracts.values() if table.get("containers", "").split() == [package]]
    assert len(mine) == 1
    assert mine[0]["exhaustive"] == "true"
