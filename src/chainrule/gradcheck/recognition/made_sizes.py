"""The small sizes that objects are made of, in the place of a file's own."""

from __future__ import annotations

import ast

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import SizeRole, counted_size, size_role
from chainrule.gradcheck.recognition.containers import LAYERS_MADE
from chainrule.gradcheck.recognition.conventions import SAMPLES, Convention
from chainrule.gradcheck.recognition.patch_filters import Filters

_USUAL = Convention()
_MOST_SIZES = 4
"""How many different sizes, from inputs to outputs, are told apart."""


def size_of(
    size: SizeRole,
    convention: Convention = _USUAL,
    constructor: Function | None = None,
    name: str = "",
    depth: int = LAYERS_MADE,
) -> str:
    """A size, or all widths of a net of some depth; these without the inputs, or the outputs, where a constructor asks
    for those apart.

    Of several hidden layers each has a width of its own, by the ``name`` of the argument; of several lists of widths
    the later ones, a decoder's, go back.
    """
    arguments = constructor.arguments if constructor else ()
    layers = [argument.name for argument in arguments if size_role(argument.name) == "hidden size"]
    first, *widths, outputs = convention.widths(max(len(layers) + 1, depth))
    hidden = dict(zip(layers, widths, strict=False)).get(name, widths[0])
    filters = convention.filters
    counts = layers_counted(constructor) if constructor else {}
    ends = {size_role(a.name) for a in arguments if a.may_be_size and a.name not in counts}
    all_widths = [first, hidden, outputs] if depth == LAYERS_MADE else [first, *widths, outputs]
    if constructor is not None and goes_back(constructor, name):
        all_widths.reverse()
    values = {
        "input size": first,
        "hidden size": hidden,
        "hidden sizes": [hidden] if depth == LAYERS_MADE else widths,
        "output size": outputs,
        "widths": all_widths["input size" in ends : len(all_widths) - ("output size" in ends)],
        "rng": "rng",
        "seed": 0,
        "input channels": 3,
        "output channels": 4 if filters is None else filters.count,
        "kernel": 3 if filters is None else filters.side,
        "stride": 1,
        "padding": 1,
        "steps": SAMPLES,
        "vocabulary": convention.sizes.classes,
        "patches": (filters or Filters()).patches,
        "patch size": (filters or Filters()).pixels,
    }
    return str(values[size])


def layers_counted(constructor: Function) -> dict[str, int]:
    """The arguments by which a constructor counts the layers whose widths it is given beside them, with how many more
    of them it counts than they say."""
    if not any(size_role(argument.name) == "widths" for argument in constructor.arguments):
        return {}
    rounds = dict(constructor.attributes.rounds)
    of_ends = ("widths", "input size", "output size")
    return {
        n: more
        for n, more in rounds.items()
        if counted_size(n) is None and (len(n) == 1 or size_role(n) not in of_ends)
    }


def layer_count(
    constructor: Function, name: str, convention: Convention = _USUAL, depth: int = LAYERS_MADE
) -> str:
    """What such an argument is for a net of some depth, told by its widths; empty for another one."""
    counts = layers_counted(constructor)
    if name not in counts:
        return ""
    listed = next(a.name for a in constructor.arguments if size_role(a.name) == "widths")
    widths = size_of("widths", convention, constructor, listed, depth)
    less = len(ast.literal_eval(widths)) - (depth - counts[name])
    sign = "-" if less > 0 else "+"
    return f"len({widths}) {sign} {abs(less)}" if less else f"len({widths})"


def goes_back(constructor: Function, name: str) -> bool:
    """Whether an argument is the second list of widths: what an encoder makes narrow a decoder makes wide."""
    listed = [argument.name for argument in constructor.arguments if size_role(argument.name) == "widths"]
    return name in listed[1:]


def with_sizes(expression: str, convention: Convention, first: int = 0) -> str:
    """``[Dense(784, 32), ReLU(), Dense(32, 10)]`` with 6, 5 and 3 in the place of 784, 32 and 10; or with those that
    come after the ``first`` of them."""
    tree = ast.parse(expression, mode="eval")
    sizes = [
        value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(value, ast.Constant) and type(value.value) is int
    ]
    sizes.sort(key=lambda value: (value.lineno, value.col_offset))
    order = list(dict.fromkeys(value.value for value in sizes))
    if len(sizes) + first < 2 or not 2 <= len(order) + first <= _MOST_SIZES:
        return expression
    new = convention.widths(len(order) + first - 1)[first:]
    for value in sizes:
        value.value = new[order.index(value.value)]
    return ast.unparse(tree)


def alphabet(convention: Convention) -> str:
    """As many things as there are classes, by index."""
    return f"dict(enumerate(range({convention.sizes.classes})))"


def text(convention: Convention) -> str:
    """A text of as many different characters as there are classes."""
    return f"''.join(map(chr, range(97, {97 + convention.sizes.classes})))"
