"""The checkout holds what was agreed: its floors, small files, a promise on top of each module."""

import ast
import functools
import graphlib
import statistics
from pathlib import Path

import grimp
import pytest

FOLDERS = {".ci", "benchmarks", "bot", "docs", "handlers", "jobs", "models", "tests"}
FILES = {
    ".dockerignore",
    ".env.example",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "Procfile",
    "README.md",
    "app.py",
    "manifest.yml",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
}
PACKAGES = ("bot", "handlers", "jobs", "models")
LONGEST_FILE = 400
FUNCTION_P95 = 35

# Spelt in two halves, so that this list does not find itself.
FOREIGN = [
    "pypi." + "org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "/wor" + "k/",
    "/roo" + "t/",
    "/hom" + "e/",
    "/opt/" + "pypi",
    "TO" + "DO",
    "FIX" + "ME",
]


def test_nothing_else_stands_at_the_top(tracked: list[Path]) -> None:
    folders = {path.parts[0] for path in tracked if len(path.parts) > 1}
    files = {path.name for path in tracked if len(path.parts) == 1}
    assert folders - FOLDERS == set()
    assert files == FILES


def test_the_packages_are_shaped_as_agreed(root: Path) -> None:
    assert (root / "bot" / "__init__.py").read_text(encoding="utf-8") == ""
    assert not (root / "bot" / "__main__.py").exists()
    assert (root / "models" / "migrations" / "__init__.py").is_file()


def test_every_folder_of_code_is_a_package(root: Path, code: list[Path]) -> None:
    folders = {path.parent for path in code if path.parent != Path()}
    bare = [str(folder) for folder in folders if not (root / folder / "__init__.py").is_file()]
    assert sorted(bare) == []


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_promises_something_in_one_sentence(root: Path, code: list[Path]) -> None:
    silent = []
    for path in code:
        text = (root / path).read_text(encoding="utf-8")
        promise = (ast.get_docstring(parsed(root / path)) or "").partition("\n\n")[0]
        if text and not promise.endswith("."):
            silent.append(str(path))
    assert silent == []


def test_no_file_is_too_long_to_read(root: Path, tracked: list[Path]) -> None:
    lengths = {
        str(path): len((root / path).read_text(encoding="utf-8").splitlines())
        for path in tracked
        if path.suffix == ".py" and "versions" not in path.parts
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short(root: Path, code: list[Path]) -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in code
        for node in ast.walk(parsed(root / path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert statistics.quantiles(lengths, n=20)[-1] <= FUNCTION_P95


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    graphlib.TopologicalSorter(imports).prepare()


def test_a_test_file_has_a_name_of_its_own(tracked: list[Path]) -> None:
    names = [path.name for path in tracked if path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("word", FOREIGN)
def test_the_project_speaks_only_of_itself(root: Path, tracked: list[Path], word: str) -> None:
    found = [str(path) for path in tracked if word.encode() in (root / path).read_bytes()]
    assert found == []
