"""Reads the code without running it: which sentences, errors and ids it names, and where."""

import ast
import functools
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "jobs")
CATALOGUE = Path("bot/views/catalogue")
HOLE = "{}"

Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the product, parsed; `path` is relative to the root."""

    path: Path
    tree: ast.Module

    def within(self, *folders: str) -> bool:
        return any(self.path.is_relative_to(folder) for folder in folders)

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """Every call of a function or method of one of these names."""
        for node in self.nodes(ast.Call):
            if called(node) in names:
                yield node

    def nodes(self, kind: type[Node]) -> list[Node]:
        """Every node of one kind, in the order of `ast.walk`; the tree is walked only once."""
        return _by_kind(self).get(kind, [])

    def at(self, node: ast.expr) -> str:
        return f"{self.path}:{node.lineno}"


@functools.cache
def _by_kind(module: Module) -> dict[type[ast.AST], list[Any]]:
    found: dict[type[ast.AST], list[Any]] = {}
    for node in ast.walk(module.tree):
        found.setdefault(type(node), []).append(node)
    return found


@functools.cache
def modules() -> tuple[Module, ...]:
    """The product without the catalogue itself."""
    files = [file for floor in FLOORS for file in sorted((ROOT / floor).rglob("*.py"))]
    return tuple(
        Module(file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8")))
        for file in [*files, ROOT / "app.py"]
        if CATALOGUE not in file.relative_to(ROOT).parents
    )


def called(call: ast.Call) -> str:
    """The last part of what is called: `plural` of `desk.words.plural(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def variants(node: ast.expr) -> list[str] | None:
    """What a string may be: itself, either side of a condition, a pattern with holes, or None."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            first, second = variants(one), variants(other)
            return None if first is None or second is None else [*first, *second]
        case ast.JoinedStr(values=parts):
            return [
                "".join(p.value if isinstance(p, ast.Constant) else HOLE for p in parts)  # type: ignore[misc]
            ]
    return None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence asked for: its keys or patterns, and the names of the values given with it.

    `given` is None where the values come from a mapping that the code does not spell out.
    """

    place: str
    keys: tuple[str, ...]
    given: frozenset[str] | None
    optional: bool  # asked with `words.has` first


@functools.cache
def sentences_asked_for() -> tuple[Said, ...]:
    """Every call of a catalogue whose key can be read off the code."""
    return tuple(_sentences_asked_for())


def _sentences_asked_for() -> Iterator[Said]:
    for module in modules():
        for call in module.calls("words", "_words", "plural", "has"):
            name = called(call)
            if not call.args or (name == "has" and not _is_words(call.func)):
                continue
            found = variants(call.args[0])
            if found is None:
                continue
            given = None
            if all(keyword.arg for keyword in call.keywords):
                given = frozenset(str(keyword.arg) for keyword in call.keywords)
            if name == "plural":
                found = [f"{key}.{form}" for key in found for form in ("one", "other")]
                given = given | {"n"} if given is not None else None
            yield Said(module.at(call), tuple(found), given, name == "has")


def _is_words(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function.value).endswith("words")


def patterns() -> Iterator[tuple[str, str]]:
    """Every string that is put together in code, as (place, pattern)."""
    for module in modules():
        for node in module.nodes(ast.JoinedStr):
            for pattern in variants(node) or []:
                yield module.at(node), pattern


def literals(*folders: str) -> Iterator[tuple[str, str]]:
    """Every plain string below these folders, as (place, string)."""
    for module in modules():
        if not module.within(*folders):
            continue
        inside = {id(part) for node in module.nodes(ast.JoinedStr) for part in node.values}
        for node in module.nodes(ast.Constant):
            if isinstance(node.value, str) and id(node) not in inside:
                yield module.at(node), node.value


@functools.cache
def user_errors() -> frozenset[str]:
    """The names of `UserError` and everything that derives from it."""
    known = {"UserError"}
    while True:
        more = {
            node.name
            for module in modules()
            for node in module.nodes(ast.ClassDef)
            if any(isinstance(base, ast.Name) and base.id in known for base in node.bases)
        }
        if more <= known:
            return frozenset(known)
        known |= more


@dataclass(frozen=True, slots=True)
class Raised:
    """An error to a person: its codes (None: held in a variable) and the fields given with it."""

    module: Path
    place: str
    codes: tuple[str, ...] | None
    fields: frozenset[str] | None


@functools.cache
def errors_raised() -> tuple[Raised, ...]:
    """Every construction of a `UserError`, also where a class of ours brings its code along."""
    return tuple(_errors_raised())


def _errors_raised() -> Iterator[Raised]:
    own = {node.name: call for node in _error_classes() for call in _super_calls(node)}
    for module in modules():
        inside = [call for call in module.calls("__init__") if call in own.values()]
        for call in [*module.calls(*(user_errors() - set(own))), *inside]:
            found = variants(call.args[0]) if call.args else None
            plain = all(keyword.arg for keyword in call.keywords)
            yield Raised(
                module=module.path,
                place=module.at(call),
                codes=None if found is None else tuple(found),
                fields=frozenset(str(k.arg) for k in call.keywords) if plain else None,
            )


def _error_classes() -> Iterator[ast.ClassDef]:
    for module in modules():
        for node in module.nodes(ast.ClassDef):
            if node.name in user_errors() - {"UserError"}:
                yield node


def _super_calls(node: ast.ClassDef) -> Iterator[ast.Call]:
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and ast.unparse(part.func) == "super().__init__":
            yield part


def places(sentence: str) -> frozenset[str]:
    """The names of the values that a sentence needs."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


SILENT = (
    "bot/container.py",
    "bot/dispatch",
    "bot/intake",
    "bot/rules",
    "bot/services",
    "bot/slack",
    "bot/store",
)
"""Floors that nobody hears: what they have to say is a code, a kind or a record."""

SENTENCE = re.compile(r"[A-Z][a-z]+ .*[a-z]{2}|.*\S \S.*[.?]$", re.DOTALL)
# Errors for the log or for who wrote the code, never for who uses it.
INNER_ERRORS = re.compile(r".*(Error|Exception|Failed)$")
LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def sentences(*folders: str) -> Iterator[tuple[str, str]]:
    """Every string below these folders that reads like a sentence to a person.

    Docstrings, log lines and what our own inner errors say are none.
    """
    for module in modules():
        if not module.within(*folders):
            continue
        unheard = {id(node) for outer in _unheard(module) for node in ast.walk(outer)}
        for node in module.nodes(ast.Constant):
            if (
                isinstance(node.value, str)
                and id(node) not in unheard
                and SENTENCE.match(node.value)
            ):
                yield module.at(node), node.value


def _unheard(module: Module) -> Iterator[ast.AST]:
    for expression in module.nodes(ast.Expr):
        if isinstance(expression.value, ast.Constant):
            yield expression  # a docstring
    for call in module.nodes(ast.Call):
        name = called(call)
        if INNER_ERRORS.match(name) or name in LOGS or name == "comment":
            yield call


def modal_ids() -> frozenset[str]:
    """The callback ids of every modal, forms and those that only show something."""
    return frozenset(
        argument.value
        for module in modules()
        for call in module.calls("modal")
        for argument in call.args[1:2]
        if isinstance(argument, ast.Constant)
    )


def ids_in_views() -> dict[str, str]:
    """The ids of buttons and forms that the views name by constants: id -> constant."""
    return {
        node.value.value: f"{module.path}:{ast.unparse(target)}"
        for module in modules()
        if module.within("bot/views")
        for node in module.tree.body
        for target in _targets(node)
        if isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+", node.value.value)
    }


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) and node.value else []


def returned_codes(module: Module) -> Iterator[str]:
    """The codes that functions annotated to return one hand over, as in `-> str | None`."""
    for node in module.nodes(ast.Return):
        if node.value is not None:
            for part in ast.walk(node.value):
                if (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and re.fullmatch(r"[a-z]+(_[a-z]+)+", part.value)
                ):
                    yield part.value


def resolved(module: Module, node: ast.expr) -> object:
    """The value of a name, or of an attribute of an imported module, where `node` stands."""
    there = importlib.import_module(".".join(module.path.with_suffix("").parts))
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return getattr(there, name, None)
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return getattr(getattr(there, owner, None), name, None)
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]):
            return resolved(module, first)  # an id with a suffix behind it
    return None


def button_ids() -> Iterator[tuple[str, object]]:
    """The action id of every button, and of every menu outside of a form, as (place, id)."""
    for module in modules():
        if not module.within("bot/views"):
            continue
        for call in module.calls("button"):
            if len(call.args) > 1:
                yield module.at(call), resolved(module, call.args[1])
        for call in module.calls("menu"):
            # In a form a menu is a field, named as its block is, and is read when it is sent.
            if isinstance(found := resolved(module, call.args[0]), str) and "." in found:
                yield module.at(call), found


def modals() -> Iterator[tuple[str, object, bool]]:
    """Every modal as (place, callback id, whether it can be sent)."""
    for module in modules():
        for call in module.calls("modal"):
            submit = next(each.value for each in call.keywords if each.arg == "submit")
            sent = not (isinstance(submit, ast.Constant) and submit.value is None)
            yield module.at(call), resolved(module, call.args[1]), sent


@dataclass(frozen=True, slots=True)
class PlannedKind:
    """An intent in the code: its kind, whom it goes to, and whether it may wait for Today."""

    place: str
    kind: object
    to_person: bool
    may_fold: bool


def intents() -> Iterator[PlannedKind]:
    """Every intent that the code makes, out of another one (`replace`) as well."""
    for module in modules():
        for call in module.calls("Intent", "replace"):
            given = {each.arg: each.value for each in call.keywords}
            if called(call) == "replace" and not {"kind", "ids"} <= set(given):
                continue
            chosen = given.get("delivery_class", ast.Constant(None))
            classes = {part.attr for part in ast.walk(chosen) if isinstance(part, ast.Attribute)}
            yield PlannedKind(
                place=module.at(call),
                kind=resolved(module, given["kind"]),
                to_person="person_id" in given,
                may_fold=classes != {"ANSWER"},
            )
