"""Lists of objects with parameters, as the file makes them and hands them to its functions:
``layers = [Layer(3072, 50, lam=lam), Layer(50, 10, lam=lam)]``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.recognition.containers import ParameterSet
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.held_settings import setting_of
from chainrule.gradcheck.recognition.made_sizes import with_sizes


def listed_objects(name: str, file: Definitions, convention: Convention) -> Iterator[ParameterSet]:
    """A list that the file hands to an argument of this name, with small sizes in the place of its own and a value for
    each setting whose meaning is known."""
    handed = (h for (_, taken), several in file.handed.items() if taken == name for h in several)
    for written in dict.fromkeys(filter(None, (h.constant or h.expression for h in handed))):
        tree = ast.parse(written, mode="eval").body
        if not isinstance(tree, ast.List) or not all(_is_object(each, file) for each in tree.elts):
            continue
        settings = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not file.knows(n.id)}
        named = {
            k.value.id for k in ast.walk(tree) if isinstance(k, ast.keyword) and isinstance(k.value, ast.Name)
        }
        values = {each: _value(each, file, convention, may_switch=each in named) for each in settings}
        if all(values.values()):
            yield ParameterSet({name: with_sizes(_with(values, tree), convention)}, whole=True)


def _is_object(made: ast.expr, file: Definitions) -> bool:
    return (
        isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id in file.constructors
    )


def _value(name: str, file: Definitions, convention: Convention, *, may_switch: bool) -> str:
    """What stands for a setting: a switch that may be one is off; empty where its meaning is not known."""
    if (known := setting_of(name, convention)) is not None:
        return known
    return "False" if may_switch and any(name in f.switches for f in file.functions) else ""


def _with(values: dict[str, str], tree: ast.expr) -> str:
    """The text of an expression with values in the place of names."""

    class Replacing(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.parse(values.get(node.id, node.id), mode="eval").body

    return ast.unparse(Replacing().visit(tree))
