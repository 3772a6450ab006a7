"""Parameters in containers: the keys by which they are looked up, and the ways to hold those of every layer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from chainrule.gradcheck.program.names import PARAMETER_ROLES, Meaning, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.conventions import (
    DEEPEST,
    Convention,
    every_layer,
    in_one_vector,
    of_layer,
    parameter,
)
from chainrule.gradcheck.recognition.penalties import PENALISED, squares_by_key, squares_of

LAYERS_MADE = 2
"""Of a net that is made of a list of widths."""

_DRAWN = re.compile(r"(rng\.normal\(size=(?:\([^()]*\)|[^()]*)\))(?: / (\d+))?")
"""Entries as they are drawn, and what they are divided by."""

_TEXTS = re.compile(r"\[('\w+'), ('\w+')\]")
"""What the hidden layer and the last one of such a net are made of."""

_LISTED_WIDTHS = (slice(None), slice(1, None), slice(1, -1))
"""Which of the widths of a net may be listed: all, all but the inputs, those of the hidden layers."""


@dataclass(frozen=True)
class ParameterSet:
    """The parameters as an adapter writes them.

    Attributes:
        values: expressions by name: one for each parameter, or one for a container or object of them all.
        whole: it is one for all.
        kept: the functions read the parameters from the module.
        keys: by which the parameters are looked up where they are in one dictionary.
        net: the expression that makes the object whose methods take the parameters as arguments; empty where there is
            none, or where it holds them itself.
        held: what else is put on that object once, by attribute.
        inner: the attribute of that object which holds the one with the parameters; empty where it has them itself.
        put: attributes of the one with the parameters that are given values before each call: parameters, and data.
        before: its methods that are called then, as others need what they leave on it.
        squares: the sum of the squares of all weights; empty where it is not known how to write it.
        layers: how many the net has; 0 where nothing but the names of the parameters could say another number.
        of_depth: the values of a net of another number of layers; None where there are none.
        with_norm: the same with scales and shifts, where these are left out; else None.
    """

    values: Mapping[str, str]
    whole: bool = False
    kept: bool = False
    keys: tuple[str, ...] = ()
    net: str = ""
    held: Mapping[str, str] = field(default_factory=dict)
    inner: str = ""
    put: tuple[str, ...] = ()
    before: tuple[Function, ...] = ()
    squares: str = ""
    layers: int = 0
    of_depth: Callable[[int], Mapping[str, str]] | None = None
    with_norm: ParameterSet | None = None

    def at_depth(self, layers: int, convention: Convention) -> ParameterSet:
        """The same for a net of so many layers: with other values, or made of other widths."""
        old, new = convention.widths(LAYERS_MADE), convention.widths(layers)
        widths = {str([*old[part]]): str([*new[part]]) for part in _LISTED_WIDTHS}
        widths |= {str(shapes_of(old, first)): str(shapes_of(new, first)) for first in (False, True)}

        def exchanged(text: str) -> str:
            for mine, other in widths.items():
                text = text.replace(mine, other)
            return _TEXTS.sub(lambda listed: f"[{', '.join([*[listed[1]] * (layers - 1), listed[2]])}]", text)

        values = self.of_depth(layers) if self.of_depth else _each(exchanged, self.values)
        net, held = exchanged(self.net), _each(exchanged, self.held)
        return replace(self, values=values, net=net, held=held, layers=layers)

    def smaller(self, times: int) -> ParameterSet:
        """The same whose entries are so many times smaller."""

        def divided(text: str) -> str:
            return _DRAWN.sub(lambda drawn: f"{drawn[1]} / {times * int(drawn[2] or 1)}", text)

        return replace(self, values=_each(divided, self.values), held=_each(divided, self.held))


def shapes_of(widths: Sequence[int], outputs_first: bool) -> list[tuple[int, int]]:
    """The shapes of the weights of a net of some widths.

    >>> shapes_of((6, 5, 3), outputs_first=True)
    [(5, 6), (3, 5)]
    """
    pairs = [*itertools.pairwise(widths)]
    return [(b, a) for a, b in pairs] if outputs_first else pairs


def _each(change: Callable[[str], str], texts: Mapping[str, str]) -> dict[str, str]:
    return {name: change(text) for name, text in texts.items()}


def entries_of(functions: Iterable[Function], names: set[str]) -> dict[str, Meaning]:
    """The keys of parameters by which something of these names is looked up, weights first."""
    several = list(functions)
    keys = [key for f in several for name, keys in f.keys.items() if name in names for key in keys]
    optional = (
        key for f in several for name, keys in f.optional_keys.items() if name in names for key in keys
    )
    # What other keys may lack is often not there.
    keys += [key for key in optional if meaning(key).role == "filter bias"]
    open_ended = {key[:-1] for key in keys if key.endswith("#")}
    closed = (key for key in keys if key.rstrip("0123456789") not in open_ended or key.endswith("#"))
    meanings = {key: meaning(key.rstrip("#")) for key in closed}
    if any(m.role in ("recurrent", "gate") for m in meanings.values()):
        # What follows "W" counts no layers there: it is a gate, or says what leads where.
        meanings = {key: m for key, m in meanings.items() if not key.endswith("#")}
    return from_one({k: m for role in PARAMETER_ROLES for k, m in meanings.items() if m.role == role})


def from_one(meanings: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """The same with layers counted from 1; where some are counted, what counts none is of the first layer."""
    counted = [m.layer for m in meanings.values() if m.layer is not None]
    shift, first = (1 if 0 in counted else 0), (1 if counted else None)
    return {
        name: Meaning(m.role, first if m.layer is None else m.layer + shift) for name, m in meanings.items()
    }


def depths_of(meanings: Mapping[str, Meaning], otherwise: Sequence[int]) -> list[int]:
    """How many layers the names count; where they count none, ``otherwise``."""
    counted = [m.layer for m in meanings.values() if m.layer is not None]
    return [layers for layers in ([max(counted)] if counted else otherwise) if layers <= DEEPEST]


@dataclass(frozen=True)
class ContainerLayout:
    """A way to hold the parameters of every layer in one container.

    Attributes:
        of_depth: the container of a net of so many layers.
        depths: those to try.
        squares: the sum of the squares of its weights.
        fixed: there can be no other depth.
    """

    of_depth: Callable[[int], str]
    depths: Sequence[int]
    squares: str
    fixed: bool = False

    def parameter_sets(self, name: str, keys: tuple[str, ...]) -> Iterator[ParameterSet]:
        """The container under a name, for each of the depths."""

        def values(layers: int) -> Mapping[str, str]:
            return {name: self.of_depth(layers)}

        others = None if self.fixed else values
        for layers in self.depths:
            yield ParameterSet(
                values(layers), True, keys=keys, squares=self.squares, layers=layers, of_depth=others
            )


def dictionaries(name: str, entries: Mapping[str, Meaning], convention: Convention) -> Iterator[ParameterSet]:
    """Dictionaries of arrays by counted names, or of lists; ``W#`` stands for W1, W2, ..."""
    squares = squares_by_key(name, entries)

    def named(layers: int) -> str:
        return as_dictionary((key, parameter(m, layers, convention)) for key, m in entries.items())

    def lists(layers: int) -> str:
        return as_dictionary((key, every_layer(m.role, layers, convention)) for key, m in entries.items())

    def numbered(layers: int) -> str:
        return as_dictionary(
            item for key, m in entries.items() for item in _items(key, m, layers, convention)
        )

    if any(key.endswith("#") for key in entries):
        layouts = [ContainerLayout(numbered, (2, 3), squares)]
    elif any(m.layer is not None for m in entries.values()):
        layouts = [ContainerLayout(named, depths_of(entries, ()), squares, fixed=True)]
    else:
        alone = ContainerLayout(named, (1,), squares, fixed=True)
        layouts = [ContainerLayout(lists, (2, 3), squares), alone]
    for layout in layouts:
        yield from layout.parameter_sets(name, tuple(entries))


def _items(name: str, what: Meaning, layers: int, convention: Convention) -> Iterator[tuple[str, str]]:
    if not name.endswith("#"):
        yield name, parameter(what, layers, convention)
        return
    for index in range(layers - (what.role in ("scale", "shift"))):
        yield f"{name[:-1]}{index + 1}", of_layer(what.role, index, layers, convention)


def lists_of_dictionaries(
    name: str, entries: Mapping[str, Meaning], convention: Convention
) -> Iterator[ParameterSet]:
    """A list with a dictionary for each layer."""

    squares = squares_of(f"(layer[{next(iter(entries))!r}] for layer in {name})")
    # What one layer lets run says nothing of those before it: it comes last.
    for depths in ((2, 3), (1,)):
        for layers_of in each_layer(entries, convention):
            yield from ContainerLayout(partial(_listed, layers_of), depths, squares).parameter_sets(name, ())


def _listed(layers_of: Callable[[int], list[str]], layers: int) -> str:
    return _list(layers_of(layers))


def each_layer(
    entries: Mapping[str, Meaning], convention: Convention
) -> Iterator[Callable[[int], list[str]]]:
    """The dictionaries of all layers of a net of so many; with scales in them, hidden layers need no bias."""

    def layer(index: int, layers: int, *, hidden_bias: bool) -> str:
        last = index == layers - 1
        left_out = ("scale", "shift") if last else () if hidden_bias else ("bias",)
        mine = ((k, m.role) for k, m in entries.items() if m.role not in left_out)
        return as_dictionary((k, of_layer(role, index, layers, convention)) for k, role in mine)

    def all_layers(layers: int, *, hidden_bias: bool) -> list[str]:
        return [layer(index, layers, hidden_bias=hidden_bias) for index in range(layers)]

    scaled = any(m.role == "scale" for m in entries.values())
    for hidden_bias in (False, True)[not scaled :]:
        yield partial(all_layers, hidden_bias=hidden_bias)


def one_after_the_other(name: str, listed: Sequence[str], convention: Convention) -> Iterator[ParameterSet]:
    """A list of parameters in an order that the functions write down: ``W1, b1, W2, b2 = params``."""
    meanings = from_one({each: meaning(each) for each in listed})
    penalised = [f"{name}[{place}]" for place, m in enumerate(meanings.values()) if m.role in PENALISED]

    def of_depth(layers: int) -> str:
        return _list(parameter(m, layers, convention) for m in meanings.values())

    layout = ContainerLayout(of_depth, depths_of(meanings, (1,)), squares_of(_list(penalised)), fixed=True)
    yield from layout.parameter_sets(name, ())


def lists(name: str, convention: Convention) -> Iterator[ParameterSet]:
    """[W1, b1, W2, b2], [[W1, W2], [b1, b2]], [[W1, b1], [W2, b2]], [W1, W2] and W; and all of them in one vector."""

    def pairs(layers: int) -> list[list[str]]:
        return [
            [of_layer(role, i, layers, convention) for role in ("weights", "bias")] for i in range(layers)
        ]

    def in_turn(layers: int) -> str:
        return _list(value for pair in pairs(layers) for value in pair)

    def by_role(layers: int) -> str:
        return _list(map(_list, zip(*pairs(layers), strict=True)))

    def by_layer(layers: int) -> str:
        return _list(map(_list, pairs(layers)))

    def weights(layers: int) -> str:
        return _list(weights for weights, _ in pairs(layers))

    def alone(layers: int) -> str:
        return of_layer("weights", 0, 1, convention)

    def vector(layers: int) -> str:
        return in_one_vector(layers, convention)

    for layout in (
        ContainerLayout(in_turn, (1, 2, 3), squares_of(f"{name}[::2]")),
        ContainerLayout(by_role, (2, 3), squares_of(f"{name}[0]")),
        ContainerLayout(by_layer, (1, 2, 3), squares_of(f"next(zip(*{name}))")),
        ContainerLayout(weights, (1, 2, 3), squares_of(name)),
        ContainerLayout(alone, (1,), squares_of(name), fixed=True),
        ContainerLayout(vector, (2, 1, 3), ""),
    ):
        yield from layout.parameter_sets(name, ())


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(values)}]"


def as_dictionary(items: Iterable[tuple[str, str]]) -> str:
    """The text of a dictionary."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in items) + "}"
