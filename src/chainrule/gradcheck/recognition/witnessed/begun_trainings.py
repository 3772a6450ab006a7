"""Trainings that a file defines and begins nowhere, as expressions that begin one: of an object of small sizes, with a
few samples that are drawn.

    (net := Net(sizes=[6, 5, 3]), net.fit(rng.normal(size=(7, 6)), np.eye(3)[rng.integers(3, size=7)], epochs=2))[-1]

What its functions are called with there says how they are meant to be called.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.attributes import mangled
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_update
from chainrule.gradcheck.program.names import is_rate, meaning, training_setting
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.constructing import every_way, required_value
from chainrule.gradcheck.recognition.conventions import CLASSES, SAMPLES, Convention, drawn_labels, inputs
from chainrule.gradcheck.recognition.held_settings import CannotMakeError
from chainrule.gradcheck.recognition.made_sizes import size_of
from chainrule.gradcheck.recognition.witnessed.filled_nets import FilledNet, filled, layers_of
from chainrule.gradcheck.recognition.witnessed.own_calls import RUN_BESIDE, RUN_REST
from chainrule.gradcheck.recognition.witnessed.own_runs import own_runs
from chainrule.gradcheck.recognition.witnessed.small_sizes import SMALL
from chainrule.gradcheck.recognition.witnessed.tables import TABLE, asks_for_table


class DataLayout(NamedTuple):
    """How inputs and labels lie; where they are left empty, as the convention says."""

    convention: Convention
    inputs: str = ""
    labels: str = ""


_STEPS = 4
_SEQUENCES = f"rng.integers({CLASSES}, size=({_STEPS}, {SAMPLES}))"
_ROWS = Convention("rows", "one-hot", "in, out", "(K,)")
_RECURRENT = Convention("indices", "integers", state="(K, 1)")
_LAYOUTS = (
    DataLayout(_ROWS),
    DataLayout(Convention("rows", "integers", "in, out", "(K,)")),
    DataLayout(Convention("rows", "binary", "in, out", "(K,)")),
    DataLayout(Convention("columns", "one-hot")),
    DataLayout(Convention("columns", "binary")),
    DataLayout(Convention("rows", "binary (N,)", "in, out", "(K,)")),
    DataLayout(Convention("columns", "integers")),
    DataLayout(Convention("rows", "signs (N,)", "in, out", "(K,)")),
    DataLayout(
        Convention("rows", "binary", "in, out", "(K,)"),
        labels=f"2 * rng.integers(2, size=({SAMPLES}, 1)) - 1",
    ),
    DataLayout(Convention("columns", "binary"), labels=f"2 * rng.integers(2, size=(1, {SAMPLES})) - 1"),
    DataLayout(_ROWS, labels=f"rng.choice([-1.0, 1.0], size=({SAMPLES}, {CLASSES}))"),
    DataLayout(Convention("vectors", "one-hot")),
    DataLayout(Convention("vector", "one-hot", "in, out", "(K,)")),
    DataLayout(_RECURRENT, f"rng.integers({CLASSES}, size={SAMPLES}).tolist()", "[*x[1:], 0]"),
    DataLayout(_RECURRENT, _SEQUENCES, _SEQUENCES),
)

_RUN = re.compile(r"main|train|run|demo|example|script")
_INDEX = re.compile(r"(^|_)(i|ix|idx|index|id|indices|idxs|ids)$")
_SEVERAL = re.compile(r"(s|ices|negatives?|list|arr(ay)?)$")
"""How the names of several indices end."""

_BESIDE = re.compile(r"neg|noise")
"""What those are called that are picked for each of several."""

_MOST_USERS, _MOST_WAYS = 3, 3
"""How many files that import one are run, and how many of the ways to make an object are tried."""

_ROUNDS, _RATE = "2", "0.1"


class BegunTraining(NamedTuple):
    """How a training of a file may be begun.

    Attributes:
        text: the expression that begins it.
        is_own: whether a file beside it begins it so.
        convicts: whether what is wrong in it is wrong: not where we have put the net together.
    """

    text: str
    is_own: bool
    convicts: bool


def of_small_nets(run: str = RUN_REST) -> BegunTraining:
    """What the file runs itself, or what begins a training otherwise, with small sizes as the defaults of its
    constructors."""
    return BegunTraining(f"{SMALL}({run})", True, True)


def trainings(file: Definitions, run: Collection[str] = ()) -> Iterator[BegunTraining]:
    """How a training of a file may be begun, the likeliest first: by files beside it that import it, which may train
    what it defines, by what it defines to be run, and by what we make of it ourselves.

    Args:
        file: its functions.
        run: those that it runs itself, as they are shown.
    """
    for name in _users(file):
        yield of_small_nets(f"{RUN_BESIDE}, {name!r}")
        yield BegunTraining(f"{RUN_BESIDE}({name!r})", True, True)
    for text in own_runs(file, run):
        yield of_small_nets(f"lambda: {text}")
        yield BegunTraining(text, True, True)
    every = [f for f in file.functions if is_update(f.name) and f.arguments and not f.imported]
    inner = {g.shown for f in every for g in file.used([f]) if g is not f}
    every.sort(key=lambda f: f.shown in inner)
    yield from dict.fromkeys(_begun(every, file))


def _begun(every: Sequence[Function], file: Definitions) -> Iterator[BegunTraining]:
    for layout, function in itertools.product(_LAYOUTS, every):
        # What asks for something unknown, or fails, is one way fewer to begin.
        with contextlib.suppress(Exception):
            for made in _makers(function, layout.convention, file):
                for layers in [*layers_of(file, layout.convention)] or [[]]:
                    beginning = _Beginning(function, layout, file, layers)
                    text = beginning.text(made.text)
                    yield BegunTraining(text, False, made.is_files and not beginning.has_layers)


def _users(file: Definitions) -> list[str]:
    """The files that import one, those first whose names say that they are run."""
    return sorted(file.users, key=lambda name: _RUN.search(name.lower()) is None)[:_MOST_USERS]


def _makers(function: Function, convention: Convention, file: Definitions) -> Sequence[FilledNet]:
    """The objects whose method a function may be."""
    if not function.owner:
        return [FilledNet("", True)]
    made = every_way(file.constructors[function.owner], convention, file)[:_MOST_WAYS]
    nets = [way for empty in made for way in filled(empty, function.owner, file, convention)]
    # One that the file fills itself is put together with sizes of ours.
    return [*nets, *(FilledNet(text, not text.startswith("(")) for text in made)]


class _Beginning:
    """How a function that trains is called.

    Args:
        function: it.
        layout: of the data.
        file: what the file defines.
        layers: expressions that make layers, for a function that is handed some.
    """

    def __init__(
        self, function: Function, layout: DataLayout, file: Definitions, layers: Sequence[str]
    ) -> None:
        self._layers, self.has_layers = layers, False
        self._function, self._file, self._convention = function, file, layout.convention
        self._data = {
            "x": layout.inputs or inputs(layout.convention),
            "y": layout.labels or drawn_labels(layout.convention, file.numpy_name),
        }
        if asks_for_table(file):
            self._data = {name: f"{TABLE}({text})" for name, text in self._data.items()}
        self._set: dict[str, str] = {}
        self._unnamed = ["x", "y"]
        self._indices = itertools.count()

    def text(self, made: str) -> str:
        """The expression, on an object that is made so; on none where that is empty.

        Raises:
            CannotMakeError: it asks for what is not known.
        """
        call = self._call(self._function)
        if (compiled := self._file.named("compile", self._function.owner)) is not None and compiled.owner:
            self._unnamed = []
            self._set = {"compiled": self._call(compiled), **self._set}
        words = " ".join([call, *self._set.values()])
        known = {"net": made} if made else {}
        for name in ("y", "x"):
            if re.search(rf"\b{name}\b", words):
                words, known = f"{words} {self._data[name]}", {name: self._data[name], **known}
        before = [f"{name} := {text}" for name, text in (known | self._set).items()]
        return f"({', '.join([*before, call])})[-1]" if before else call

    def _call(self, function: Function) -> str:
        held = "net." * bool(function.owner)
        return f"{held}{mangled(function.name, function.owner)}({', '.join(self._given(function))})"

    def _given(self, function: Function) -> Iterator[str]:
        roles = [meaning(argument.name).role for argument in function.arguments]
        if {"inputs", "labels"} & {*roles}:
            self._unnamed = []
        for argument, role in zip(function.arguments, roles, strict=True):
            counts_rounds = training_setting(argument.name) == "1"
            if not (argument.required or counts_rounds):
                continue
            value = "x" if role == "inputs" else "y"
            if argument.name in function.pairs:
                value = "list(zip(x, y))"
            elif _is_both(function.taken_apart.get(argument.name, ())):
                value = "(x, y)"
            elif counts_rounds or is_rate(argument.name) or argument.name.lower() == "alpha":
                value = _ROUNDS if counts_rounds else _RATE
            elif role not in ("inputs", "labels"):
                value = self._other(function, argument)
            by_name = argument.keyword_only or not argument.required
            yield f"{argument.keyword}={value}" if by_name else value

    def _other(self, function: Function, argument: Argument) -> str:
        """A value for an argument that is no data by its name: of those whose names say nothing the first are data."""
        if argument.name in function.picking or _INDEX.search(argument.name.lower()):
            return self._set.setdefault(argument.name, self._index(argument.name)) and argument.name
        if texts := self._file.options.get(argument.name):
            return texts[0]
        if function is self._function and (given := self._given_before(argument.name)):
            return given
        if function is not self._function and (size := size_role(argument.name)) is not None:
            return size_of(size, self._convention, function, argument.name)
        if meaning(argument.name).role == "bundle" and self._layers:
            self.has_layers = True
            return self._set.setdefault(argument.name, f"[{', '.join(self._layers)}]") and argument.name
        try:
            return required_value(function, argument, self._convention, self._file)
        except CannotMakeError:
            if self._set:
                # What belongs to rows that are picked is a number.
                return self._set.setdefault(argument.name, "rng.normal()") and argument.name
            if not self._unnamed:
                raise
            return self._unnamed.pop(0)

    def _index(self, name: str) -> str:
        """An index, or several; each of them another one, as far as there are others. Of what is picked beside several,
        as words that are no neighbours, there are several for each of them."""
        first = next(self._indices) % CLASSES
        if not _SEVERAL.search(name):
            return str(first)
        one, other = f"{first}, {(first + 1) % CLASSES}", f"{(first + 1) % CLASSES}, {first}"
        of_each = _BESIDE.search(name.lower()) is not None and any(
            _SEVERAL.search(known) for known in self._set if known != name
        )
        return f"{self._file.numpy_name}.array([{f'[{one}], [{other}]' if of_each else one}])"

    def _given_before(self, name: str) -> str:
        """What another function gives under this name; empty where none does."""
        for other in self._file.functions:
            if other is self._function or other.owner != self._function.owner or name not in other.returns:
                continue
            place = f"given[{other.returns.index(name)}]"
            if "given" not in self._set:
                call = self._call(other)
                self._set["given"] = call
            return place
        return ""


def _is_both(held: Sequence[str]) -> bool:
    """Whether inputs and labels are taken from what holds things of these names."""
    return {"inputs", "labels"} <= {meaning(name).role for name in held}
