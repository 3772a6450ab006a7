"""Gradients that come back as a list for each kind of parameter: ``dict(grad_W=[...], grad_b=[...], grad_gamma=[...])``
for layers that hold a ``W``, a ``b`` and a ``gamma`` each, or for lists of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chainrule.gradcheck.program.names import parameter_names

_OF_LAYER = re.compile(r"(?:.*\[\d+\]\.)(\w+)|(?:.*\.)?(\w+)\[\d+\]")
_OF_LIST = re.compile(r"(\w+)\[\d+\]")


def by_kinds(parameters: Sequence[str], gradients: Sequence[str]) -> list[list[int]]:
    """For each parameter the place of its gradient, each list from the first layer to the last; and the other way
    round. Nothing where names do not tell the kinds, or there are not as many of each.

    >>> by_kinds(["layers[0].W", "layers[0].b", "layers[1].W", "layers[1].b"], ["dW[0]", "dW[1]", "db[0]", "db[1]"])
    [[0, 2, 1, 3], [1, 3, 0, 2]]
    >>> by_kinds(["layers[0].W", "layers[0].b"], ["dW[0]", "dV[0]"])
    []
    >>> by_kinds(["b[0]", "B[0]"], ["grad_B[0]", "grad_b[0]"])[0]
    [1, 0]
    """
    mine = _grouped([_kind(_OF_LAYER, name) for name in parameters])
    theirs = _grouped([_kind(_OF_LIST, name) for name in gradients])
    pairs = [(own, theirs.get(_listed_as(kind, theirs), [])) for kind, own in mine.items()]
    if len(mine) != len(theirs) or any(len(own) != len(other) for own, other in pairs):
        return []
    orders = []
    for direction in (1, -1):
        places = {i: j for own, other in pairs for i, j in zip(own, other[::direction], strict=True)}
        orders.append([places[i] for i in range(len(parameters))])
    return orders if sorted(orders[0]) == list(range(len(gradients))) else []


def _listed_as(kind: str, listed: Iterable[str]) -> str:
    """The list of the gradients of a kind: of several that small and capital letters alone tell apart the one with its
    own; empty where there is none."""
    fitting = [name for name in listed if kind.lower() in parameter_names(name)]
    own = [name for name in fitting if name.endswith(kind)]
    return next(iter(own if len(fitting) > 1 else fitting), "")


def _kind(form: re.Pattern[str], name: str) -> str:
    """``W`` for ``layers[0].W`` or ``W[0]``; the whole name where it says no kind."""
    said = form.fullmatch(name)
    return next(filter(None, said.groups())).replace("_", "") if said else f"?{name}"


def _grouped(kinds: Sequence[str]) -> dict[str, list[int]]:
    """The places of each kind, in order."""
    places: dict[str, list[int]] = {}
    for place, kind in enumerate(kinds):
        places.setdefault(kind, []).append(place)
    return places
