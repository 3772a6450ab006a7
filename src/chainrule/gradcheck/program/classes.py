"""What the classes of a file come to: their constructors, what they inherit, and the functions that their objects
hold."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from chainrule.gradcheck.program.lookups import literal
from chainrule.gradcheck.program.signatures import Argument, Function


def as_made(node: ast.ClassDef, constructor: Function, inherited: Sequence[Function]) -> Function:
    """A class's constructor, with the constants that its objects have besides, of the class itself and of the bases
    whose constructors it calls, and with the arguments that it hands on to these as ``**kwargs``."""
    given = [(t, n.value) for n in node.body if isinstance(n, ast.Assign) for t in n.targets]
    said = {ast.unparse(target): ast.unparse(value) for target, value in given}
    called = [base for base in inherited if {"super", base.owner} & {*constructor.uses}]
    own = constructor.attributes
    of_bases = dict(constant for base in called[::-1] for constant in base.attributes.constants)
    others = {name: text for name, text in (of_bases | said).items() if name not in own.sets}
    constants = tuple({**others, **dict(own.constants)}.items())
    handed_on = tuple(_handed_on(node, constructor, called))
    arguments = (*constructor.arguments, *handed_on)
    on = {a.name for a in handed_on}
    kept = (*own.kept, *_kept_by_base(node, {a.name for a in arguments}, on, called))
    return constructor._replace(
        owner=node.name,
        arguments=arguments,
        attributes=own._replace(constants=constants, kept=kept),
    )


def _handed_on(node: ast.ClassDef, constructor: Function, bases: Sequence[Function]) -> Iterator[Argument]:
    """The arguments of the first base's constructor that a class hands on to it with ``super().__init__(**kwargs)``,
    without those that it gives itself."""
    method = _own_constructor(node)
    if method is None or method.args.kwarg is None or not bases:
        return
    call = next((c for c in _calls_of_bases(method) if any(k.arg is None for k in c.keywords)), None)
    if call is None:
        return
    given = {keyword.arg for keyword in call.keywords} | {a.name for a in constructor.arguments}
    for argument in bases[0].arguments[len(_by_place(call)) :]:
        if argument.name not in given:
            yield argument._replace(keyword_only=True)


def _kept_by_base(
    node: ast.ClassDef, own: Collection[str], handed_on: Collection[str], bases: Sequence[Function]
) -> Iterator[tuple[str, str]]:
    """The attributes in which the first base's constructor keeps what a class hands on to it of its own arguments, and
    these.

    Args:
        own: the arguments of the class's constructor.
        handed_on: those of them that go on as ``**kwargs``.
    """
    method = _own_constructor(node)
    if method is None or not bases:
        return
    kept = dict(bases[0].attributes.kept)
    for call in _calls_of_bases(method):
        by_place = zip((a.name for a in bases[0].arguments), _by_place(call), strict=False)
        given = {**dict(by_place), **{k.arg: k.value for k in call.keywords if k.arg is not None}}
        names = {of: value.id for of, value in given.items() if isinstance(value, ast.Name)}
        names |= {name: name for name in handed_on if name not in given}
        yield from ((name, names[of]) for name, of in kept.items() if names.get(of) in own)


def _own_constructor(node: ast.ClassDef) -> ast.FunctionDef | None:
    return next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)


def _calls_of_bases(method: ast.FunctionDef) -> list[ast.Call]:
    """The calls of the constructors of bases in a constructor."""
    calls = [n for n in ast.walk(method) if isinstance(n, ast.Call)]
    return [call for call in calls if ast.unparse(call.func).endswith("__init__")]


def _by_place(call: ast.Call) -> list[ast.expr]:
    """What a base's constructor is given by place, without the object itself: ``Layer.__init__(self, size)``."""
    return [a for a in call.args if ast.unparse(a) != "self"]


def of_fields(node: ast.ClassDef) -> list[Function]:
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
        Argument(ast.unparse(field.target), field.value is None, False, literal(field.value))
        for field in fields
    ]
    return [Function("__init__", tuple(arguments))]


def inherited_methods(
    functions: Mapping[tuple[str, str], Function],
    bases: Mapping[str, tuple[str, ...]],
    left_open: Mapping[str, set[str]],
) -> dict[tuple[str, str], Function]:
    """The same with the methods that a class has from its bases and that come to something of its own; without those of
    a base that come to what is left open there, as no object has them so."""
    every = dict(functions)
    for owner, base in ((owner, base) for owner, inherited in bases.items() for base in inherited):
        own = {name for of, name in functions if of == owner}
        for (of, name), method in functions.items():
            if of == base and not own.isdisjoint(_reached(method, functions)):
                every.setdefault((owner, name), method._replace(owner=owner))
    return {
        place: f
        for place, f in every.items()
        if left_open.get(f.owner, set()).isdisjoint(_reached(f, functions))
    }


def _reached(method: Function, functions: Mapping[tuple[str, str], Function]) -> set[str]:
    """The attributes that a method reads, and those that the methods read which it calls."""
    reached, todo = set[str](), [method]
    while todo:
        read = set(todo.pop().attributes.reads) - reached
        reached |= read
        todo += [f for name in read if (f := functions.get((method.owner, name))) is not None]
    return reached


def held_functions(
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


def record(node: ast.stmt) -> Function | None:
    """The constructor of ``Params = namedtuple("Params", ["W", "b"])``, or of ``namedtuple("Params", "W b")``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=owner)], value=ast.Call(func=function, args=[_, names])):
            if literal(names) and ast.unparse(function).endswith("namedtuple"):
                given = ast.literal_eval(names)
                fields = given.replace(",", " ").split() if isinstance(given, str) else given
                return Function("__init__", tuple(Argument(str(name)) for name in fields), owner)
    return None
