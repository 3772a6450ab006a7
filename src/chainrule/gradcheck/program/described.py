"""A function as its definition describes it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence

from chainrule.gradcheck.program.attributes import Attributes, attributes, mangled
from chainrule.gradcheck.program.averaged_results import averaged_results
from chainrule.gradcheck.program.conditions import switches_in
from chainrule.gradcheck.program.descent import steps
from chainrule.gradcheck.program.fields_read import fields_in
from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.lookups import (
    added_in,
    changed_in,
    is_property,
    keys_in,
    literal,
    makes_its_class,
    numbered_in,
    optional_fields_in,
    optional_keys_in,
    pairs_in,
    put_together_in,
    taken_apart_in,
)
from chainrule.gradcheck.program.minibatches import handed_parts
from chainrule.gradcheck.program.names import may_be_gradient, meaning
from chainrule.gradcheck.program.ranks import ranks
from chainrule.gradcheck.program.records import counting_in, picking_in, records_in
from chainrule.gradcheck.program.resized import resized_in
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.unwritten import blanks
from chainrule.gradcheck.program.vectors import taken_apart_as_vector
from chainrule.gradcheck.program.whole_numbers import averaged, divisors, shapes, whole_numbers
from chainrule.gradcheck.program.written_shapes import written_shapes


def described(node: ast.FunctionDef, owner: str = "", of_class: str = "") -> Function:
    """A function from its definition.

    Args:
        node: the definition.
        owner: the class of a method.
        of_class: what is said of that class, where that tells shapes too.
    """
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = [*[None] * (len(positional) - len(spec.defaults)), *spec.defaults]
    arguments = [
        Argument(a.arg, d is None, False, literal(d)) for a, d in zip(positional, defaults, strict=True)
    ]
    if spec.vararg is not None and meaning(spec.vararg.arg).role == "bundle":
        arguments.append(Argument(spec.vararg.arg, starred=True))
    arguments += [
        Argument(a.arg, d is None, True, literal(d))
        for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    ]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
    returned = sorted((n for n in ast.walk(node) if isinstance(n, ast.Return)), key=lambda n: n.lineno)
    last = returned[-1].value if returned else None
    elements = last.elts if isinstance(last, ast.Tuple | ast.List) else []
    nests = elements or ([last] if last is not None else [])
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    local = {n.id for n in names if not isinstance(n.ctx, ast.Load)} | {a.name for a in arguments}
    return Function(
        name=node.name,
        arguments=tuple(arguments[1:] if owner and not static else arguments),
        owner=owner,
        keys=keys_in(node, owner),
        optional_keys=optional_keys_in(node, owner),
        numbered=frozenset(numbered_in(node, owner)),
        fields=fields_in(node, owner),
        optional_fields=optional_fields_in(node, owner),
        fields_set=fields_in(node, owner, ast.Store),
        taken_apart=taken_apart_in(node),
        put_together=tuple(put_together_in(node, elements)),
        changed=frozenset(changed_in(node)) & {a.name for a in arguments},
        resized=frozenset(resized_in(node)) & {a.name for a in arguments},
        pairs=frozenset(pairs_in(node)) & {a.name for a in arguments},
        returns=tuple(map(_name_of, elements)),
        returns_before=tuple(
            tuple(map(_name_of, r.value.elts))
            for r in returned[:-1]
            if isinstance(r.value, ast.Tuple | ast.List)
        ),
        returns_inside=tuple(name for nest in nests for name in _names_inside(nest, node)),
        uses=tuple(dict.fromkeys(n.id for n in names if n.id not in local)),
        reads=frozenset(n.id for n in names if isinstance(n.ctx, ast.Load)),
        compared=frozenset(_compared(node, {a.name for a in arguments})),
        added=frozenset(added_in(node, {a.name for a in arguments})),
        numbers=frozenset(whole_numbers(node)),
        divisors=frozenset(divisors(node)),
        averages=any(True for _ in averaged(node)),
        along_axes=any(isinstance(n, ast.keyword) and n.arg == "axis" for n in ast.walk(node)),
        averaged=frozenset(averaged_results(node)),
        ranks=frozenset(ranks(node)),
        shapes=tuple(dict.fromkeys(shapes(node))),
        gives=any(r.value is not None and not _is_none(r.value) for r in returned),
        attributes=attributes(node, owner) if owner and not static else Attributes(),
        makes=makes_its_class(node, owner),
        stepped=tuple(_stepped(node, {a.name for a in arguments})),
        loops=any(isinstance(n, ast.For | ast.While) for n in ast.walk(node)),
        handed_parts=frozenset(handed_parts(node)),
        several=spec.vararg.arg if spec.vararg else "",
        is_property=is_property(node),
        written=written_shapes(node, of_class),
        records=records_in(node),
        picking=picking_in(node) & {a.name for a in arguments},
        counting=counting_in(node) & {a.name for a in arguments},
        as_vector=taken_apart_as_vector(node),
        blanks=blanks(node),
        handed_back=_handed_back([r.value for r in returned if r.value is not None], owner),
        switches=switches_in(node),
        returned=_name_of(last) if last is not None and not elements else "",
        subtracted=frozenset(_subtracted(node)),
        computes=_computes(node),
    )


_PUTTING_TOGETHER = {
    *(
        "append",
        "copy",
        "dict",
        "enumerate",
        "extend",
        "getattr",
        "hasattr",
        "isinstance",
        "items",
        "keys",
        "len",
    ),
    *("list", "range", "reversed", "tuple", "update", "values", "zip"),
}
"""What a function calls that only gives what it finds."""


def _computes(node: ast.FunctionDef) -> bool:
    """Whether a function has an operator, or calls anything but what goes through things and puts them together."""
    operators = (ast.BinOp, ast.AugAssign, ast.UnaryOp)
    return any(isinstance(n, operators) for n in ast.walk(node)) or not _called_in(node) <= _PUTTING_TOGETHER


def _subtracted(node: ast.FunctionDef) -> Iterator[str]:
    """What is called for both sides of a difference in the body of one loop, as a cost is on both sides of a point."""
    for loop in (n for n in ast.walk(node) if isinstance(n, ast.For | ast.While)):
        inside = [n for s in loop.body if not isinstance(s, ast.For | ast.While) for n in ast.walk(s)]
        kept = defaultdict[str, set[str]](set)
        for assigned in (n for n in inside if isinstance(n, ast.Assign)):
            for target in (n for t in assigned.targets for n in ast.walk(t) if isinstance(n, ast.Name)):
                kept[target.id] |= _called_in(assigned.value)
        for each in (n for n in inside if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Sub)):
            left, right = (
                _called_in(side).union(*(kept[n.id] for n in ast.walk(side) if isinstance(n, ast.Name)))
                for side in (each.left, each.right)
            )
            yield from left & right


def _called_in(value: ast.AST) -> set[str]:
    functions = (n.func for n in ast.walk(value) if isinstance(n, ast.Call))
    return {
        f.id if isinstance(f, ast.Name) else f.attr
        for f in functions
        if isinstance(f, ast.Name | ast.Attribute)
    }


def _handed_back(values: Sequence[ast.expr], owner: str) -> str:
    """The method that alone is called in all that is returned: ``return self._gradients(dout)``."""
    called = set()
    for value in values:
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=name)):
                called.add(mangled(name, owner))
            case _:
                return ""
    return called.pop() if len(called) == 1 else ""


def _compared(node: ast.FunctionDef, arguments: Container[str]) -> Iterator[frozenset[str]]:
    """The pairs of arguments that a function compares: ``n_in != n_out``."""
    for inner in ast.walk(node):
        match inner:
            case ast.Compare(
                left=ast.Name(id=one), ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Name(id=other)]
            ):
                if one != other and one in arguments and other in arguments:
                    yield frozenset((one, other))


def _stepped(node: ast.FunctionDef, arguments: Container[str]) -> dict[str, None]:
    """The arguments that a function takes a step from, with the rate among the others."""
    taken = [step for step in steps(ast.walk(node)) if step.in_place and step.rate in arguments]
    return {step.parameter: None for step in taken if step.parameter in arguments}


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _names_inside(value: ast.expr, node: ast.FunctionDef) -> list[str]:
    """The names of several values that a function returns as one, there or by a name for them."""
    match value:
        case ast.Name(id=name):
            made = (
                n.value
                for n in ast.walk(node)
                if isinstance(n, ast.Assign) and _name_of(n.targets[0]) == name
            )
            written = [
                key for nest in made if isinstance(nest, ast.Dict) for key in _names_inside(nest, node)
            ]
            return list(dict.fromkeys([*written, *_keys_given(name, node)]))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return [name for element in elements if (name := _name_of(element))]
        case ast.Dict(keys=keys):
            return [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return []


def _keys_given(name: str, node: ast.FunctionDef) -> Iterator[str]:
    """The text keys under which something is put in a dictionary: ``cache["A1"] = ...``."""
    for inner in ast.walk(node):
        match inner:
            case ast.Subscript(value=ast.Name(id=of), slice=ast.Constant(value=str(key)), ctx=ast.Store()):
                if of == name:
                    yield key


def _name_of(value: ast.expr) -> str:
    """The name of what is returned: of ``dW`` also where it is turned round, ``dW[::-1]`` or ``reversed(dW)``, made
    an array of, or given another shape, ``dW.reshape(-1, 1)``; of a gradient also where it is divided, ``dW / N``."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="reshape" | "copy")):
            return name
        case ast.BinOp(left=ast.Name(id=name), op=ast.Div()) if may_be_gradient(name):
            return name
        case ast.Name(id=name):
            return name
        case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None)):
            return _name_of(inner)
        case ast.Call(
            func=ast.Name(id="list" | "tuple" | "reversed")
            | ast.Attribute(attr="array" | "asarray" | "squeeze"),
            args=[inner, *_],
        ):
            return _name_of(inner)
        case ast.Call(func=ast.Name(id="float"), args=[ast.Name(id=name)]) if rank(name, "cost") is not None:
            return name
    return ""
