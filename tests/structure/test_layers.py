"""The layers of the design hold: ``.importlinter``, run as part of the tests."""

from __future__ import annotations

import ast
import configparser

import pytest
from importlinter.cli import lint_imports

from flows.sites.registry import SITES
from tests.structure.source import ROOT, modules

CONFIG = ROOT / ".importlinter"


def test_every_import_goes_down_the_layers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(str(CONFIG), no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out


@pytest.mark.parametrize("package", ["agent", "flows"])
def test_every_package_has_its_layer(package: str) -> None:
    """What is not in the contract would import whatever it likes; a file inside a package has its package's place."""
    contracts = configparser.ConfigParser()
    contracts.read(CONFIG, "utf-8")
    layers = set(contracts[f"importlinter:contract:{package}"]["layers"].replace("|", "\n").split())
    inside = (ROOT / package).iterdir()
    found = {
        f"{package}.{path.stem}"
        for path in inside
        if (path.suffix == ".py" or (path / "__init__.py").is_file()) and path.stem != "__init__"
    }
    assert found <= layers


def test_duties_do_not_know_each_other() -> None:
    duties = [module for module in modules("flows/duties") if not module.path.endswith("__init__.py")]
    known = [
        f"{module.path} imports {node.module}"
        for module in duties
        for node in module.nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flows.duties")
    ]
    assert len(duties) >= 8
    assert known == []


def test_sites_do_not_know_each_other() -> None:
    sites = [site.id for site in SITES]
    known = [
        f"{module.path} imports {node.module}"
        for site in sites
        for module in modules(f"flows/sites/{site}")
        for node in module.nodes
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("flows.sites.")
        and (node.module or "").split(".")[2] in {*sites, "registry"} - {site}
    ]
    assert all((ROOT / "flows" / "sites" / site / "__init__.py").is_file() for site in sites)
    assert known == []
