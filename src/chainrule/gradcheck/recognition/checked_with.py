"""Which gradients are checked with others, so that nothing is to be learnt from them."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.names import is_gradient, is_rate
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.training_loops import loop_line
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.pairing import named


def is_checked_with(
    file: Definitions, functions: Functions, of_nets: Sequence[Function], in_layers: Sequence[Function] = ()
) -> bool:
    """Whether nothing is to be learnt from a gradient once others have been checked: these call it, it compares one of
    them with a numeric one, or it is an update or a training loop that uses one of them. A loop that computes its own
    gradients may be wrong where all the layers that it uses are right."""
    checked = [*of_nets, *in_layers]
    if functions.shown in {f.shown for f in file.used(checked)}:
        return True
    if _compares(file, functions.gradient, of_nets) or _tells_nothing(file, functions.gradient, of_nets):
        return True
    uses_one = functions.gradient is not None and any(f in of_nets for f in file.used([functions.gradient]))
    if functions.gradient is not None and loop_line(functions.gradient.name):
        return uses_one
    if functions.gradient is not None and uses_one and _trains(functions.gradient):
        return True
    if _hands_on(functions.gradient, of_nets, in_layers) or _is_held(file, functions.gradient, of_nets):
        return True
    if functions.by_update:
        return any(function.owner == functions.cost.owner for function in checked)
    return functions.gradient is None and any(f in checked for f in file.used([functions.cost]))


def _is_held(file: Definitions, gradient: Function | None, checked: Sequence[Function]) -> bool:
    """Whether a checked method calls a gradient of an object that its own one makes for itself: the loss of a net."""
    if gradient is None or not gradient.owner:
        return False
    return any(
        gradient.owner in file.constructors[method.owner].uses
        and any(gradient.name in names for place, names in method.fields.items() if place[:1] == ".")
        for method in checked
        if method.owner in file.constructors
    )


def _trains(function: Function) -> bool:
    """Whether a function takes a learning rate and gives no gradients: it takes steps, whatever it is called."""
    gives = any(map(is_gradient, (*function.returns, function.returned)))
    return not gives and any(is_rate(argument.name) for argument in function.arguments)


def _hands_on(gradient: Function | None, of_nets: Sequence[Function], in_layers: Sequence[Function]) -> bool:
    """Whether a method takes nothing, and gives what its object's backward pass has left there or in its layers."""
    if gradient is None or not gradient.owner or any(a.required for a in gradient.arguments):
        return False
    checked = in_layers if gradient.computes else [*of_nets, *in_layers]
    return any(f.owner == gradient.owner for f in checked)


def _tells_nothing(file: Definitions, function: Function | None, checked: Sequence[Function]) -> bool:
    """Whether a function uses a checked gradient, and neither gives anything nor leaves it anywhere: it prints."""
    if (
        function is None
        or function.gives
        or any((function.changed, function.fields_set, *function.attributes[1:3]))
    ):
        return False
    return any(f in checked for f in file.used([function]))


def _compares(file: Definitions, function: Function | None, checked: Sequence[Function]) -> bool:
    """Whether a function calls a checked gradient, its own or one of an object that it is given, and a numeric one."""
    if function is None:
        return False
    called = {*function.uses, *(name for names in function.fields.values() for name in names)}
    gradients = {f.name for f in checked if rank(f.name, "gradient") is not None}
    return not called.isdisjoint(gradients) and not called.isdisjoint(f.name for f in named(file, "numeric"))
