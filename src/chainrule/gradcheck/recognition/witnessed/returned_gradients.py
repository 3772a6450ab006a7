"""Whose gradients come back: told by their places and names, by the step that the file itself takes, else by shapes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_gradient,
    meaning,
    parameter_names,
    plain_name,
)
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.witnessed.copying import MOST_NUMBERS
from chainrule.gradcheck.recognition.witnessed.own_step import OwnStep

_DATA = ("inputs", "labels", "l2")


class ReturnedGradient(NamedTuple):
    """A parameter and its gradient.

    Attributes:
        parameter: where it stands: ``own.self.W``.
        gradient: the expression of its gradient: ``out[0]``, or ``own.self.dW``.
        array: the parameter.
        is_told: whether more than shapes tells that they belong together.
        is_doubtful: the file changes the parameter by something else with it, or hands it over twice: what it gives may
            be the gradient of another cost, or hold one of two still.
        settings: where the gradient is seen by a step, the numbers by whose expressions that is long and one alone.
    """

    parameter: str
    gradient: str
    array: Array
    is_told: bool
    is_doubtful: bool
    settings: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """The last word of where it stands: ``W``."""
        *_, last = re.findall(r"[^\W\d]\w*", self.parameter)
        return str(last)


def names_of(parameters: Sequence[ReturnedGradient]) -> list[str]:
    """What parameters are called: ``W`` for ``own.self.W``, ``own.net["W"]``, ``own.self._Net__W``; where that tells
    too little, all that leads there, ``net[0].W``."""
    plain = [re.sub(r"\b_[A-Za-z]\w*?__(?=\w)", "", p.parameter) for p in parameters]
    whole = [text.removeprefix("own.").removeprefix("self.") for text in plain]
    last = [re.sub(r".*?\[?['\"]?([^\W\d]\w*)['\"]?\]?$", r"\1", text) for text in whole]
    return last if len(set(last)) == len(last) else [text.replace("'", "") for text in whole]


def held_arrays(values: Mapping[str, Any], names: Sequence[str]) -> list[ArrayPlace]:
    """The arrays that some values hold, each once."""
    found = places.of_object(SimpleNamespace(**{n: values[n] for n in names if n in values}), "own")
    once = {
        id(place.array): place
        for place in reversed(found)
        if place.array.dtype.kind == "f" and place.array.ndim and place.array.size <= MOST_NUMBERS
    }
    return [place for place in found if once.get(id(place.array)) is place]


def gradients_of(
    gradients: Sequence[ArrayPlace],
    candidates: Sequence[ArrayPlace],
    later: Mapping[str, Any],
    twice: Container[int] = (),
) -> list[ReturnedGradient]:
    """The parameters among some arrays whose gradients come back; none where that cannot be told.

    Args:
        gradients: what comes back.
        candidates: the arrays that may be parameters, in order.
        later: what the function was called with the next time, after a step.
        twice: the arrays, by what they are, that it is handed several times.
    """
    step = OwnStep(later)
    # What holds a gradient is no parameter of it.
    holders = {g.text.partition(" / ")[0] for g in gradients if g.is_gradient or " / " in g.text}
    candidates = [c for c in candidates if c.text not in holders]
    found = _by_container(gradients, candidates)
    told = found or (
        _by_list(gradients, candidates)
        | _by_name(gradients, candidates)
        | _by_way(gradients, candidates)
        | step.descended(gradients, candidates)
    )
    met = {**told}
    # Beside gradients that are called so, what has another name is none: the state after the last step.
    named = any(is_gradient(g.key) for g in gradients)
    left = (
        g for g in gradients if g.text.startswith("out") and (is_gradient(g.key) or not (named and g.key))
    )
    for gradient in (g for g in left if g.text not in met):
        free = [c for c in candidates if c not in met.values() and meaning(c.name).role not in _DATA]
        if named and not gradient.key:
            # Nor need be what has no name: it is one only of what is called a parameter.
            free = [c for c in free if meaning(c.name).role in PARAMETER_ROLES]
        fitting = [c for c in free if c.array.shape == gradient.array.shape]
        if len(fitting) > 1 and not _in_order(gradients, met, free):
            if named and not gradient.key:
                # Beside gradients that are called so, what has no name may be anything.
                continue
            return []
        if fitting:
            met[gradient.text] = fitting[0]
    if told and len(told) == len(gradients) - 1:
        # The only one that is left has the only place that is left.
        told = met
    return [
        ReturnedGradient(
            parameter.text,
            g.text,
            parameter.array,
            g.text in told,
            step.is_of_another(g.array, parameter) or id(parameter.array) in twice,
        )
        for g in gradients
        if (parameter := met.get(g.text)) is not None
    ]


def handed_twice(values: Mapping[str, Any], names: Sequence[str]) -> set[int]:
    """The arrays, by what they are, that several of some values hold."""
    every = [id(place.array) for name in names for place in held_arrays(values, [name])]
    return {array for array in every if every.count(array) > 1}


def _in_order(
    gradients: Sequence[ArrayPlace], met: Mapping[str, ArrayPlace], free: Sequence[ArrayPlace]
) -> bool:
    """Whether those that are left are as many, and of the same shapes in the same order."""
    left = [g.array.shape for g in gradients if g.text not in met]
    return left == [c.array.shape for c in free]


def _by_container(gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace]) -> dict[str, ArrayPlace]:
    """Where they come back as the parameters are held, as ``{"W": dW}`` beside ``net["W"]``: in the only container that
    is laid out so."""
    wanted = {g.text.partition("out")[2]: g for g in gradients}
    if "" in wanted or not gradients[0].text.startswith("out"):
        return {}
    first = next(iter(wanted))
    heads = [c.text.removesuffix(first) for c in candidates if c.text.endswith(first)]
    fitting = []
    for head in heads:
        held = {c.text.removeprefix(head): c for c in candidates if c.text.startswith(head)}
        if held.keys() == wanted.keys() and all(
            held[at].array.shape == g.array.shape for at, g in wanted.items()
        ):
            fitting.append({g.text: held[at] for at, g in wanted.items()})
    return fitting[0] if len(fitting) == 1 else {}


def _by_list(gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace]) -> dict[str, ArrayPlace]:
    """Where several come back in a list of whatever name: in the only one that holds arrays of the same shapes in the
    same order, which is not that from the last to the first."""
    lists = [[own.array.shape for own in held] for held in _listed(candidates)]
    found: dict[str, ArrayPlace] = {}
    for given in _listed(gradients):
        shapes = [gradient.array.shape for gradient in given]
        if len(given) > 1 and shapes != shapes[::-1] and lists.count(shapes) == 1:
            held = _listed(candidates)[lists.index(shapes)]
            found |= {gradient.text: own for gradient, own in zip(given, held, strict=True)}
    return found


def _listed(places: Sequence[ArrayPlace]) -> list[list[ArrayPlace]]:
    """Those that stand in lists, by the list."""
    lists: dict[str, list[ArrayPlace]] = {}
    for place in (place for place in places if re.search(r"\[\d+\]$", place.text)):
        lists.setdefault(place.text.rpartition("[")[0], []).append(place)
    return list(lists.values())


def _by_name(gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace]) -> dict[str, ArrayPlace]:
    return dict(_named(gradients, candidates))


def _named(
    gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace]
) -> Iterator[tuple[str, ArrayPlace]]:
    for gradient in (g for g in gradients if g.key):
        names = parameter_names(gradient.own_name or gradient.key)
        alike = [c for c in candidates if plain_name(c.own_name or c.key) in names]
        beside = [c for c in alike if gradient.holder and c.holder == gradient.holder]
        chosen = beside or alike
        if len(chosen) == 1:
            yield gradient.text, chosen[0]


def _by_way(gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace]) -> dict[str, ArrayPlace]:
    """Where they stand under the name of a container, and at the same place in it: ``grad_b[0]`` beside ``b[0]``,
    ``out["W"]["1"]`` beside ``self.W["1"]``."""
    ways = [(c, c.words) for c in candidates]
    found = {}
    for gradient in gradients:
        name, *inside = _way(gradient)
        names = parameter_names(name)
        fitting = [
            c
            for c, words in ways
            if inside
            and words[-len(inside) :] == inside
            and words[: -len(inside)]
            and plain_name(words[-len(inside) - 1]) in names
            and c.array.shape == gradient.array.shape
        ]
        if len(fitting) == 1:
            found[gradient.text] = fitting[0]
    return found


def _way(gradient: ArrayPlace) -> list[str]:
    """The name that a gradient, or what holds it, is given back under, and the way from there."""
    words = gradient.words
    named = gradient.key and gradient.key not in words
    return [gradient.key, *words[1:]] if named else words or [gradient.key]


def left_on(after: Mapping[str, Any], before: Mapping[str, Any], names: Sequence[str]) -> list[ArrayPlace]:
    """The gradients that a function leaves on objects, by their names; else all that it changes there, of which the
    file's own step tells what are gradients."""
    now = places.changed(held_arrays(before, names), held_arrays(after, names))
    return [place for place in now if place.is_gradient] or now


def given_back(result: Any, function: Function) -> list[ArrayPlace]:
    """The gradients that a function gives back, and numbers beside them.

    Args:
        result: what it gives.
        function: it, with the names of what its return statements give.
    """
    count = len(result) if isinstance(result, tuple | list) else 0
    returns = (function.returns, *function.returns_before)
    names = next((names for names in returns if len(names) == count), ())
    given = places.returned(result, "out", names)
    inside = [p.text for p in given if not p.key and len(p.words) > 1]
    if len(inside) == len(function.returns_inside):
        # Those that it gives as one have their own names.
        own = dict(zip(inside, function.returns_inside, strict=True))
        given = [p._replace(key=own.get(p.text, p.key)) for p in given]
    return [p for p in given if p.array.dtype.kind == "f" and np.isfinite(p.array).all()]


def without_states(
    given: Sequence[ArrayPlace],
    held: Sequence[ArrayPlace],
    before: Mapping[str, Any],
    later: Mapping[str, Any],
) -> list[ArrayPlace]:
    """What a function gives, without what goes on from step to step: what it was handed itself and gives back as it
    was, and, beside gradients that are called so, what it is handed the next time.

    Args:
        given: what it gives.
        held: the arrays that it was handed.
        before: copies of what holds these, from before the call.
        later: what it was called with the next time.
    """
    was = {p.text: p.array for p in held_arrays(before, [*before])}
    kept = {id(p.array) for p in held if p.text in was and np.array_equal(p.array, was[p.text])}
    coming = list[Any]()
    if any(is_gradient(p.key) for p in given):
        coming = [*later.values(), *(p.array for p in held_arrays(later, [*later]) if not p.is_gradient)]
        coming = [value for value in coming if isinstance(value, np.ndarray) and value.any()]
    return [
        p
        for p in given
        if is_gradient(p.key)
        or not (id(p.array) in kept or any(np.array_equal(p.array, array) for array in coming))
    ]
