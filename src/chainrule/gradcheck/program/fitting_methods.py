"""A method that makes the parameters it trains, as a function: what scikit-learn's users write as ``fit``.

    def fit(self, X, y):                                def fit(X, y, lr):
        self.w = np.zeros(X.shape[1])                       self = Model.__new__(Model)
        for _ in range(self.steps):                         w = np.zeros(X.shape[1])
            self.w -= self.lr * self.slope(X, y)            for _ in range(self.steps):
                                                                w -= lr * self.slope(X, y)

So a loop in it can be read as that of a function. Methods that it calls find on their object what has a name here.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection
from typing import TypeGuard

from chainrule.gradcheck.program.attributes import given_values
from chainrule.gradcheck.program.names import is_parameter, is_rate, meaning
from chainrule.gradcheck.program.size_names import counted_size

SETTINGS = ("l2", "samples", "classes")
"""What a function takes beside parameters, data, rates and sizes."""


def as_function(method: ast.FunctionDef, owner: ast.ClassDef) -> ast.FunctionDef:
    """The function that does what a method does, with what the method puts on its object, rates, l2 and sizes in names
    of their own; one that does nothing for a method that makes no parameters."""
    new = copy.deepcopy(method)
    itself = new.args.args[0].arg if new.args.args else ""
    own = [n for n in ast.walk(new) if _is_own(n, itself)]
    stored = [n for n in own if isinstance(n.ctx, ast.Store)]
    made = {n.attr: n.lineno for n in sorted(stored, key=lambda n: n.lineno, reverse=True)}
    settings = {n.attr for n in own if n.attr not in made and _is_setting(n.attr)}
    begun = _begun(new, itself)
    # A parameter that the constructor makes, as a bias of 0, is handed over.
    handed = {name for name in made if name not in begun and is_parameter(name)}
    is_none = not any(map(is_parameter, begun)) or method.name == "__init__"
    # A name that is the method's own cannot be that of something on its object as well.
    if is_none or not _names_in(new).isdisjoint((*made, *settings)):
        new.body = [ast.copy_location(ast.Pass(), method)]
        return new

    class OfObject(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.stmt:
            """A call for what it leaves on the object, which may be another one then."""
            if not (isinstance(node.value, ast.Call) and _is_own(node.value.func, itself)):
                self.generic_visit(node)
                return node
            call = ast.unparse(self.visit(node.value))
            (again,) = ast.parse(f"{itself} = ({call}, {itself})[1]").body
            return ast.copy_location(again, node)

        def visit_Call(self, node: ast.Call) -> ast.expr:
            self.generic_visit(node)
            if _is_own(node.func, itself) and (given := _there(node.lineno, _read_in(owner, node.func.attr))):
                holding = ast.parse(f"(vars({itself}).update({given}), {itself})[1]", mode="eval").body
                node.func.value = ast.copy_location(holding, node)
            return node

        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            if _is_own(node, itself) and node.attr in made.keys() | settings:
                return ast.copy_location(ast.Name(node.attr, node.ctx), node)
            self.generic_visit(node)
            return node

    def _there(line: int, read: Collection[str] | None) -> str:
        """The names that a call in this line is to find on the object: of those that it reads, if they are known."""
        there = {name for name, place in made.items() if place < line or name in handed}
        parameters = set(filter(is_parameter, there))
        names = parameters | {name for name in settings if not is_rate(name)}
        return ", ".join(f"{name}={name}" for name in sorted(names) if read is None or name in read)

    named: ast.FunctionDef = OfObject().visit(new)
    named.args.args = [*named.args.args[1:], *(ast.arg(name) for name in sorted(settings | handed))]
    (made_first,) = ast.parse(f"{itself} = {_made(owner)}").body
    named.body.insert(0, ast.copy_location(made_first, method.body[0]))
    return ast.fix_missing_locations(named)


def _begun(method: ast.FunctionDef, itself: str) -> set[str]:
    """The attributes that a method gives a value which is not made of the one before."""
    return {
        target.attr
        for place, value in given_values(method)
        for target in ast.walk(place)
        if _is_own(target, itself)
        and not any(_is_own(n, itself) and n.attr == target.attr for n in ast.walk(value))
    }


def _names_in(method: ast.FunctionDef) -> set[str]:
    return {n.id for n in ast.walk(method) if isinstance(n, ast.Name)} | {a.arg for a in method.args.args}


def _read_in(owner: ast.ClassDef, method: str) -> set[str] | None:
    """The attributes that a method reads, and those of its object that it calls; None of one of another class."""
    own = {node.name: node for node in owner.body if isinstance(node, ast.FunctionDef) and node.args.args}
    read, reached = {method}, set[str]()
    while waiting := read & own.keys() - reached:
        reached |= waiting
        for name in waiting:
            itself = own[name].args.args[0].arg
            read |= {n.attr for n in ast.walk(own[name]) if _is_own(n, itself)}
    return read if method in own else None


def _made(owner: ast.ClassDef) -> str:
    """An object of a class: as its constructor makes it where that asks for nothing, with the settings of its defaults;
    else an empty one."""
    own = (n for n in owner.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
    constructor = next(own, None)
    if constructor is None:
        return f"{owner.name}.__new__({owner.name})"
    spec = constructor.args
    asked = len(spec.posonlyargs) + len(spec.args) - len(spec.defaults) - 1
    asked += sum(default is None for default in spec.kw_defaults)
    return f"{owner.name}.__new__({owner.name})" if asked else f"{owner.name}()"


def _is_own(node: ast.AST, itself: str) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == itself


def _is_setting(name: str) -> bool:
    return is_rate(name) or meaning(name).role in SETTINGS or counted_size(name) is not None
