"""Layers: which forward pass of a file belongs to which backward pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, rank
from chainrule.gradcheck.program.names import is_gradient
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.derivatives import is_derivative_of, with_derivatives
from chainrule.gradcheck.recognition.layers.losses import (
    gives_loss_and_gradient,
    is_loss_gradient,
    is_loss_of,
    says_forward,
)
from chainrule.gradcheck.recognition.layers.pass_names import (
    backward_passes,
    forwards_of,
    is_backward,
    is_of_layer,
    is_part_of_another,
    is_upstream,
    leaving_outputs,
    only_steps,
    says_backward,
    takes_apart,
)
from chainrule.gradcheck.recognition.pairing import takes_labels

_STATE_GRADIENT = re.compile(
    r"(d|grad)_?(h|c|s|a|states?|hidden|cell)(_?(next|prev|t|0|init))?", re.IGNORECASE
)


class LayerPair(NamedTuple):
    """A forward pass and its backward pass.

    Attributes:
        owner: the class whose methods they are, which may have inherited them; empty for functions.
        takes_the_same: the forward pass is a cost of whatever arrays it takes, and the backward pass gives its
            gradients when it is called with the same.
        is_guessed: nothing but what it takes says that the forward pass is this cost.
        left_to_others: the attributes that other backward passes of the class leave something in, and this one does
            not: one may be there for the parameters, the other for the inputs.
        is_called: its object is called for the forward pass, as that keeps more for the backward pass than the method
            alone.
    """

    forward: Function
    backward: Function
    owner: str = ""
    takes_the_same: bool = False
    is_guessed: bool = False
    left_to_others: frozenset[str] = frozenset()
    is_called: bool = False

    @property
    def label(self) -> str:
        """Both names: ``Linear.forward / Linear.backward``; one where a function gives a loss and its gradient."""
        prefix = f"{self.owner}." if self.owner else ""
        if self.gives_both:
            return f"{prefix}{self.forward.name}"
        return f"{prefix}{self.forward.name} / {prefix}{self.backward.name}"

    @property
    def gives_both(self) -> bool:
        """Whether one function gives a loss and its gradient."""
        return self.forward == self.backward

    @property
    def is_of_cost(self) -> bool:
        """Whether its gradients are those of a cost of whatever arrays it takes, and no upstream gradient is given."""
        return self.gives_both or self.takes_the_same

    @property
    def unwritten(self) -> tuple[str, ...]:
        """Those of the two functions that are not written yet, as a template leaves them; nothing can be checked."""
        if self.gives_both:
            return (self.forward.shown,) if self.forward.gives_nothing else ()
        both = (self.forward, self.forward.gives_nothing_first), (self.backward, self.backward.gives_nothing)
        return tuple(function.shown for function, is_nothing in both if is_nothing)

    @property
    def is_unwritten(self) -> bool:
        """Whether the backward pass is not written yet: one that is may be wrong, whatever its forward pass is."""
        return self.backward.gives_nothing

    @property
    def gives_state(self) -> bool:
        """Whether the backward pass of a recurrent layer gives the gradient of its first state by its name, rather than
        that of its inputs."""
        return self.forward.loops and _STATE_GRADIENT.fullmatch(self.backward.returned) is not None

    @property
    def is_derivative(self) -> bool:
        """Whether the two are a function of one argument and its derivative."""
        return is_derivative_of(self.backward, self.forward)

    @property
    def gives_cost(self) -> bool:
        """Whether the forward pass gives a cost, which may hold a penalty."""
        return self.is_of_cost or is_cost(self.forward.name)


def layers_of(file: Definitions) -> list[LayerPair]:
    """The layers of a file in its own order, without classes from which others of the file are derived.

    Those of a class that call others of it come before these. Functions with their derivatives are layers of their own
    in a file of nothing else but losses: elsewhere they are parts of what is checked.
    """
    derived_from = file.derived_from
    owners = dict.fromkeys(f.owner for f in file.functions if not f.imported)
    pairs = []
    for owner in (owner for owner in owners if owner not in derived_from):
        places = [owner, *file.bases.get(owner, ())]
        reached = [
            f for place in places for f in file.functions if f.owner == place and (owner or not f.imported)
        ]
        # What a function makes of its own arguments is called with them alone.
        reached = [f for f in reached if f.maker is None or not f.maker.arguments]
        own = list({f.name: f for f in reversed(reached)}.values())[::-1]
        pairs_here = [
            LayerPair(
                leaving_outputs(forward, backward),
                backward,
                owner,
                left_to_others=_left_to_others(backward, own),
                is_called=_keeps_more(_call_around(forward, own), forward, file.reached([backward])),
            )
            for backward in backward_passes(own)
            if not _is_left_blank(backward, owner, own)
            for forward in forwards_of(backward, own)
            if is_of_layer(forward, backward)
        ]
        pairs_here += [
            LayerPair(loss, gradient, owner)
            for gradient in (f for f in own if f.gives and is_loss_gradient(f))
            for loss in [f for f in own if is_loss_of(f, gradient)][:1]
        ]
        known = {pair.backward.name for pair in pairs_here}
        pairs_here += [
            LayerPair(forwards[0], f, owner)
            for f in own
            if f.name not in known and not says_forward(f.name) and not is_part_of_another(f, file)
            if len(forwards := [other for other in own if takes_apart(f, other)]) == 1
        ]
        given_back = [(f, file.pullbacks[f.shown]) for f in own if f.shown in file.pullbacks]
        pairs_here += [LayerPair(f, back, owner) for f, back in given_back if back.arguments]
        pairs_here += [] if owner else [LayerPair(f, f) for f in own if gives_loss_and_gradient(f)]
        pairs += sorted(pairs_here, key=lambda pair: -len(_called_by(pair, pairs_here, file)))
    of_losses = all(takes_labels(pair.forward) for pair in pairs)
    return [*pairs, *_with_derivatives(file)] if of_losses else pairs


def _left_to_others(backward: Function, own: list[Function]) -> frozenset[str]:
    others = [f for f in backward_passes(own) if f != backward and f.name not in backward.attributes.reads]
    mine = {*backward.attributes.sets, *backward.attributes.changes}
    return frozenset(n for f in others for n in (*f.attributes.sets, *f.attributes.changes)) - mine


def _is_left_blank(backward: Function, owner: str, own: list[Function]) -> bool:
    """Whether a class has a backward pass from one that it is derived from, which does nothing, and another of its own:
    what has no parameters need give no gradients of them."""
    others = (f for f in backward_passes(own) if f != backward and f.owner == owner)
    return backward.owner != owner and backward.gives_nothing and any(True for _ in others)


def names_given(function: Function, file: Definitions) -> tuple[str, ...]:
    """What a pass calls the values that it gives: where it names none itself, the method that gives them in its place,
    ``return self._gradients(dout)``; what it puts in another order has no names."""
    if function.returns or function.returned or not function.owner:
        return function.returns
    called = file.named(function.handed_back, function.owner)
    own = called is not None and bool(called.owner) and function.handed_back in function.attributes.reads
    return called.returns if called is not None and own else ()


def _call_around(forward: Function, own: list[Function]) -> Function | None:
    """The ``__call__`` of a class that runs its forward pass with what it is given itself; None where there is none."""
    calls = (f for f in own if f.name == "__call__" != forward.name)
    around = next((f for f in calls if forward.name in f.attributes.reads), None)
    hands_on = around is not None and (around.several or around.arguments == forward.arguments)
    return around if hands_on else None


def _keeps_more(around: Function | None, forward: Function, backward: Sequence[Function]) -> bool:
    """Whether what runs a forward pass leaves something on the object that the backward pass reads, and the forward
    pass alone does not leave: what is kept to be shown says nothing of what is called."""
    if around is None or not around.gives:
        return False
    read = {name for f in backward for name in f.attributes.reads}
    return not read.isdisjoint({*around.attributes.sets} - {*forward.attributes.sets})


def _with_derivatives(file: Definitions) -> list[LayerPair]:
    """The functions with their derivatives of a file that has no other gradients."""
    pairs = [LayerPair(f, g, f.owner) for f, g in with_derivatives(file)]
    gradients = [f for f in file.functions if rank(f.name, "gradient") is not None]
    return pairs if all(f in (pair.backward for pair in pairs) for f in gradients) else []


def helpers(pair: LayerPair, file: Definitions) -> list[LayerPair]:
    """The layers of the same class that a layer is made of."""
    return _called_by(pair, layers_of(file), file)


def functions_of(pair: LayerPair, file: Definitions) -> list[Function]:
    """The two passes, the methods of the same object that they call, and those of its bases that they replace."""
    names = {pair.forward.name, pair.backward.name, *_reached(pair, file)} if pair.owner else set()
    places = (pair.owner, *file.bases.get(pair.owner, ()))
    of_class = [f for f in file.functions if pair.owner and f.owner in places]
    # What is called backward and takes a step has no gradient of its own.
    own = [f for f in of_class if f.name in names or (says_backward(f.name) and only_steps(f))]
    return own or [pair.forward, pair.backward]


def steps_beside(pair: LayerPair, file: Definitions) -> list[Function]:
    """The methods that take the step from what a layer's backward pass gives, and are called backward in its place."""
    if says_backward(pair.backward.name):
        return []
    return [f for f in functions_of(pair, file) if says_backward(f.name) and only_steps(f)]


def _called_by(pair: LayerPair, others: list[LayerPair], file: Definitions) -> list[LayerPair]:
    inner = {*_reached(pair, file)} - {pair.forward.name, pair.backward.name} if pair.owner else set()
    return [
        other
        for other in others
        if other.owner == pair.owner and {other.forward.name, other.backward.name} & inner
    ]


def _reached(pair: LayerPair, file: Definitions) -> list[str]:
    """The methods of its object that a layer calls, by name."""
    # What the constructor keeps for later, it hands to the passes.
    called = dict.fromkeys(file.constructors[pair.owner].attributes.reads)
    called |= dict.fromkeys([*pair.forward.attributes.reads, *pair.backward.attributes.reads])
    places = (pair.owner, *file.bases.get(pair.owner, ()))
    around = [f for f in file.functions if f.owner in places and _call_around(pair.forward, [f])]
    called |= dict.fromkeys(name for f in around for name in (f.name, *f.attributes.reads))
    reached = list(called)
    for name in reached:
        method = file.named(name, pair.owner)
        reached += [other for other in (method.attributes.reads if method else ()) if other not in reached]
    return reached


def only_layers(file: Definitions) -> bool:
    """Whether a file has layers, and no gradient beside them that would be left unchecked if they were."""
    layers = layers_of(file)
    gradients = [f for f in file.functions if rank(f.name, "gradient") is not None and f.arguments]
    passes = passes_of(layers)
    others = [f for f in gradients if (f.owner, f.name) not in passes and f.owner not in file.derived_from]
    return bool(layers) and all(is_backward(f) or _takes_gradients_over(f) for f in others)


def _takes_gradients_over(function: Function) -> bool:
    """Whether a function takes gradients and nothing else, and gives nothing: it makes none, ``set_grads(grads)``."""
    return not function.gives and all(is_gradient(argument.name) for argument in function.arguments)


def without_forward(file: Definitions) -> list[Function]:
    """The backward passes that belong to no forward pass."""
    passes = passes_of(layers_of(file))
    own = (f for f in file.functions if not f.imported and not f.owner and (f.owner, f.name) not in passes)
    return [f for f in own if is_backward(f) and any(is_upstream(a.name) for a in f.arguments)]


def passes_of(layers: list[LayerPair]) -> set[tuple[str, str]]:
    """The passes of some layers, by class and name."""
    return {(f.owner, f.name) for layer in layers for f in (layer.forward, layer.backward)}
