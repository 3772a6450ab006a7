"""What a function's source says of how to call it: its arguments, the keys it looks up, the names it returns."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Container, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from chainrule.gradcheck.program.attributes import Attributes, attributes
from chainrule.gradcheck.program.call_sites import Handed, call_sites
from chainrule.gradcheck.program.descent import DescentStep, steps
from chainrule.gradcheck.program.lookups import fields_in, is_abstract, keys_in, makes_its_class, pairs_in
from chainrule.gradcheck.program.source import Source
from chainrule.gradcheck.program.unfolding import as_definition, assigned, is_guard, unfolded
from chainrule.gradcheck.program.whole_numbers import Size, named_numbers, shapes, whole_numbers


class Argument(NamedTuple):
    """One argument of a function.

    Attributes:
        default: as it is written, empty where it is no literal.
        own_name: what it is called by those who give it by name, where that is not ``name``.
    """

    name: str
    required: bool = True
    keyword_only: bool = False
    default: str = ""
    own_name: str = ""

    @property
    def keyword(self) -> str:
        """What it is called by those who give it by name."""
        return self.own_name or self.name

    @property
    def is_flag(self) -> bool:
        """Whether it says how something is done, whatever its name: ``one_hot=False``."""
        return self.default in ("True", "False")

    @property
    def may_be_size(self) -> bool:
        """Whether sizes may be given for it: its default, where it has one, is no text and no object."""
        return self.required or (self.default != "" and self.default[0] not in "'\"TF")


class Function(NamedTuple):
    """A function, or a method without its ``self``.

    Attributes:
        name: how it is called: ``ComputeCost``; of a method, its own name.
        arguments: without ``*args`` and ``**kwargs``.
        owner: the class of a method; empty for a function.
        keys: the text keys by which each argument is looked up, as in ``params["W1"]``; those of the elements of
            an argument, as in ``layers[i]["W"]``, stand under ``layers[]``.
        fields: the attributes that it reads of each argument, as in ``config.lr``; of an attribute of its own object,
            under that name with a dot before it, as in ``self.config.lr``. So are keys.
        pairs: the arguments that it takes for lists of pairs, as in ``for x, y in data``.
        returns: what its last return statement gives back where it gives several values: their names, empty for
            one that has none.
        uses: names that it reads and does not set.
        imported: whether it is of another file of its author.
        gives: whether it returns a value.
        numbers: whole numbers that are written in it.
        shapes: sizes of matrices that are written in it, as numbers or as their names.
        attributes: what a method does to its object.
        makes: whether it is a class method that makes an object: ``return cls(...)``.
        stepped: the arguments that it takes a step from where they are, with a rate that it is given.
        loops: whether anything in it is done several times.
    """

    name: str
    arguments: tuple[Argument, ...]
    owner: str = ""
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    fields: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    pairs: frozenset[str] = frozenset()
    returns: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    imported: bool = False
    gives: bool = True
    numbers: frozenset[int] = frozenset()
    shapes: tuple[tuple[Size, Size], ...] = ()
    attributes: Attributes = Attributes()
    makes: bool = False
    stepped: tuple[str, ...] = ()
    loops: bool = False

    @property
    def shown(self) -> str:
        """``compute_cost``; of a method ``Net.compute_cost``."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


class Definitions(NamedTuple):
    """What the top level of a file defines.

    Attributes:
        functions: its functions, and the methods of its classes.
        constructors: of each class.
        numpy: what NumPy is called in it; empty where it is not imported.
        handed: what its functions are called with in it.
        options: the texts with which names are compared in it, as in ``if activation == "relu"``.
        bases: of each class, the classes of the file that it is derived from.
        constants: the whole numbers that names of its top level stand for.
        bound: the names that its top level gives a value by an assignment.
        descent: the steps against a gradient that it takes on its top level.
    """

    functions: tuple[Function, ...] = ()
    constructors: Mapping[str, Function] = MappingProxyType({})
    numpy: str = ""
    handed: Handed = MappingProxyType({})
    options: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    bases: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    constants: Mapping[str, int] = MappingProxyType({})
    bound: frozenset[str] = frozenset()
    descent: tuple[DescentStep, ...] = ()

    def named(self, name: str, owner: str = "") -> Function | None:
        """The function of this name: of that class, else of none."""
        same = [function for function in self.functions if function.name == name]
        owners = [owner, *self.bases.get(owner, ()), ""]
        return next((f for place in owners for f in same if f.owner == place), None)

    def knows(self, name: str) -> bool:
        """Whether a name means the same everywhere in the file: a function's, a class's, NumPy's, a built-in one."""
        return (
            name in (self.numpy, *self.constructors)
            or self.named(name) is not None
            or hasattr(builtins, name)
        )

    def asks_for(self, function: Function) -> list[str]:
        """What a function takes, and what it reads of what the file's top level gives a value."""
        return [*(a.name for a in function.arguments), *(n for n in function.uses if n in self.bound)]

    def used(self, functions: Iterable[Function]) -> list[Function]:
        """Some functions, and those of the file that they use."""
        reached = list(functions)
        for function in reached:
            others = (
                self.named(name, function.owner) for name in (*function.uses, *function.attributes.reads)
            )
            reached += [other for other in others if other is not None and other not in reached]
        return reached

    def reached(self, functions: Iterable[Function]) -> list[Function]:
        """The methods among some functions, and those of the same object that they call."""
        reached = [function for function in functions if function.owner]
        for function in reached:
            for name in function.attributes.reads:
                method = self.named(name, function.owner)
                if method is not None and method.owner and method not in reached:
                    reached.append(method)
        return reached


class Imported(NamedTuple):
    """What a file imports of another file of its author: the names, ``*`` for all."""

    source: Source
    names: frozenset[str]


def definitions(source: Source, imported: Iterable[Imported] = ()) -> Definitions:
    """Everything that the top level of a file defines or imports; of two functions with one name the later."""
    functions: dict[tuple[str, str], Function] = {}
    constructors: dict[str, Function] = {}
    bases: dict[str, tuple[str, ...]] = {}
    numpy = ""
    own = list(_statements(source))
    others = [
        node for other in imported for node in _statements(other.source) if _is_imported(node, other.names)
    ]
    top_level = [*others, *own]
    for node in top_level:
        if isinstance(node, ast.FunctionDef):
            functions["", node.name] = _described(node)
        elif isinstance(node, ast.ClassDef):
            methods = [
                _described(inner, node.name)
                for inner in node.body
                if isinstance(inner, ast.FunctionDef) and not is_abstract(inner)
            ]
            functions |= {(node.name, method.name): method for method in methods}
            named = [base.id for base in node.bases if isinstance(base, ast.Name)]
            bases[node.name] = tuple(b for base in named if base in bases for b in (base, *bases[base]))
            made = [method for method in methods if method.name == "__init__"] or _of_fields(node)
            inherited = [constructors[base] for base in bases[node.name]]
            constructor = next(iter([*made, *inherited]), Function("__init__", ()))
            constructors[node.name] = constructor._replace(owner=node.name)
        elif record := _record(node):
            constructors[record.owner] = record
        elif isinstance(node, ast.Import):
            numpy = next((a.asname or a.name for a in node.names if a.name == "numpy"), numpy)
    functions |= _held(functions, constructors)
    called = {f.name: f for f in functions.values()} | constructors
    arguments = {name: tuple(a.name for a in function.arguments) for name, function in called.items()}
    handed = call_sites(top_level, arguments, frozenset(constructors))
    defined = {node.name for node in own if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    # The file's own come first.
    marked = (f._replace(imported=(f.owner or f.name) not in defined) for f in functions.values())
    ordered = sorted(marked, key=lambda f: f.imported)
    constants = dict(named for node in top_level for named in named_numbers(node))
    bound = frozenset(name for node in own for name in assigned(node))
    options = _options(top_level)
    outside = [n for n in own if not isinstance(n, ast.FunctionDef | ast.ClassDef)]
    descent = tuple(dict.fromkeys(steps(inner for node in outside for inner in ast.walk(node))))
    return Definitions(tuple(ordered), constructors, numpy, handed, options, bases, constants, bound, descent)


def _of_fields(node: ast.ClassDef) -> list[Function]:
    """The constructor that a dataclass or a named tuple is given for its fields."""
    marks = [*node.bases, *node.decorator_list]
    names = {ast.unparse(mark).partition("(")[0].rpartition(".")[2] for mark in marks}
    if names.isdisjoint({"dataclass", "NamedTuple"}):
        return []
    fields = [
        inner
        for inner in node.body
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name)
    ]
    arguments = [
        Argument(ast.unparse(field.target), field.value is None, False, _constant(field.value))
        for field in fields
    ]
    return [Function("__init__", tuple(arguments))]


def _held(
    functions: Mapping[tuple[str, str], Function], constructors: Mapping[str, Function]
) -> dict[tuple[str, str], Function]:
    """Functions of the file that objects hold: ``self.cost = mean_squared_error``; each is called like a method."""
    held = {}
    for owner, constructor in constructors.items():
        for name, text in constructor.attributes.constants:
            function = functions.get(("", text))
            if function is not None and (owner, name) not in functions:
                held[owner, name] = function._replace(name=name, owner=owner)
    return held


def _record(node: ast.stmt) -> Function | None:
    """The constructor of ``Params = namedtuple("Params", ["W", "b"])``, or of ``namedtuple("Params", "W b")``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=owner)], value=ast.Call(func=function, args=[_, names])):
            if _constant(names) and ast.unparse(function).endswith("namedtuple"):
                given = ast.literal_eval(names)
                fields = given.replace(",", " ").split() if isinstance(given, str) else given
                return Function("__init__", tuple(Argument(str(name)) for name in fields), owner)
    return None


def _is_imported(node: ast.stmt, names: frozenset[str]) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef) and ("*" in names or node.name in names)


def _options(statements: Iterable[ast.stmt]) -> dict[str, tuple[str, ...]]:
    """The texts with which names and attributes are compared, as they are written."""
    options: dict[str, dict[str, None]] = {}
    for node in (inner for statement in statements for inner in ast.walk(statement)):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.In):
            left, right = node.left, node.comparators[0]
            name = left.id if isinstance(left, ast.Name) else getattr(left, "attr", "")
            values = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]
            texts = [v for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
            if name:
                options.setdefault(name, {}).update(dict.fromkeys(map(ast.unparse, texts)))
    return {name: tuple(texts) for name, texts in options.items() if texts}


def _statements(source: Source) -> Iterator[ast.stmt]:
    for part in source.parts:
        try:
            body = ast.parse(part.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        guarded = [
            inner for node in body if isinstance(node, ast.If) and is_guard(node) for inner in node.body
        ]
        yield from map(as_definition, [*unfolded(body), *body, *guarded])


def _described(node: ast.FunctionDef, owner: str = "") -> Function:
    """A function from its definition."""
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = [*[None] * (len(positional) - len(spec.defaults)), *spec.defaults]
    arguments = [
        Argument(a.arg, d is None, False, _constant(d)) for a, d in zip(positional, defaults, strict=True)
    ]
    arguments += [
        Argument(a.arg, d is None, True, _constant(d))
        for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    ]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    returned = sorted((n for n in ast.walk(node) if isinstance(n, ast.Return)), key=lambda n: n.lineno)
    last = returned[-1].value if returned else None
    elements = last.elts if isinstance(last, ast.Tuple | ast.List) else []
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    local = {n.id for n in names if not isinstance(n.ctx, ast.Load)} | {a.name for a in arguments}
    return Function(
        name=node.name,
        arguments=tuple(arguments[1:] if owner and not static else arguments),
        owner=owner,
        keys=keys_in(node, owner),
        fields=fields_in(node, owner),
        pairs=frozenset(pairs_in(node)) & {a.name for a in arguments},
        returns=tuple(e.id if isinstance(e, ast.Name) else "" for e in elements),
        uses=tuple(dict.fromkeys(n.id for n in names if n.id not in local)),
        numbers=frozenset(whole_numbers(node)),
        shapes=tuple(dict.fromkeys(shapes(node))),
        gives=any(r.value is not None and not _is_none(r.value) for r in returned),
        attributes=attributes(node, owner) if owner and not static else Attributes(),
        makes=makes_its_class(node, owner),
        stepped=tuple(_stepped(node, {a.name for a in arguments})),
        loops=any(isinstance(n, ast.For | ast.While) for n in ast.walk(node)),
    )


def _stepped(node: ast.FunctionDef, arguments: Container[str]) -> dict[str, None]:
    """The arguments that a function takes a step from, with the rate among the others."""
    taken = [step for step in steps(ast.walk(node)) if step.in_place and step.rate in arguments]
    return {step.parameter: None for step in taken if step.parameter in arguments}


def _constant(value: ast.expr | None) -> str:
    try:
        ast.literal_eval(value or "")
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ""
    return ast.unparse(value) if value is not None else ""


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
