"""What the code must never contain, read from its syntax tree."""

from __future__ import annotations

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

import pytest

from tests.structure.source import Function, Module, modules

PRODUCT = ("agent", "flows", "fixtures")
SITES_AND_TOOLS = ("agent", "flows")
BOUNDARY = "agent/cli/boundary.py"
BROWSER = "agent/browser/launcher.py"
BROAD = {"Exception", "BaseException"}
LOCATORS = {"locator", "query_selector", "query_selector_all", "wait_for_selector", "frame_locator"}
PICKED = {"first", "last"}
MARKUP = re.compile(r"[#.]|\[(?:id|class|name)\b|nth|^//|xpath")
PARENT = "xpath=.."
STREAMS = ("sys.stdout", "sys.stderr")
PRINTING = {"agent/cli/output.py", "agent/cli/prompts.py", "agent/cohort/worker.py"}
"""Prints as text; a prompt without a line feed; what a worker died of, which names no more than a place of ours."""


def _found(*packages: str, which: str) -> list[str]:
    return [where for module in modules(*packages) for where in FINDERS[which](module)]


def _broad_handlers(module: Module) -> Iterator[str]:
    for node in module.nodes:
        if isinstance(node, ast.ExceptHandler) and _is_broad(node):
            yield module.where(node)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    names = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else BROAD
    )
    return bool(names & BROAD)


def _suppressed(module: Module) -> Iterator[str]:
    """``contextlib.suppress`` of everything is a broad except by another name."""
    for name, call in module.calls():
        if name == "suppress" and {arg.id for arg in call.args if isinstance(arg, ast.Name)} & BROAD:
            yield module.where(call)


def _waits(module: Module) -> Iterator[str]:
    return (module.where(call) for name, call in module.calls() if name in ("sleep", "wait_for_timeout"))


def _picks(module: Module) -> Iterator[str]:
    """``.first``, ``.last``, ``.nth()`` choose one of several things; a click may not."""
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and node.attr in PICKED | {"nth"}:
            yield module.where(node)


def _forced(module: Module) -> Iterator[str]:
    """``force=True`` and ``dispatch_event`` click what a person could not."""
    for name, call in module.calls():
        forced = any(word.arg == "force" for word in call.keywords)
        if forced or name == "dispatch_event":
            yield module.where(call)


def _launches(module: Module) -> Iterator[str]:
    for name, call in module.calls():
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        launches_something_else = isinstance(receiver, ast.Name) and receiver.id in ("typer", "DBOS")
        if (
            name in ("launch", "launch_persistent_context", "connect_over_cdp")
            and receiver
            and not launches_something_else
        ):
            yield module.where(call)


def _selectors(module: Module) -> Iterator[str]:
    """CSS and XPath that lean on a site's ids, classes, names or order, which nobody has seen and which change.

    The parent of what was found by its words (``xpath=..``) leans on none of these.
    """
    for name, call in module.calls():
        for arg in call.args[:1] if name in LOCATORS else ():
            if isinstance(arg, ast.Constant) and arg.value != PARENT and MARKUP.search(str(arg.value)):
                yield f"{module.where(arg)} {arg.value!r}"


def _variable_selectors(module: Module) -> Iterator[str]:
    """A selector that is put together at run time cannot be looked over here."""
    for name, call in module.calls():
        for arg in call.args[:1] if name in LOCATORS else ():
            if not isinstance(arg, ast.Constant):
                yield module.where(arg)


def _evaluated(module: Module) -> Iterator[str]:
    """``evaluate`` runs page code outside the fixed scripts in ``agent/snapshot/js``."""
    return (module.where(call) for name, call in module.calls() if name in ("evaluate", "eval_on_selector"))


def _prints(module: Module) -> Iterator[str]:
    """What is printed past ``agent/cli/output.py`` may hold escape sequences of a site or a file."""
    for name, call in module.calls():
        is_stream = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in STREAMS
        if (name == "print" and isinstance(call.func, ast.Name)) or (
            name in ("write", "writelines") and is_stream
        ):
            yield module.where(call)


FINDERS = {
    "broad except": _broad_handlers,
    "broad suppress": _suppressed,
    "sleep": _waits,
    "pick": _picks,
    "force": _forced,
    "launch": _launches,
    "selector": _selectors,
    "variable selector": _variable_selectors,
    "evaluate": _evaluated,
    "print": _prints,
}


@pytest.mark.parametrize("which", ["broad except", "broad suppress"])
def test_only_the_boundary_catches_everything(which: str) -> None:
    found = [where for where in _found(*PRODUCT, which=which) if not where.startswith(BOUNDARY)]
    assert found == []


def test_the_boundary_is_there() -> None:
    """The rule above would also pass if nothing caught everything anywhere."""
    assert any(where.startswith(BOUNDARY) for where in _found("agent", which="broad except"))


def test_only_agent_browser_launches_browsers() -> None:
    found = {where.rpartition(":")[0] for where in _found(*PRODUCT, which="launch")}
    assert found == {BROWSER}


def test_everything_is_printed_as_text() -> None:
    assert {where.rpartition(":")[0] for where in _found(*SITES_AND_TOOLS, which="print")} == PRINTING


@pytest.mark.parametrize("which", ["sleep", "pick", "force", "selector", "variable selector", "evaluate"])
def test_nothing_waits_blindly_or_leans_on_markup(which: str) -> None:
    assert _found(*SITES_AND_TOOLS, which=which) == []


@pytest.mark.parametrize(
    ("which", "code"),
    [
        ("broad except", "try:\n    f()\nexcept (ValueError, Exception):\n    pass"),
        ("broad except", "try:\n    f()\nexcept:\n    return_to_normal()"),
        ("broad except", "try:\n    f()\nexcept BaseException:\n    raise"),
        ("broad suppress", "suppress(Exception)"),
        ("sleep", "time.sleep(1)"),
        ("sleep", "page.wait_for_timeout(1)"),
        ("pick", "page.get_by_text('x').first.click()"),
        ("pick", "rows.nth(0)"),
        ("force", "button.click(force=True)"),
        ("launch", "playwright.chromium.launch()"),
        ("selector", "frame.locator('#loginBtn')"),
        ("selector", "frame.locator('input.phone')"),
        ("selector", "frame.locator('[name=username]')"),
        ("selector", "frame.locator('xpath=//div')"),
        ("variable selector", "frame.locator(f'#{name}')"),
        ("evaluate", "page.evaluate('click()')"),
        ("print", "print(text, file=sys.stderr)"),
        ("print", "sys.stderr.write(text)"),
        ("print", "sys.stdout.writelines(lines)"),
    ],
)
def test_the_rules_find_what_they_look_for(which: str, code: str) -> None:
    assert list(FINDERS[which](Module("example.py", ast.parse(code))))


# -- size and types ------------------------------------------------------------------------------------------------------


def _functions() -> Iterator[tuple[str, Function]]:
    for module in modules(*PRODUCT):
        yield from (
            (f"{module.where(function)} {function.name}", function) for function in module.functions()
        )


def _length(function: Function) -> int:
    """Lines from ``def`` to the end, the docstring not counted."""
    text = ast.get_docstring(function, clean=False)
    return (
        (function.end_lineno or 0) - function.lineno + 1 - (text.count("\n") + 1 if text is not None else 0)
    )


def test_functions_are_short() -> None:
    lengths = sorted(_length(function) for _, function in _functions())
    assert statistics.median(lengths) <= 10
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_no_function_is_long() -> None:
    long = [
        f"{module.where(function)} {function.name}"
        for module in modules(*SITES_AND_TOOLS)
        for function in module.functions()
        if _length(function) > 40
    ]
    assert long == []


def _is_typed(function: Function) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return function.returns is not None and all(arg.annotation or arg.arg in ("self", "cls") for arg in named)


def test_every_function_is_typed() -> None:
    assert [name for name, function in _functions() if not _is_typed(function)] == []


def test_every_module_postpones_annotations_and_says_what_it_is() -> None:
    bare = [
        module.path
        for module in modules(*PRODUCT)
        if (code := module.tree.body)
        and not (ast.get_docstring(module.tree) and (len(code) == 1 or _postpones(module.tree)))
    ]
    assert bare == []


NAMED = re.compile(r"^ {4}\*{0,2}(\w+(?:, \w+)*):", re.MULTILINE)
"""A line of a docstring's ``Args`` that names one parameter, or several."""


def _told(node: Function | ast.ClassDef) -> set[str]:
    """The parameters that a docstring names."""
    _, _, after = (ast.get_docstring(node) or "").partition("Args:\n")
    block = "\n".join(takewhile(lambda line: not line or line.startswith(" "), after.splitlines()))
    return {name for names in NAMED.findall(block) for name in names.split(", ")}


def _parameters(node: Function | ast.ClassDef) -> set[str]:
    """The parameters of a function, or what a class is made of: its fields, and what its ``__init__`` takes."""
    if isinstance(node, ast.ClassDef):
        fields = (part.target for part in node.body if isinstance(part, ast.AnnAssign))
        made = (part for part in node.body if isinstance(part, Function) and part.name == "__init__")
        own = {field.id for field in fields if isinstance(field, ast.Name)}
        return own.union(*map(_parameters, made))
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return {arg.arg for arg in named}


def test_docstrings_name_parameters_that_are_there() -> None:
    described = (
        (module, node)
        for module in modules(*SITES_AND_TOOLS)
        for node in module.nodes
        if isinstance(node, Function | ast.ClassDef)
    )
    stale = [
        f"{module.where(node)} {node.name}: {name}"
        for module, node in described
        for name in sorted(_told(node) - _parameters(node))
    ]
    assert stale == []


def _postpones(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def test_a_class_name_is_defined_once() -> None:
    names = Counter(
        node.name
        for module in modules(*SITES_AND_TOOLS)
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []
