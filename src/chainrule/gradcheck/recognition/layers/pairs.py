"""Layers: which forward pass of a file belongs to which backward pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import is_cost, is_update, names_apart, rank
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import (
    is_gradient,
    is_rate,
    l2_name,
    may_be_gradient,
    meaning,
    rate_name,
)
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.derivatives import is_derivative_of, with_derivatives
from chainrule.gradcheck.recognition.layers.losses import (
    TAKEN_BY_LOSS,
    gives_loss_and_gradient,
    has_own_words,
    is_loss_gradient,
    is_loss_of,
    says_forward,
)
from chainrule.gradcheck.recognition.pairing import takes_labels

_BACKWARD = re.compile(r"back_?(ward|prop|forward)|bprop|bwd|(^|_)bw(_|$)", re.IGNORECASE)
_GRADIENT_OF = re.compile(
    r"(?P<before>\w+)_(grad(ient)?s?|vjp|pullback|adjoint|back|deriv(ative)?|prime)|(d|grad|back)_(?P<after>\w+)"
)
_VARIANT = re.compile(r"_?(alt|alternative|naive|fast|vectori[sz]ed|loops?|simple)$", re.IGNORECASE)
_TRAINING = re.compile(r"_?train(ing)?$", re.IGNORECASE)
_UPSTREAM = re.compile(
    r"d[a-z]?(out|a|z|y|h|s|l|values?)\w*|\w*(grad|delta|error|upstream|diff)\w*|g|d", re.IGNORECASE
)

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
    """

    forward: Function
    backward: Function
    owner: str = ""
    takes_the_same: bool = False
    is_guessed: bool = False

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
            LayerPair(forward, backward, owner)
            for backward in _backward_passes(own)
            for forward in _forwards_of(backward, own)
            if _is_of_layer(forward, backward)
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
            if f.name not in known and not says_forward(f.name) and not _is_part_of_another(f, file)
            if len(forwards := [other for other in own if _takes_apart(f, other)]) == 1
        ]
        given_back = [(f, file.pullbacks[f.shown]) for f in own if f.shown in file.pullbacks]
        pairs_here += [LayerPair(f, back, owner) for f, back in given_back if back.arguments]
        pairs_here += [] if owner else [LayerPair(f, f) for f in own if gives_loss_and_gradient(f)]
        pairs += sorted(pairs_here, key=lambda pair: -len(_called_by(pair, pairs_here, file)))
    of_losses = all(takes_labels(pair.forward) for pair in pairs)
    return [*pairs, *_with_derivatives(file)] if of_losses else pairs


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
    own = [f for f in of_class if f.name in names or (_says_backward(f.name) and _only_steps(f))]
    return own or [pair.forward, pair.backward]


def steps_beside(pair: LayerPair, file: Definitions) -> list[Function]:
    """The methods that take the step from what a layer's backward pass gives, and are called backward in its place."""
    if _says_backward(pair.backward.name):
        return []
    return [f for f in functions_of(pair, file) if _says_backward(f.name) and _only_steps(f)]


def _backward_passes(own: list[Function]) -> list[Function]:
    """The functions of a class, or of none, that are backward passes by their names, or as they belong to one of the
    others; where a class has none such, the gradient that takes an upstream one and nothing else."""
    named = [f for f in own if _says_backward(f.name) or _is_gradient_of_one(f, own)]
    others = [f for f in own if f.owner and f.gives and rank(f.name, "gradient") is not None]
    of_one = [(f, a) for f in others for a in [a for a in f.arguments if a.required][:1] if _takes_one(f)]
    if named and all(map(_only_steps, named)):
        # What is called backward takes the step: no other is left for what the gradient is given.
        return [f for f, _ in of_one] or named
    return named or [f for f, argument in of_one if is_upstream(argument.name)]


def _only_steps(function: Function) -> bool:
    """Whether a method of a class takes a rate, and nothing but what belongs to a step beside it."""
    given = [a.name for a in function.arguments]
    steps = [is_rate_of(function, a) or meaning(a.name).role == "l2" for a in function.arguments]
    return bool(function.owner) and rate_name(given) is not None and all(steps)


def _takes_one(function: Function) -> bool:
    return len([a for a in function.arguments if a.required]) == 1


def _says_backward(name: str) -> bool:
    return _BACKWARD.search(in_english(name)) is not None


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
    return bool(layers) and all(_is_backward(f) for f in others)


def without_forward(file: Definitions) -> list[Function]:
    """The backward passes that belong to no forward pass."""
    passes = passes_of(layers_of(file))
    own = (f for f in file.functions if not f.imported and not f.owner and (f.owner, f.name) not in passes)
    return [f for f in own if _is_backward(f) and any(is_upstream(a.name) for a in f.arguments)]


def passes_of(layers: list[LayerPair]) -> set[tuple[str, str]]:
    """The passes of some layers, by class and name."""
    return {(f.owner, f.name) for layer in layers for f in (layer.forward, layer.backward)}


def _is_backward(function: Function) -> bool:
    """Whether a function is a backward pass that can only be a layer's."""
    names = [a.name for a in function.arguments if a.required]
    rates = [a for a in function.arguments if a.required and is_rate_of(function, a)]
    of_a_net = takes_labels(function) or bool(rates) or l2_name(names) is not None
    return _says_backward(function.name) and not of_a_net


def is_upstream(name: str) -> bool:
    """Whether an argument of this name is dJ/dout: ``dout``, ``dA``, ``output_gradient``, ``delta``."""
    return bool(_UPSTREAM.fullmatch(name)) or is_gradient(name)


def is_rate_of(function: Function, argument: Argument) -> bool:
    """Whether an argument is a learning rate by its name, and no array: nothing of it is looked at, as ``eta.shape``
    is."""
    # The one array that a gradient is made of may be called eta.
    is_array = _takes_one(function) and argument.required and rank(function.name, "gradient") is not None
    return is_rate(argument.name) and not (is_array or function.fields.get(argument.name))


def _is_of_layer(forward: Function, backward: Function) -> bool:
    """Whether two passes are those of a layer: a backward pass that takes labels, l2 or a rate beside other things than
    dJ/dout is a net's."""
    required = [a.name for a in backward.arguments if a.required]
    rates = [a for a in backward.arguments if a.required and is_rate_of(backward, a)]
    if takes_labels(backward) and not takes_labels(forward):
        # The cache of tanh may be called t.
        return len(required) == TAKEN_BY_LOSS and is_upstream(required[0]) and not backward.owner
    if rates or l2_name(required) is not None:
        return any(map(is_upstream, required)) and bool(backward.owner)
    return True


def _forwards_of(backward: Function, functions: list[Function]) -> list[Function]:
    """The forward passes of the same name but for words that say its direction; in a class the nearest, and that for
    training."""
    others = [
        f
        for f in functions
        if (f.gives or f.attributes.sets)
        and f.arguments
        and not _says_backward(f.name)
        and f.name != "__init__"
    ]
    if named := named_after(backward, others):
        return named
    if backward.owner:
        forwards = [f for f in others if says_forward(f.name)]
        wanted = re.sub("back_?(ward|prop)", "forward", backward.name)
        if not forwards and not [a for a in backward.arguments if a.required]:
            return [f for f in others if is_cost(f.name) and f.gives][:1]
        nearest = min(
            forwards, key=lambda f: (f.name != wanted, names_apart(f.name, backward.name)), default=None
        )
        training = [f for f in forwards if _TRAINING.sub("", f.name) == wanted != f.name]
        return [*([nearest] if nearest is not None else []), *training]
    if _GRADIENT_OF.fullmatch(backward.name):
        return []
    for name in (backward.name, _VARIANT.sub("", backward.name)):
        same = [f for f in others if names_apart(f.name, name) == 0]
        forwards = [f for f in same if says_forward(f.name)] or (same if has_own_words(name) else [])
        if forwards:
            return forwards[:1]
    return []


def _is_gradient_of_one(function: Function, functions: list[Function]) -> bool:
    """Whether a function is the backward pass of another by its name, ``gelu_grad`` of ``gelu``, and takes an upstream
    gradient; labels only where the other takes them too, as then it may be called otherwise."""
    arguments = [a.name for a in function.arguments if a.required]
    forward = named_after(function, functions)
    if not (forward and arguments and re.match("d|g$|grad|up", arguments[0])):
        return False
    return not takes_labels(function) or {a.name for a in forward[0].arguments} <= {*arguments}


def _takes_apart(backward: Function, forward: Function) -> bool:
    """Whether a function takes what another one puts together beside what it computes, and a gradient besides, so that
    it can only be its backward pass, whatever the two are called; nothing besides where that is a cost."""
    parts = {name for name, held in backward.taken_apart.items() if len(held) > 1}
    kept = any(backward.taken_apart[name] in forward.put_together for name in parts)
    others = [a.name for a in backward.arguments if a.required and a.name not in parts]
    of_cost = not others and any(map(is_cost, (*forward.returns[:1], forward.name)))
    return kept and backward != forward and backward.gives and (of_cost or any(map(may_be_gradient, others)))


def _is_part_of_another(function: Function, file: Definitions) -> bool:
    """Whether another function calls it that does not train: what that one gives is looked at, or nothing."""
    callers = [f for f in file.functions if function.name in (*f.uses, *f.attributes.reads)]
    return any(f.name != function.name and not is_update(f.name) for f in callers)


def named_after(gradient: Function, functions: Sequence[Function]) -> list[Function]:
    """The function whose gradient one is by its name; none where there is none such."""
    named = _GRADIENT_OF.fullmatch(gradient.name)
    forward = named and (named["before"] or named["after"])
    return [f for f in functions if f.name == forward and f.gives and f != gradient][:1]
