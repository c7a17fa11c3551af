"""The rules of the house that a machine can hold: who imports whom, what lies where, how long."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from crawler.errors import Reason

ROOT = Path(__file__).parents[1]
MAX_LINES = 300

TOP_LEVEL = {
    # what a visitor reads first
    "README.md", "CHANGELOG.md", "LICENSE",
    # what tools look for there and nowhere else
    ".ci", ".gitignore", "Makefile", "constraints-lowest.txt", "pyproject.toml", "scrapy.cfg",
    # the tree that tells the story
    "crawler", "pipelines", "data", "tests",
}  # fmt: skip

# The wiring knows everyone; `sites` are loaded by name. Whoever is not here may import what is
# below the wiring: neither fetch, spiders and commands, nor the pipelines.
WIRING = (
    "crawler.spiders", "crawler.commands", "crawler.command", "crawler.run", "crawler.run_file",
    "crawler.progress",
    "crawler.metrics", "crawler.notification", "crawler.demo", "crawler.housekeeping",
    "crawler.cluster", "crawler.storage",
)  # fmt: skip
ABOVE = ("crawler.fetch", "pipelines", *WIRING)
MAY_IMPORT = {
    "crawler.items": (),
    "crawler.errors": (),
    "crawler.markup": ("crawler.errors",),
    "crawler.codings": ("crawler.errors",),
    "crawler.suffixes": (),
    "crawler.discovery": (
        "crawler.items",
        "crawler.errors",
        "crawler.markup",
        "crawler.codings",
        "crawler.suffixes",
    ),
    "crawler.extract": ("crawler.items", "crawler.errors", "crawler.markup", "crawler.suffixes"),
    "crawler.sites": ("crawler.items", "crawler.errors", "crawler.extract"),
    "crawler.workers": ("crawler.errors",),
    "crawler.archive": ("crawler.errors", "crawler.codings"),
    "crawler.state": ("crawler.items", "crawler.errors"),
    "crawler.health": ("crawler.state", "crawler.errors"),
    "pipelines": ("crawler.items", "crawler.errors", "crawler.state"),
}
NETWORK = (
    "socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib", "requests", "httpx",
    "aiohttp", "twisted.internet", "twisted.web", "scrapy.core.downloader",
)  # fmt: skip
MAY_USE_THE_NETWORK = ("crawler.fetch", "crawler.demo")

# Hooks that Scrapy's own documentation describes; ours say more only where there is more to say.
HOOKS = {
    "from_crawler", "process_item", "process_request", "process_exception",
    "open_spider", "update_settings", "syntax", "short_desc", "long_desc",
    "add_options", "process_options", "execute",
}  # fmt: skip


def name_of(path: Path) -> str:
    """`crawler/state/store.py` is `crawler.state.store`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path for top in ("crawler", "pipelines") for path in (ROOT / top).rglob("*.py")
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text("utf-8"))


def imports(module: str) -> Iterator[str]:
    """Every module that a module imports, wherever in it, also for type checking only."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module
            found = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in found)


def is_in(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_of_ours_only_what_its_place_allows(module: str) -> None:
    place = next((place for place in MAY_IMPORT if is_in(module, (place,))), None)
    for imported in imports(module):
        if not is_in(imported, ("crawler", "pipelines")):
            continue
        if place:
            assert is_in(imported, (place, *MAY_IMPORT[place])), imported
        elif is_in(module, ("crawler.fetch",)):
            assert not is_in(imported, ("pipelines", *WIRING)), imported
        elif not is_in(module, WIRING):
            assert not is_in(imported, ABOVE), imported


@pytest.mark.parametrize("module", sorted(MODULES))
def test_only_fetch_touches_the_network(module: str) -> None:
    if not is_in(module, MAY_USE_THE_NETWORK):
        assert [name for name in imports(module) if is_in(name, NETWORK)] == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_says_what_it_promises_and_stays_small_enough_to_read(module: str) -> None:
    assert ast.get_docstring(tree(module)), "no docstring"
    lines = len(MODULES[module].read_text("utf-8").splitlines())
    assert lines <= MAX_LINES, f"{lines} lines: find the concept that is missing"


def is_field(child: ast.stmt) -> bool:
    """Whether it is a web-poet `@field`: that is named after the column, which is described."""
    decorators = getattr(child, "decorator_list", [])
    return any(isinstance(name, ast.Name) and name.id == "field" for name in decorators)


def undocumented(node: ast.Module | ast.ClassDef) -> Iterator[str]:
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if child.name.startswith("_") or child.name in HOOKS or is_field(child):
            continue
        if not ast.get_docstring(child):
            yield f"{child.name}, line {child.lineno}"
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_everything_public_has_a_docstring(module: str) -> None:
    assert list(undocumented(tree(module))) == []


def test_no_module_is_a_drawer_for_leftovers() -> None:
    drawers = re.compile(r"(^|\.)_?(utils?|helpers?|common|misc|tools)$")
    assert [module for module in MODULES if drawers.search(module)] == []


def test_every_reason_is_given_somewhere() -> None:
    given = {
        node.attr
        for module in MODULES
        if module != "crawler.errors"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Reason"
    }
    assert {reason.name for reason in Reason} == given


def test_the_top_level_holds_only_what_belongs_there() -> None:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("no checkout")
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert {line.partition("/")[0] for line in done.stdout.splitlines()} <= TOP_LEVEL


def loaded(statement: str) -> set[str]:
    """What is loaded by a statement of a process of its own."""
    asked = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_a_run_loads_no_reader_of_datasets() -> None:
    """Where pandas is installed, `pyarrow.dataset` loads it: 40 MB and half a second."""
    found = loaded("import crawler.run, crawler.spiders.articles")
    assert {"pandas", "pyarrow.dataset", "duckdb", "polars"}.isdisjoint(found)


def test_a_run_that_nobody_watches_loads_nothing_that_draws_and_no_demo() -> None:
    """Scrapy loads all commands and extensions, and each start pays for what they load."""
    commands = [module for module in MODULES if is_in(module, ("crawler.commands",))]
    found = loaded(f"import crawler.progress, {', '.join(commands)}")
    assert {"rich", "crawler.demo.server", "requests"}.isdisjoint(found)
