"""Only reads are ever tried again: who may try again is written down here, and a write is none of them."""

from __future__ import annotations

import ast

from tests.structure.source import Module, modules

MAY_READ_AGAIN = {
    "agent/browser/site_browser.py:with_retries",
    "flows/sites/login.py:sign_in",  # the opening of the form, before anything is typed
    "flows/run/sites.py:reading",
}
AGAIN = {"with_retries", "retry", "Retrying"}


def _users(module: Module) -> set[str]:
    """Functions that call something which tries again."""
    return {
        f"{module.path}:{function.name}"
        for function in module.functions()
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _is_again(call.func)
    }


def _is_again(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        owner = called.value.id if isinstance(called.value, ast.Name) else ""
        return called.attr in AGAIN or (owner, called.attr) == ("retry", "retry_read")
    return isinstance(called, ast.Name) and called.id in AGAIN


def test_tenacity_is_used_in_one_module() -> None:
    using = {
        module.path
        for module in modules("agent", "flows")
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            "tenacity" in name
            for name in (getattr(node, "module", None) or "", *(a.name for a in node.names))
        )
    }
    assert using == {
        "agent/retry.py",
        "agent/cohort/store.py",
    }  # the latter waits for a database, never for a site


def test_only_reads_are_tried_again() -> None:
    using = set().union(*(_users(module) for module in modules("agent", "flows")))
    assert using == MAY_READ_AGAIN | {"agent/retry.py:retry_read"}


def test_a_write_acts_where_nothing_is_tried_again() -> None:
    (steps,) = (module for module in modules("agent") if module.path == "agent/engine/steps.py")
    acting = [
        node
        for node in ast.walk(steps.tree)
        if isinstance(node, ast.With) and any("no_retries" in ast.unparse(item) for item in node.items)
    ]
    acts = [call for name, call in steps.calls() if name == "act"]
    assert len(acts) == 1
    assert any(acts[0] in ast.walk(block) for block in acting)
