"""Functions that others define and give: several together, or a backward pass beside what a forward pass computes."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator

from chainrule.gradcheck.program.described import described
from chainrule.gradcheck.program.signatures import Function, Maker
from chainrule.gradcheck.program.unfolding import handed_out


def makes_together(node: ast.FunctionDef) -> Iterator[Function]:
    """The functions that one returns, which read its arguments: as if they took these as well."""
    maker = described(node)
    for place, inner in enumerate(handed_out(node)):
        own = described(inner)
        names = {a.name for a in own.arguments}
        outer = tuple(a for a in maker.arguments if a.name not in names)
        yield own._replace(arguments=(*own.arguments, *outer), maker=Maker(maker.name, outer, place))


def maker_of(function: Function) -> str:
    """The function that defines and returns one; empty for none."""
    return function.maker.name if function.maker is not None else ""


def named_apart(functions: Iterable[Function], taken: Container[str]) -> Iterator[Function]:
    """Functions that another returns, called after this one as well where their own names are those of others."""
    for function in functions:
        name = f"{maker_of(function)}_{function.name}" if function.name in taken else function.name
        yield function._replace(name=name)


def pullback(node: ast.FunctionDef) -> dict[str, Function]:
    """The only function that one defines and gives among several values, by the name of that one; none of others."""
    match node.body[-1]:
        case ast.Return(value=ast.Tuple(elts=elements)) if len(elements) > 1:
            inner = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
            names = [element.id if isinstance(element, ast.Name) else "" for element in elements]
            given = [(place, inner[name]) for place, name in enumerate(names) if name in inner]
            if len(given) == 1:
                (place, own), *_ = given
                return {node.name: described(own)._replace(maker=Maker(node.name, (), place))}
    return {}
