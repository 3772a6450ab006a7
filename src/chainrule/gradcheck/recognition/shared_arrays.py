"""Attributes that hold the arrays of the parameters a second time, as ``self.params = {"W": self.W}`` does: they are
given the same arrays, as whoever changes these where they are means both."""

from __future__ import annotations

import ast
from collections.abc import Collection

from chainrule.gradcheck.program.shared_attributes import Sharing, names_in, shared_attributes
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.constructing import without_constructor
from chainrule.gradcheck.recognition.parameters import NET


def shared_arrays(plan: AdapterPlan) -> dict[str, str]:
    """The attributes that hold parameters beside those that they are put on, with what they hold then; none where
    nothing that is called reads them."""
    put = {name for name in plan.parameters.put if name in plan.parameters.values}
    owner, file = plan.functions.owner, plan.file
    if not put or plan.parameters.inner or plan.parameters.net == without_constructor(owner):
        return {}
    made = file.constructors[owner]

    def of_method(name: str) -> tuple[Sharing, ...] | None:
        method = file.named(name, made.owner)
        return method.attributes.shared if method is not None else None

    shared = shared_attributes(made.attributes.shared, of_method)
    read = {
        name
        for f in file.reached(plan.functions.given)
        for name in (*f.attributes.reads, *f.attributes.changes)
    }
    held: dict[str, ast.expr] = {}
    for name, text in shared.items():
        value = ast.parse(text, mode="eval").body
        if name not in put:
            held |= {name: _given(value, put, name)} if names_in(value) & put else {}
            continue
        match value:
            case ast.Name(id=whole) if whole not in put:
                held[whole] = ast.Name(name)
            case ast.Subscript(value=ast.Name(id=whole), slice=ast.Constant(value=str()) as key) if (
                whole not in put
            ):
                before = held.get(whole, ast.Dict([None], [_of_net(whole)]))
                assert isinstance(before, ast.Dict)
                held[whole] = ast.Dict([*before.keys, key], [*before.values, ast.Name(name)])
    return {name: ast.unparse(value) for name, value in held.items() if name in read}


def _given(value: ast.expr, put: Collection[str], whole: str) -> ast.expr:
    """What an attribute holds once parameters are put on its object: these, and what it held beside them."""
    if isinstance(value, ast.Dict):
        pairs = [(k, v) for k, v in zip(value.keys, value.values, strict=True) if names_in(v) <= {*put}]
        if len(pairs) < len(value.values):
            pairs.insert(0, (None, _of_net(whole)))
        return ast.Dict([key for key, _ in pairs], [part for _, part in pairs])

    class Placing(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return node if node.id in put else _of_net(node.id)

    placed = Placing().visit(value)
    assert isinstance(placed, ast.expr)
    return placed


def _of_net(name: str) -> ast.expr:
    return ast.Attribute(ast.Name(NET), name)
