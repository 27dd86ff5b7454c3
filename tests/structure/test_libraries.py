"""No component library's class name, id or tag in what works on sites: things are found by what is painted and what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.structure.source import ROOT, Module, modules

SITES_AND_TOOLS = ("agent", "flows")
PAGE_FILES = ("*.js", "*.css", "*.toml")
PREFIXES = (
    "el", "van", "ant", "anticon", "layui", "layer", "laydate", "laypage", "l-btn", "datagrid", "easyui", "combo", "combobox",
    "datebox", "textbox", "filebox", "messager", "webuploader", "bootstrap-table", "fixed-table", "swal2", "ivu", "ant-design",
)  # fmt: skip
WHOLE = ("layui", "easyui", "webuploader", "swal2", "bootstrap-table", "l-btn", "layui-layer")
"""Names that stand for a library also without anything after them."""
NAME = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(map(re.escape, PREFIXES))})-{{1,2}}[a-z][\w-]*|(?:{'|'.join(map(re.escape, WHOLE))}))(?![\w])"
)
QUOTED = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")


def _named(text: str) -> list[str]:
    return [match[0] for match in NAME.finditer(text)]


def _in_strings(module: Module) -> Iterator[str]:
    """String literals of a module that are no docstrings: those only tell."""
    told = {
        id(node.value)
        for node in module.nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield from (f"{module.where(node)} {name}" for name in _named(node.value))


def _in_page_files() -> Iterator[str]:
    for package in SITES_AND_TOOLS:
        for path in sorted(file for pattern in PAGE_FILES for file in (ROOT / package).rglob(pattern)):
            text = path.read_text("utf-8")
            said = text if path.suffix == ".css" else "\n".join(QUOTED.findall(text))
            yield from (f"{path.relative_to(ROOT).as_posix()} {name}" for name in _named(said))


def test_no_library_is_named_in_the_strings_of_the_program() -> None:
    assert [where for module in modules(*SITES_AND_TOOLS) for where in _in_strings(module)] == []


def test_no_library_is_named_in_what_runs_in_pages_or_in_profiles() -> None:
    assert list(_in_page_files()) == []


@pytest.mark.parametrize(
    "text",
    [
        ".el-select", "span.van-cell__title", "[class*=ant-select]", "layui-layer-btn0", "a.l-btn", ".datagrid-row", "el-input",
        "div > .combo-arrow", ".webuploader-pick", "table.bootstrap-table", ".anticon-close", ".layui",
    ],
)  # fmt: skip
def test_the_rule_finds_names_of_libraries(text: str) -> None:
    assert _named(text)


@pytest.mark.parametrize(
    "text",
    [
        "significant-part",
        "relevant-el",
        "model-x",
        "caravan-site",
        "layered",
        "input, select",
        "role=combobox",
    ],
)
def test_the_rule_passes_words_that_only_look_alike(text: str) -> None:
    assert _named(text) == []


def test_a_selector_is_found_and_a_docstring_is_not() -> None:
    code = '"""Of .el-select."""\nWHERE = "div .el-select"\n'
    assert list(_in_strings(Module("example.py", ast.parse(code)))) == ["example.py:2 el-select"]
