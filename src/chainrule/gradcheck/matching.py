"""Which of the arrays that came back is the gradient of which parameter: by name, else by place, else by shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.gradcheck.leaves import Array, CheckError, Leaf

_AFFIX = re.compile(
    r"^(nabla|gradients?|grads?|derivative|d(j|l|loss|cost)?)[_.]?(?=.)|[_.]?(gradients?|grads?)$", re.I
)


@dataclass(frozen=True)
class Matching:
    """For each parameter the index of its array among those returned, and what was guessed, in words."""

    order: list[int]
    note: str = ""


def match(parameters: Sequence[Leaf], returned: Sequence[Leaf], kind: str = "") -> Matching:
    """Find every parameter's gradient.

    Args:
        parameters: the parameters' leaves.
        returned: the leaves of what the gradient gave back; scalars beside them (the cost) are passed over.
        kind: the type of what came back, for the message.

    Raises:
        CheckError: nothing, too few or too many arrays came back, or it cannot be said which is which.
    """
    usable = [i for i, leaf in enumerate(returned) if leaf.array.size > 1 or leaf.array.ndim > 0]
    found = [returned[i] for i in usable]
    if not found:
        what = f"returns {kind}" if kind else "returns nothing"
        raise CheckError(
            f"the gradient: {what} with no array in it; return the gradients, or keep them on the object as "
            f"{', '.join('grad_' + leaf.name for leaf in parameters[:2])}"
        )
    by_name = _by_name(parameters, found)
    if by_name is not None:
        return Matching([usable[i] for i in by_name])
    _refuse_count(parameters, found)
    order, note = _by_place(parameters, found)
    return Matching([usable[i] for i in order], note)


def plain_name(name: str) -> str:
    """A name without what marks a gradient: ``W1`` of ``dW1``, ``grad_W1``, ``grads.W1``, ``W1_grad``."""
    parts = re.sub(r"\[(\d+)\]", r".\1", name).lower().split(".")
    stripped = [_AFFIX.sub("", part) for part in parts]
    return "".join(part.replace("_", "") for part in stripped if part)


def _by_name(parameters: Sequence[Leaf], found: Sequence[Leaf]) -> list[int] | None:
    """By name where every parameter's name, or its own nest, is met exactly once; extra arrays are refused."""
    names = [plain_name(leaf.name) for leaf in found]
    wanted = [plain_name(leaf.name) for leaf in parameters]
    if not any(re.search("[a-z]", name) for name in wanted):
        return None
    hits = [name for name in wanted if names.count(name) == 1]
    if len(hits) == len(wanted) and len(set(wanted)) == len(wanted):
        extra = [leaf.name for leaf, name in zip(found, names, strict=True) if name not in wanted]
        if extra:
            raise CheckError(
                f"the gradient: also returns {', '.join(extra)}, which belongs to no parameter; return the "
                f"gradients of {_listed(parameters)} only"
            )
        return [names.index(name) for name in wanted]
    if hits and len(hits) >= len(wanted) / 2 and all(re.search("[a-z]", name) for name in names):
        missing = [leaf.name for leaf, name in zip(parameters, wanted, strict=True) if name not in names]
        raise CheckError(
            f"the gradient: returns {_listed(found)}, but nothing for {', '.join(missing)}; return one array for "
            "each parameter, under its name"
        )
    return None


def _refuse_count(parameters: Sequence[Leaf], found: Sequence[Leaf]) -> None:
    if len(found) != len(parameters):
        raise CheckError(
            f"the gradient: returns {len(found)} arrays ({_shapes(found)}) for {len(parameters)} parameters "
            f"({_shapes(parameters)}); return one for each"
        )


def _by_place(parameters: Sequence[Leaf], found: Sequence[Leaf]) -> tuple[list[int], str]:
    count = len(parameters)
    in_order, reverse = list(range(count)), list(range(count))[::-1]
    if _fit(parameters, found, in_order):
        return in_order, ""
    if _fit(parameters, found, reverse):
        return reverse, "the gradients were taken to come back in reverse order: last parameter first"
    by_size = [[j for j in in_order if _same(p.array, found[j].array)] for p in parameters]
    if all(len(choices) == 1 for choices in by_size) and len({c[0] for c in by_size}) == count:
        order = [choices[0] for choices in by_size]
        pairs = ", ".join(f"{p.name} is {found[j].name}" for p, j in zip(parameters, order, strict=True))
        return order, f"the gradients were matched by shape: {pairs}"
    grouped = _by_groups(parameters, found)
    if grouped is not None:
        return grouped, "the gradients were matched by shape, equal shapes in the order of the parameters"
    if any(len(choices) > 1 for choices in by_size) and all(by_size):
        unclear = [(p, choices) for p, choices in zip(parameters, by_size, strict=True) if len(choices) > 1]
        raise CheckError(
            *(
                f"the gradient: which array belongs to {p.name}? {' or '.join(found[j].name for j in choices)} would "
                "fit; return them in the order of the parameters, or in a dictionary by name"
                for p, choices in unclear
            )
        )
    return in_order, ""


def _by_groups(parameters: Sequence[Leaf], found: Sequence[Leaf]) -> list[int] | None:
    """Kinds of parameters in another order, as in (b1, b2, W1, W2): matrices and vectors each in their own order."""
    order: dict[int, int] = {}
    for is_matrix in (True, False):
        mine = [i for i, p in enumerate(parameters) if (min(p.array.shape, default=1) > 1) is is_matrix]
        theirs = [j for j, f in enumerate(found) if (min(f.array.shape, default=1) > 1) is is_matrix]
        if len(mine) != len(theirs):
            return None
        for direction in (1, -1):
            if all(
                _same(parameters[i].array, found[j].array)
                for i, j in zip(mine, theirs[::direction], strict=True)
            ):
                order |= dict(zip(mine, theirs[::direction], strict=True))
                break
        else:
            return None
    return [order[i] for i in range(len(parameters))]


def _fit(parameters: Sequence[Leaf], found: Sequence[Leaf], order: Sequence[int]) -> bool:
    return all(_same(p.array, found[j].array) for p, j in zip(parameters, order, strict=True))


def _same(parameter: Array, gradient: Array) -> bool:
    """Equal shapes, or vectors of equal length however they lie."""
    if parameter.shape == gradient.shape:
        return True
    return parameter.size == gradient.size and max(parameter.shape, default=1) == max(
        gradient.shape, default=1
    ) == (parameter.size)


def _listed(found: Sequence[Leaf]) -> str:
    return ", ".join(leaf.name for leaf in found)


def _shapes(found: Sequence[Leaf]) -> str:
    return ", ".join(f"{leaf.name} {leaf.array.shape}" for leaf in found)
