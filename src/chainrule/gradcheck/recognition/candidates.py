"""The adapters that may fit the functions of a file, the likely ones first."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from keyword import iskeyword
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition import (
    conventions,
    convolutions,
    held_nets,
    objects,
    parameters,
    penalties,
    sequences,
    sizes,
)
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.calling import AdapterPlan, CannotCallError, OtherLayoutError
from chainrule.gradcheck.recognition.containers import LAYERS_MADE, ParameterSet
from chainrule.gradcheck.recognition.conventions import Convention, Sizes
from chainrule.gradcheck.recognition.data_names import DataNames, called, data_names, read_from_module
from chainrule.gradcheck.recognition.doubles import doubles
from chainrule.gradcheck.recognition.given_values import told
from chainrule.gradcheck.recognition.held_settings import settings_read
from chainrule.gradcheck.recognition.options import seeded
from chainrule.gradcheck.recognition.recognised import DEPTHS, Variant
from chainrule.gradcheck.recognition.texts import AdapterText, adapter_texts
from chainrule.gradcheck.recognition.usual_costs import ACROSS, CHOSEN

_MOST_LAYERS = 3


class Candidate(NamedTuple):
    """An adapter to try, and the plan that it was written from.

    Attributes:
        beginning: what it has in common with those that cannot run where it does not: its arrays, and its cost, or
            the forward pass of one that is not the file's own.
    """

    adapter: AdapterText
    plan: AdapterPlan
    beginning: str

    @property
    def functions(self) -> Functions:
        """The functions that it calls."""
        return self.plan.functions

    def depths(self) -> Iterator[Variant]:
        """The same with nets of 1 to 3 layers but this one's, where the parameters are held in lists or made from
        widths."""
        mine, convention = self.plan.parameters, self.plan.convention
        for layers in (depth for depth in range(1, _MOST_LAYERS + 1) if depth != mine.layers):
            other = mine.at_depth(layers, convention)
            if (other.values, other.net, other.held) != (mine.values, mine.net, mine.held):
                given = str(mine.layers or LAYERS_MADE)
                yield Variant(
                    DEPTHS, given, str(layers), self.text_of(replace(self.plan, parameters=other)), "", True
                )

    def doubled(self) -> str:
        """The same with the other gradient of filters that an object holds in two shapes; empty where it holds none
        so."""
        return self.text_of(replace(self.plan, doubled=True)) if doubles(self.plan.parameters) else ""

    def seeded(self) -> Candidate:
        """The same in training, with NumPy's draws the same in every call."""
        return self._of(seeded(self.plan))

    def smaller(self, times: int) -> Candidate:
        """The same with parameters so many times smaller."""
        return self._of(replace(self.plan, parameters=self.plan.parameters.smaller(times)))

    def text_of(self, plan: AdapterPlan) -> str:
        """The adapter of another plan that calls the functions in the same way; empty where there is none."""
        other = self.planned(plan)
        return other.adapter.text if other is not None else ""

    def planned(self, plan: AdapterPlan) -> Candidate | None:
        """That of another plan which calls the functions in the same way; None where there is none."""
        try:
            return self._of(plan)
        except (CannotCallError, StopIteration):
            return None

    def _of(self, plan: AdapterPlan) -> Candidate:
        """That of another plan which calls the functions in the same way."""
        return Candidate(next(itertools.islice(adapter_texts(plan), self._place, None)), plan, self.beginning)

    @property
    def _place(self) -> int:
        """Which of the adapters of its plan this one is."""
        return list(adapter_texts(self.plan)).index(self.adapter)


def candidates(
    file: Definitions,
    every: Sequence[Functions],
    values: Mapping[str, Any],
    failed: Container[str] = (),
    first: Convention | None = None,
    is_over: Callable[[], bool] = lambda: False,
    is_idle: Callable[[Functions], bool] = lambda functions: False,
    unknown: dict[str, str] | None = None,
    made: Callable[[str], Mapping[str, Any]] = lambda net: {},
) -> Iterator[Candidate]:
    """Adapters to try, the likely ones first.

    Args:
        file: its functions.
        every: the choices of them that are to be tried.
        values: arrays, numbers and lists of the module, by name.
        failed: the beginnings of those that have not run; none with such a beginning is given any more.
        first: how arrays lie most likely.
        is_over: whether the time for tries is up, so that there are no more.
        is_idle: whether a choice need not be tried any more; asked again for each convention.
        unknown: where what cannot be called is added to, by what gives the gradient, with the argument that is unknown.
        made: what an object holds as an expression makes it.
    """
    tries = [
        (chosen, reached, names, size, options)
        for chosen in every
        for reached in _called(chosen, file)
        for names in _data_names(chosen, file)
        for size in _sizes(file, chosen, names)
        for options in told(chosen, file)
    ]
    tiers = range(-1 if first is not None else 0, 1 if sequences.is_recurrent() else conventions.TIERS)
    hopeless: set[int] = set()
    begun: dict[str, set[str]] = {}
    for tier, (number, (functions, reached, names, size, options)) in itertools.product(
        tiers, enumerate(tries)
    ):
        usual = _tiers(functions, file, values, size)
        for convention in [first] if tier < 0 and first is not None else usual[tier]:
            if is_over():
                return
            if number in hopeless or (tier >= 0 and convention == first) or is_idle(functions):
                continue
            is_called = False
            for given in _parameters(file, reached, convention, values):
                plan = AdapterPlan(functions, names, given, convention, file, options=options, made=made)
                # Labels that cannot be multiplied with outputs may choose among them.
                used = (ACROSS in functions.usual_cost, CHOSEN in functions.usual_cost)
                taken = f"{names} {options} {convention} {given.values} {given.net} {given.held}"
                arrays = f"{functions.cost.shown} {used} {taken}"
                beginnings = begun.setdefault(arrays, set())
                if beginnings and all(beginning in failed for beginning in beginnings):
                    is_called = True
                    continue
                try:
                    for text in adapter_texts(plan):
                        is_called = True
                        beginning = text.beginning
                        if text.output:
                            beginning = f"{arrays} {text.output}"
                            beginnings.add(beginning)
                        if beginning not in failed:
                            yield Candidate(text, plan, beginning)
                except OtherLayoutError:
                    is_called = True
                except CannotCallError as error:
                    if unknown is not None:
                        unknown.setdefault(functions.shown, str(error))
                    continue
            if not is_called:
                # Whether the meaning of every argument is known is no matter of convention.
                hopeless.add(number)


def module_values(file: Definitions, namespace: dict[str, Any]) -> dict[str, Any]:
    """The module's arrays and lists that its functions may read as parameters; asking for one gives it its value."""
    used = dict.fromkeys(name for function in file.functions for name in function.uses)
    values = {}
    for name in [name for name in used if meaning(name).role in PARAMETER_ROLES] + list(namespace):
        with contextlib.suppress(KeyError, NameError):
            values[name] = namespace[name]
    kinds = (np.ndarray, list, tuple)
    known = {name: value for name, value in values.items() if isinstance(value, kinds) and name[:1] != "_"}
    # What the module would have, had it found its data.
    bound = (name for name in used if name in file.bound)
    return dict.fromkeys(name for name in bound if meaning(name).role in PARAMETER_ROLES) | known


def _called(functions: Functions, file: Definitions) -> list[list[Function]]:
    """What is called for some functions: of several that give the same, the one that is likeliest; then all."""
    every = called(functions, file)
    nearest = called(functions, file, nearest=True)
    return [nearest, every] if len(nearest) < len(every) else [every]


def _parameters(
    file: Definitions, functions: Sequence[Function], convention: Convention, values: Mapping[str, Any]
) -> Iterator[ParameterSet]:
    sets = [
        parameters.parameter_sets(file, functions, convention, values),
        objects.attribute_sets(file, functions, convention),
    ]
    # Beside its parameters an object holds the state of its recurrent net, which is not to change with the calls.
    own = sets[::-1] if convention.state else sets
    return itertools.chain(*own, held_nets.held_nets(file, functions, convention))


def _sizes(file: Definitions, functions: Functions, names: DataNames) -> list[Sizes]:
    written = sizes.written(file, functions.given)
    if sequences.is_recurrent():
        return [*written, *map(sequences.of_characters, written[:2])]
    may_give_back = sizes.may_be_autoencoder(functions.given, names)
    return [*written, *(map(sizes.of_autoencoder, written) if may_give_back else ())]


_MATRICES = {"matrix", "asmatrix", "mat"}
"""What NumPy makes matrices with, of which ``*`` is the product."""


def _tiers(
    functions: Functions, file: Definitions, values: Mapping[str, Any], size: Sizes
) -> list[list[Convention]]:
    if sequences.is_recurrent():
        return [sequences.sequence_conventions(size)]
    if convolutions.has_filters():
        return convolutions.filter_tiers(size, file, functions.given)
    every = conventions.tiers(has_bias=_mentions_bias(functions, file, values), sizes=size)
    if any(meaning(a.name).role == "scale" for f in _asking(functions, file) for a in f.arguments):
        every = [[*tier, *(replace(c, scales="(K,)") for c in tier if c.bias == "(K, 1)")] for tier in every]
    if any(_MATRICES & {*f.fields.get(file.numpy_name, ())} for f in file.functions):
        every[0] += [replace(convention, matrices=True) for convention in every[0]]
    if functions.usual_cost:
        return [*every[:-1], []]
    columns = [convention for tier in every for convention in tier if convention.samples == "column"]
    if functions.penalty == penalties.OF_ONE_SAMPLE:
        return [columns, *([] for _ in every[1:])]
    # Of a single sample, an array of losses would pass for their mean.
    return [[convention for convention in tier if convention not in columns] for tier in every]


def _data_names(functions: Functions, file: Definitions) -> list[DataNames]:
    return data_names(_asking(functions, file), with_l2=functions.penalty not in penalties.WITHOUT_L2)


def _asking(functions: Functions, file: Definitions) -> list[Function]:
    """All that asks for data: the functions that are called, and the attributes that they read."""
    reached = called(functions, file)
    reached += [maker for maker in objects.makers(file, reached) if maker not in reached]
    read = Function("module", tuple(map(Argument, read_from_module(file, reached))))
    held = held_nets.as_arguments(file, reached)
    rate = objects.held_rate(file, functions.cost, functions.gradient if functions.by_update else None)
    own = objects.as_arguments(file, reached, rate)
    return [*reached, own, held, _l2_of_settings(file, reached), read]


def _l2_of_settings(file: Definitions, functions: Sequence[Function]) -> Function:
    """The l2 that functions look up in settings, as if it were an argument; it is all that is data of an adapter."""
    settings = dict.fromkeys(name for f in functions for name in settings_read(file, f))
    names = [name for name in settings if meaning(name).role == "l2"]
    # A key may be called as nothing else can: ``hyper_params["lambda"]``.
    plain = ("l2" if iskeyword(name) or not name.isidentifier() else name for name in names)
    return Function("settings", tuple(map(Argument, plain)))


def _mentions_bias(functions: Functions, file: Definitions, values: Mapping[str, Any]) -> bool:
    """Whether there is a bias beside the weights; True where it cannot be told."""
    asking = _asking(functions, file)
    unpacked = (name for f in asking for names in f.unpacked_parameters.values() for name in names)
    names = itertools.chain((a.name for f in asking for a in f.arguments), unpacked)
    arguments = {meaning(name).role for name in names}
    roles = arguments if arguments & set(PARAMETER_ROLES) else {meaning(name).role for name in values}
    return "bundle" in arguments or "weights" not in roles or "bias" in roles
