"""The product's own source, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: its path from the repository's root, and its tree."""

    path: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, walked once."""
        return tuple(ast.walk(self.tree))

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones too."""
        return (node for node in self.nodes if isinstance(node, Function))

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield every call of a method or function with its last name."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield _last_name(node.func), node

    def where(self, node: ast.stmt | ast.expr | ast.ExceptHandler) -> str:
        """Say where a node stands."""
        return f"{self.path}:{node.lineno}"


def _last_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """Return the parsed files of packages."""
    return tuple(_parsed(path) for package in packages for path in sorted((ROOT / package).rglob("*.py")))


@cache
def _parsed(path: Path) -> Module:
    return Module(path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes()))
