"""A file's top level as statements: what runs at once, and what runs only when something needs a name of it."""

from __future__ import annotations
import __future__

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from chainrule.gradcheck.program.earlier_versions import as_run
from chainrule.gradcheck.program.made_functions import made_functions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.program.unfolding import is_guard, opened, unfolded

StatementKind = Literal["definition", "import", "star import", "constant", "setting", "rest"]

_CHANGING = ("append", "extend", "insert", "update", "setdefault", "add")
_SETTING = ("sys", "warnings", "numpy", "random")
"""Modules whose functions, called on their own, set something for all that comes after them."""

ANY_NAME = "*"
"""Stands for the names that a statement binds where the source does not tell them."""

_GIVES_NAMES = re.compile(r"%(run|load|pylab|store|macro|recall)\b|=\s*[%!]")

_BINDING_ANY = ("exec", "globals", "vars", "locals")
_MODULES = "modules"
"""By ``sys.modules`` a file may put names into its own module."""

_HOLDING_ALL = (*_BINDING_ANY, _MODULES, "eval", "execfile", "builtins", "__builtins__")

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_COMPUTES = (ast.Call, ast.Await, ast.NamedExpr, *_COMPREHENSIONS)


class TopStatement(NamedTuple):
    """One statement of the top level.

    Attributes:
        node: it, with the lines that it stands on.
        file: what tracebacks call its file.
        kind: by which it is run at once or later.
        binds: the module's names which it gives a value, or whose value it changes.
        flags: of the compiler, by what the file imports from ``__future__``.
    """

    node: ast.stmt
    file: str
    kind: StatementKind
    binds: frozenset[str]
    flags: int = 0

    @property
    def first(self) -> int:
        """The line that it begins on."""
        return self.node.lineno

    @property
    def last(self) -> int:
        """The line that it ends on."""
        return self.node.end_lineno or self.node.lineno


class TopLevel(NamedTuple):
    """The statements of a file in order.

    Attributes:
        unread: which of its cells are no Python, in words.
        hides: what may give any name a value, in words: cells and magics that were left out, ``exec``, ``vars``;
            empty where there is none.
        set_inside: the names that functions give a value by ``global``.
    """

    statements: Sequence[TopStatement]
    unread: Sequence[str] = ()
    hides: str = ""
    set_inside: frozenset[str] = frozenset()


def top_level(content: Source) -> TopLevel:
    """The top level of a file. What is guarded by ``__name__ == "__main__"``, or done by ``main()``, stands at its end.

    Raises:
        SyntaxError: it is no Python; of a notebook with other cells, these are read.
    """
    parsed: list[tuple[Part, ast.Module]] = []
    unread = []
    for part in content.parts:
        try:
            tree = ast.parse(part.text, part.name)
            as_run(tree, classic=part.classic_division)
            parsed.append((part, tree))
        except SyntaxError as error:
            if len(content.parts) == 1:
                raise
            unread.append(f"{part.name}, line {error.lineno}: left out, as it is no Python: {error.msg}")
    flags = _future_flags(node for _, tree in parsed for node in tree.body)
    setters = _setters(node for _, tree in parsed for node in tree.body)
    first, guarded = [], []
    modules: dict[str, str] = {}
    constants: set[str] = set()
    for part, tree in parsed:
        guarded += [(part, node) for node in unfolded(tree.body) if not _says_nothing(node)]
        guarded += [(part, function) for function in made_functions(opened(tree.body))]
        for node in tree.body:
            if is_guard(node):
                guarded += [(part, inner) for inner in node.body]  # type: ignore[attr-defined]
            elif not _says_nothing(node):
                modules |= _modules(node)
                kind = _kind(node, modules, constants)
                binds = _bound(node, setters)
                if kind in ("constant", "definition"):
                    constants |= binds
                first.append(TopStatement(node, part.name, kind, binds, flags))
    rest = [
        TopStatement(node, part.name, _kind_of_guarded(node), _bound(node, setters), flags)
        for part, node in guarded
    ]
    hides = [*unread, *(note for note in content.notes if _GIVES_NAMES.search(note))]
    hides += [f"{part.name}, line {n.lineno} may give it a value" for part, n in _binding_any(parsed)]
    set_inside = frozenset(name for names in setters.values() for name in names)
    return TopLevel(_begun_empty([*first, *rest]), unread, next(iter(hides), ""), set_inside)


def _binding_any(parsed: Sequence[tuple[Part, ast.Module]]) -> Iterator[tuple[Part, ast.expr]]:
    """Where any name may get a value, by code in a text or by what holds all names of a module."""
    for part, tree in parsed:
        for node in ast.walk(tree):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in _HOLDING_ALL:
                    yield part, node


def _kind_of_guarded(node: ast.stmt) -> StatementKind:
    return "definition" if isinstance(node, ast.FunctionDef | ast.ClassDef) else "rest"


def _begun_empty(statements: Sequence[TopStatement]) -> list[TopStatement]:
    """The same with ``W = []`` as a part of the rest where the rest fills it."""
    filled = {name for statement in statements if statement.kind == "rest" for name in statement.binds}
    return [
        statement._replace(kind="rest")
        if statement.kind == "constant" and statement.binds & filled and _is_empty(statement.node)
        else statement
        for statement in statements
    ]


def _is_empty(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    match value:
        case ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]) | ast.Constant(value=None):
            return True
    return False


def _says_nothing(node: ast.stmt) -> bool:
    """Whether it is a text, a name or a number that stands alone, as notebooks show them, or ``pass``."""
    alone = isinstance(node, ast.Expr) and not any(isinstance(n, ast.Call) for n in ast.walk(node))
    return alone or isinstance(node, ast.Pass)


def _future_flags(nodes: Iterator[ast.stmt]) -> int:
    flags = 0
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            features = (getattr(__future__, alias.name, None) for alias in node.names)
            flags |= sum(f.compiler_flag for f in features if f is not None)
    return flags


def _setters(nodes: Iterator[ast.stmt]) -> dict[str, frozenset[str]]:
    """The names of the module that each function, or class, sets by ``global``."""
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {
        function.name: frozenset(
            name for inner in ast.walk(function) if isinstance(inner, ast.Global) for name in inner.names
        )
        for function in functions
    }


def _modules(node: ast.stmt) -> dict[str, str]:
    """What an import calls the modules that it imports."""
    if not isinstance(node, ast.Import):
        return {}
    return {alias.asname or alias.name.partition(".")[0]: alias.name for alias in node.names}


def _kind(node: ast.stmt, modules: Mapping[str, str], constants: set[str]) -> StatementKind:
    match node:
        case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
            return "definition"
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return "star import"
        case ast.Import() | ast.ImportFrom():
            return "import"
        case ast.Expr() | ast.Assign() if ANY_NAME in _bound(node, {}):
            return "setting"
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) | ast.AugAssign(value=value):
            return "constant" if _is_constant(value, modules, constants) else "rest"
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="add_argument" | "set_defaults"))):
            return "setting"
        case ast.Expr(value=ast.Call(func=ast.Attribute() as function)):
            return "setting" if modules.get(_root(function), "").partition(".")[0] in _SETTING else "rest"
        case ast.If() | ast.Try():
            inner = [n for n in ast.iter_child_nodes(node) for n in _statements_in(n)]
            simple = all(_kind(n, modules, constants) in _AT_ONCE or isinstance(n, ast.Pass) for n in inner)
            calls = isinstance(node, ast.If) and any(isinstance(n, ast.Call) for n in ast.walk(node.test))
            return "definition" if simple and not calls else "rest"
    return "rest"


_AT_ONCE = ("definition", "import", "constant")


def _statements_in(node: ast.AST) -> list[ast.stmt]:
    if isinstance(node, ast.ExceptHandler):
        return node.body
    return [node] if isinstance(node, ast.stmt) else []


def _is_constant(value: ast.expr, modules: Mapping[str, str], constants: set[str]) -> bool:
    """Whether a value is written down: numbers, texts, what is defined above, and what is made of those without a
    call."""
    inner = list(_evaluated(value))
    if any(isinstance(n, _COMPUTES) for n in inner):
        return False
    names = {n.id for n in inner if isinstance(n, ast.Name)}
    numpy = {name for name, module in modules.items() if module == "numpy"}
    return names <= constants | numpy | set(vars(builtins))


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """What is computed where an expression stands: all of it but the bodies of functions."""
    yield node
    for inner in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Lambda) and inner is node.body):
            yield from _evaluated(inner)


def _root(node: ast.expr) -> str:
    """The name that a chain of attributes and indices starts from; empty where it starts from something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound(node: ast.stmt, setters: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(_bindings(node, setters)) - {""}


def _bindings(node: ast.AST, setters: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The names that running a statement binds, or whose values it changes."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
            return
        case ast.Import() | ast.ImportFrom():
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        case ast.Name(ctx=ast.Store()):
            yield node.id
        case ast.Subscript(ctx=ast.Store()) | ast.Attribute(ctx=ast.Store()):
            yield _root(node)
        case ast.Call(func=ast.Attribute(attr=attribute) as function) if attribute in _CHANGING:
            yield _root(function)
        case ast.Call(func=ast.Name(id=name)) if name in _BINDING_ANY:
            yield ANY_NAME
        case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name == _MODULES:
            yield ANY_NAME
        case ast.Call(func=ast.Name(id=name)):
            yield from setters.get(name, ())
        case ast.ExceptHandler(name=str() as name):
            yield name
    if isinstance(node, _SCOPES):
        return
    for inner in ast.iter_child_nodes(node):
        if not (isinstance(node, _COMPREHENSIONS) and isinstance(inner, ast.comprehension)):
            yield from _bindings(inner, setters)


def lines_of(part: Part) -> list[str]:
    """A part's lines as tracebacks look them up."""
    return part.text.splitlines(keepends=True)
