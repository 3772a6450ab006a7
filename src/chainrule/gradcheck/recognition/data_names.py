"""What data the functions of an adapter ask for, and what they call it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_update
from chainrule.gradcheck.program.names import counts_samples, l2_name, meaning, rate_name
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.switch_names import OTHER_MODES, is_mode
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.forward_passes import distance
from chainrule.gradcheck.recognition.held_settings import settings_read

_FIRST_BESIDE_L2, _APART = 0.2, 0.05
"""Numbers for what is called like l2 beside it: none is l2's own, nor that of another."""

_READ = ("inputs", "labels", "state", "cell", "l2")


class DataNames(NamedTuple):
    """What the data are called in an adapter; empty where no function takes them.

    ``mode`` is a switch between training and test that has the same default wherever it is taken; ``state`` is the
    hidden units of a recurrent net before its first step, ``cell`` what an LSTM keeps beside them.
    """

    inputs: str = ""
    labels: str = ""
    integers: str = ""
    l2: str = ""
    mode: str = ""
    state: str = ""
    cell: str = ""

    @property
    def given(self) -> list[str]:
        """Those that there are."""
        return [name for name in self if name]


def called(functions: Functions, file: Definitions, *, nearest: bool = False) -> list[Function]:
    """The functions of an adapter, the cost first, and those of the file which give them what they take.

    Args:
        functions: of the adapter.
        file: of the file.
        nearest: of several that give the same argument, as one does with dropout and one without, the nearest alone
            (:func:`.distance`).
    """
    listed = dict.fromkeys(function.shown for function in functions.given)
    reached = list(functions.given)
    for function in reached:
        for argument in (a for a in function.arguments if a.required and meaning(a.name).role == "other"):
            every = file.handed.get((function.name, argument.name), ())
            apart = [distance(handed, functions.cost, functions.gradient, file) for handed in every]
            for handed, far in zip(every, apart, strict=True):
                giver = _giver(handed, function.owner or functions.owner, file)
                if nearest and far > min(apart):
                    continue
                if giver is not None and giver.shown not in listed:
                    listed[giver.shown] = None
                    reached.append(giver)
    return reached


def read_from_module(file: Definitions, functions: Sequence[Function]) -> list[str]:
    """Inputs, labels, states and l2 that functions, and those that they use, read from the module, where none takes
    any."""
    used = file.used(functions)
    taken = {meaning(a.name).role for f in functions for a in f.arguments}
    read = dict.fromkeys(name for f in used for name in f.uses if name in file.bound)
    return [n for n in read if (role := meaning(n).role) in _READ and role not in taken]


def counts_read(file: Definitions, functions: Sequence[Function]) -> list[str]:
    """What functions, and those that they use, read from the module for the number of samples: the length of its own
    data, which is not that of others; or, of more than a letter, a number in its place.

    Where the gradient alone divides by such a number, and not the cost, which comes first, it stays the number that is
    written: a batch may be of another size.
    """
    cost, read = ({n for f in file.used(some) for n in f.uses} for some in (functions[:1], functions))
    written = [name for name in file.constants if len(name) > 1 and name in cost]
    counts = dict.fromkeys([*sorted(file.counts), *written])
    return [name for name in counts if counts_samples(name) and name in read]


def _giver(handed: HandedOn, owner: str, file: Definitions) -> Function | None:
    """What gives an argument its value, as a function of what it needs: one of the file, or an expression."""
    if handed.expression:
        return Function(handed.expression, tuple(map(Argument, dict.fromkeys(handed.free))))
    giver = file.named(handed.function, owner)
    return giver if giver is not None and (giver.owner or giver.arguments) else None


def data_names(functions: Sequence[Function], *, with_l2: bool = True) -> list[DataNames]:
    """Inputs, labels and l2 under the names that the functions give them, the cost's first.

    Where some functions take y and others Y, these may be integers and one-hot labels, or the same: both are given.
    """
    names: dict[str, str] = {}
    labels: dict[str, None] = {}
    together = False
    for function in functions:
        if function.pairs:
            names.setdefault("inputs", "X")
            labels["Y"] = None
        given = [a for a in function.arguments if a.name not in function.pairs and not a.is_flag]
        roles = [(meaning(a.name).role, a.name) for a in given]
        for role, name in roles:
            if role in ("inputs", "state", "cell") or (with_l2 and name == l2_of(function)):
                names.setdefault(role, name)
        own = [name for role, name in roles if role == "labels"]
        labels |= dict.fromkeys(own)
        together = together or len(own) > 1
    first = DataNames(**names, mode=_mode(functions))._replace(labels=next(iter(labels), ""))
    if len(labels) < 2:
        return [first]
    # Integers beside one-hot labels are those in small letters.
    one_hot, integers, *_ = sorted(labels, key=lambda name: name.islower() and "hot" not in name)
    both = first._replace(labels=one_hot, integers=integers)
    if together:
        return [both]
    if one_hot.islower() == integers.islower():
        return [first]
    return [both, first] if one_hot.casefold() == integers.casefold() else [first, both]


def default_mode(functions: Sequence[Function], name: str) -> str:
    """What a mode is by default, as it is written."""
    return next((a.default for f in functions for a in f.arguments if a.name == name), "")


def _mode(functions: Sequence[Function]) -> str:
    """The one switch between training and test that the functions take, with one default; empty where there is none."""
    modes = {(a.name, a.default) for f in functions for a in f.arguments if _is_switch(a)}
    return next(iter(modes))[0] if len(modes) == 1 else ""


def _is_switch(argument: Argument) -> bool:
    is_text = argument.default.strip("\"'") in OTHER_MODES
    return is_text or (argument.default in ("True", "False") and is_mode(argument.name))


def l2_of(function: Function) -> str | None:
    """The argument of a function that is l2."""
    return l2_name(_without_rate(function, [argument.name for argument in function.arguments]))


def beside_l2(functions: Functions, file: Definitions, l2: str) -> dict[str, str]:
    """What is called like l2 and stands beside it, in what a function takes or in settings that they share, with a
    number of its own: a slope ``alpha`` beside ``lam``."""
    every = called(functions, file)
    together = [_without_rate(f, [*(a.name for a in f.arguments), *settings_read(file, f)]) for f in every]
    together.append(list(dict.fromkeys(name for f in every for name in settings_read(file, f))))
    others: dict[str, None] = {}
    for names in together:
        own = l2 if l2 in names else l2_name(names)
        others |= dict.fromkeys(name for name in names if name != own and meaning(name).role == "l2")
    return {name: f"{_FIRST_BESIDE_L2 + _APART * place:.4g}" for place, name in enumerate(others)}


def _without_rate(function: Function, names: Sequence[str]) -> list[str]:
    """Names of what a function takes, but for the learning rate of an update."""
    rate = rate_name(names) if is_update(function.name) else None
    return [name for name in names if name != rate]
