"""Which of the arrays that came back is the gradient of which parameter: by name, else by place, else by shape."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.arrays import Array
from chainrule.errors import CheckError, MisfitError
from chainrule.gradcheck.program.interface import Returned
from chainrule.gradcheck.program.leaves import Leaf, named_leaves
from chainrule.gradcheck.program.listed_kinds import by_kinds
from chainrule.gradcheck.program.names import is_gradient, may_be_gradient, parameter_names, plain_name

_MOST_LISTED = 20


@dataclass(frozen=True)
class Matching:
    """For each parameter the index of its array among those returned: every order that fits, likeliest first.

    ``guessed`` says that neither names nor the parameters' own order decided.
    """

    orders: list[list[int]]
    guessed: bool = False

    def note(self, order: Sequence[int], parameters: Sequence[Leaf], returned: Sequence[Leaf]) -> str:
        """What was guessed, in words; empty when nothing was."""
        if not self.guessed or list(order) == sorted(order):
            return ""
        pairs = ", ".join(f"{p.name} is {returned[j].name}" for p, j in zip(parameters, order, strict=True))
        return f"the gradients were matched by shape: {pairs}"


def match(parameters: Sequence[Leaf], returned: Sequence[Leaf], kind: str = "") -> Matching:
    """Find every parameter's gradient.

    Args:
        parameters: the parameters' leaves.
        returned: the leaves of what the gradient gave back; numbers beside them (the cost) are passed over.
        kind: the type of what came back, for the message.

    Raises:
        CheckError: nothing, too few or too many arrays came back, or it cannot be said which is which.
    """
    # A number beside the gradients is the cost, unless it stands where a gradient is missing or is called like one.
    spare = len(returned) > len(parameters)
    usable = [i for i, g in enumerate(returned) if g.array.ndim or not spare or is_gradient(g.name)]
    gradients = [returned[i] for i in usable]
    if not gradients:
        what = f"returns {kind}" if kind else "returns nothing"
        raise CheckError(
            f"the gradient: {what} with no array in it; return the gradients, or keep them on the object as "
            f"{', '.join('grad_' + leaf.name for leaf in parameters[:2])}"
        )
    listed = by_kinds([leaf.name for leaf in parameters], [leaf.name for leaf in gradients])
    if order := next((order for order in listed if _all_fit(parameters, gradients, order)), None):
        return Matching([[usable[i] for i in order]])
    by_name = _by_name(parameters, gradients)
    if by_name is None and (owner := _owner(parameters)):
        own = [leaf._replace(name=leaf.name.removeprefix(owner)) for leaf in parameters]
        by_name = _by_name(own, gradients)
    if by_name is not None:
        return Matching([[usable[i] for i in by_name]])
    _require_count(parameters, gradients)
    orders, guessed = _by_place(parameters, gradients)
    return Matching([[usable[i] for i in order] for order in orders], guessed)


def in_likeliest_order(names: Sequence[str], arrays: Sequence[Array], returned: Returned) -> list[Array]:
    """What came back, each parameter's in its place in the likeliest order, whatever its shape.

    Raises:
        CheckError: as :func:`match`.
    """
    gradients = named_leaves(returned.names, returned.arrays)
    order = match(named_leaves(names, arrays), gradients, returned.kind).orders[0]
    return [gradients[place].array for place in order]


def in_order(names: Sequence[str], returned: Returned, order: Sequence[int] | None) -> Returned:
    """What came back, in the parameters' order where that has been settled."""
    if order is None:
        return returned
    return returned._replace(names=list(names), arrays=[returned.arrays[place] for place in order])


def in_shapes(names: Sequence[str], arrays: Sequence[Array], returned: Returned) -> list[Array]:
    """What came back, one array in the shape of each parameter.

    Raises:
        CheckError: as :func:`match`.
        MisfitError: its shapes are not those of the parameters.
    """
    chosen = in_likeliest_order(names, arrays, returned)
    problems = [
        f"the gradient of {name}: has shape {g.shape}, but {name} has {a.shape}; return one entry for each of the "
        "parameter's"
        for name, a, g in zip(names, arrays, chosen, strict=True)
        if not fits(a, g)
    ]
    if problems:
        raise MisfitError(*problems)
    return [g.reshape(a.shape) for a, g in zip(arrays, chosen, strict=True)]


def fits(parameter: Array, gradient: Array) -> bool:
    """Equal shapes, or vectors of equal length however they lie."""
    if parameter.shape == gradient.shape:
        return True
    return parameter.size == gradient.size and _is_vector(parameter) and _is_vector(gradient)


def _is_vector(array: Array) -> bool:
    return max(array.shape, default=1) == array.size


def _owner(parameters: Sequence[Leaf]) -> str:
    """What stands in front of all parameters' names: ``net.`` of what an object of that name holds; empty where it is
    nothing."""
    shared = parameters[0].name.rpartition(".")[0]
    while shared and not all(leaf.name.startswith(f"{shared}.") for leaf in parameters):
        shared = shared.rpartition(".")[0]
    return f"{shared}." if shared else ""


def _by_name(parameters: Sequence[Leaf], gradients: Sequence[Leaf]) -> list[int] | None:
    """By name where every parameter's name, or its own nest, is met exactly once.

    Gradients of what lies between the layers (``dZ1``, ``da2``) are left aside; what else there is too much is refused.
    """
    names = [parameter_names(leaf.name) for leaf in gradients]
    wanted = [plain_name(leaf.name) for leaf in parameters]
    if not any(re.search("[a-z]", name) for name in wanted) or len(set(wanted)) < len(wanted):
        return None
    hits = [[j for j, candidates in enumerate(names) if name in candidates] for name in wanted]
    # A name that is met literally is meant, whatever else it could be short for.
    exact = [
        [j for j in places if plain_name(gradients[j].name) == name]
        for places, name in zip(hits, wanted, strict=True)
    ]
    order = [(e or h)[0] for e, h in zip(exact, hits, strict=True) if len(e or h) == 1]
    if len(order) == len(wanted) and len(set(order)) == len(order):
        kinds = {_uncounted(name) for name in wanted}
        extra = [
            leaf.name
            for j, leaf in enumerate(gradients)
            if j not in order and (not may_be_gradient(leaf.name) or kinds & set(map(_uncounted, names[j])))
        ]
        if extra:
            raise CheckError(
                f"the gradient: also returns {', '.join(extra)}, which belongs to no parameter; return the "
                f"gradients of {_listed(parameters)} only"
            )
        return order
    lettered = all(re.search("[a-z]", leaf.name.lower()) for leaf in gradients)
    if lettered and len(order) >= len(wanted) / 2:
        missing = [leaf.name for leaf, places in zip(parameters, hits, strict=True) if not places]
        if missing:
            raise CheckError(
                f"the gradient: returns {_listed(gradients)}, but nothing for {', '.join(missing)}; return one "
                "array for each parameter, under its name"
            )
    return None


def _require_count(parameters: Sequence[Leaf], gradients: Sequence[Leaf]) -> None:
    if len(gradients) != len(parameters):
        came, wanted = _with_shapes(gradients), _with_shapes(parameters)
        raise CheckError(
            f"the gradient: returns {len(gradients)} arrays ({came}) for {len(parameters)} parameters ({wanted}); "
            "return one for each"
        )


def _by_place(parameters: Sequence[Leaf], gradients: Sequence[Leaf]) -> tuple[list[list[int]], bool]:
    """The orders whose shapes fit, the parameters' own before all others; and whether they are guessed."""
    in_order = list(range(len(parameters)))
    from_the_last = [*_by_layers(parameters), in_order[::-1]]
    if _all_fit(parameters, gradients, in_order):
        # Layers of one size: last layer first is usual, and fits as well.
        also = [
            order for order in from_the_last if order != in_order and _all_fit(parameters, gradients, order)
        ]
        return [in_order, *also], bool(also)
    likely = [*_by_groups(parameters, gradients), *from_the_last]
    fitting = [order for order in likely if _all_fit(parameters, gradients, order)]
    orders = [list(order) for order in dict.fromkeys(tuple(order) for order in fitting)]
    if orders:
        return orders, True
    by_size = [[j for j in in_order if fits(p.array, gradients[j].array)] for p in parameters]
    if all(len(choices) == 1 for choices in by_size) and len({choices[0] for choices in by_size}) == len(
        by_size
    ):
        return [[choices[0] for choices in by_size]], True
    unclear = [(p, choices) for p, choices in zip(parameters, by_size, strict=True) if len(choices) > 1]
    if unclear and _loose_shapes(parameters) == _loose_shapes(gradients):
        raise CheckError(
            *(
                f"the gradient: which array belongs to {p.name}? {' or '.join(gradients[j].name for j in choices)} "
                "would fit; return them in the order of the parameters, or in a dictionary by name"
                for p, choices in unclear
            )
        )
    # Some gradient has a shape of its own: the order that fits best otherwise.
    likely = [in_order, *_by_kinds(parameters), *likely, _by_shape_first(parameters, gradients)]
    return [max(likely, key=lambda order: _count_fitting(parameters, gradients, order))], False


def _by_kinds(parameters: Sequence[Leaf]) -> list[list[int]]:
    """All matrices in order and then all vectors, or the other way round, whatever shapes came back."""
    orders = []
    for first in (True, False):
        places = [
            i for kind in (first, not first) for i, leaf in enumerate(parameters) if _is_matrix(leaf) is kind
        ]
        orders.append(_inverse(places))
    return orders


def _by_shape_first(parameters: Sequence[Leaf], gradients: Sequence[Leaf]) -> list[int]:
    """Each parameter with the first array of its shape; what is left over in order."""
    free = list(range(len(gradients)))
    order: dict[int, int] = {}
    for i, parameter in enumerate(parameters):
        fitting = next((j for j in free if fits(parameter.array, gradients[j].array)), None)
        if fitting is not None:
            order[i] = fitting
            free.remove(fitting)
    return [order[i] if i in order else free.pop(0) for i in range(len(parameters))]


def _loose_shapes(leaves: Sequence[Leaf]) -> list[tuple[int, ...]]:
    """The shapes, vectors by their length alone."""
    return sorted((leaf.array.size,) if _is_vector(leaf.array) else leaf.array.shape for leaf in leaves)


def _all_fit(parameters: Sequence[Leaf], gradients: Sequence[Leaf], order: Sequence[int]) -> bool:
    return _count_fitting(parameters, gradients, order) == len(parameters)


def _count_fitting(parameters: Sequence[Leaf], gradients: Sequence[Leaf], order: Sequence[int]) -> int:
    return sum(fits(p.array, gradients[j].array) for p, j in zip(parameters, order, strict=True))


def _by_groups(parameters: Sequence[Leaf], gradients: Sequence[Leaf]) -> list[list[int]]:
    """Kinds of parameters in another order, as in (b1, b2, W1, W2): matrices and vectors each forwards, or each
    backwards."""
    mine, theirs = ([[i for i, leaf in enumerate(side) if _is_matrix(leaf) is kind] for kind in (True, False)]
                    for side in (parameters, gradients))  # fmt: skip
    if [len(group) for group in mine] != [len(group) for group in theirs]:
        return []
    orders = []
    for direction in (1, -1):
        order: dict[int, int] = {}
        for own, other in zip(mine, theirs, strict=True):
            order |= dict(zip(own, other[::direction], strict=True))
        orders.append([order[i] for i in range(len(parameters))])
    return orders


def _by_layers(parameters: Sequence[Leaf]) -> list[list[int]]:
    """Last layer first, each layer's own gradients in the parameters' order."""
    starts = [i for i, leaf in enumerate(parameters) if _is_matrix(leaf)]
    if not starts or starts[0] != 0:
        return []
    layers = [range(a, b) for a, b in itertools.pairwise([*starts, len(parameters)])]
    return [_inverse([i for layer in reversed(layers) for i in layer])]


def _inverse(places: Sequence[int]) -> list[int]:
    """Where each parameter's gradient stands, from which parameter's stands at each place."""
    return [places.index(i) for i in range(len(places))]


def _is_matrix(leaf: Leaf) -> bool:
    return leaf.array.ndim > 1 and min(leaf.array.shape) > 1


def _listed(gradients: Sequence[Leaf]) -> str:
    return _some([leaf.name for leaf in gradients])


def _with_shapes(gradients: Sequence[Leaf]) -> str:
    return _some([f"{leaf.name} {leaf.array.shape}" for leaf in gradients])


def _some(items: Sequence[str]) -> str:
    more = [f"{len(items) - _MOST_LISTED} more"] if len(items) > _MOST_LISTED else []
    return ", ".join([*items[:_MOST_LISTED], *more])


def _uncounted(name: str) -> str:
    return re.sub(r"[0-9]+", "", name)
