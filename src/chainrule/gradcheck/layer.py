"""A layer's backward pass checked by itself: functions with arrays for their outputs.

Every output that the backward pass has an upstream gradient of is multiplied by a drawn dJ/dout and summed, which is a
cost with exactly these errors at its outputs. Of a loss the cost is what it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.check import check, verifying_in_place
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.passes.backward import Upstream, UpstreamCall, backward_call
from chainrule.gradcheck.passes.calls import Passes, Ran
from chainrule.gradcheck.passes.draws import RepeatedDraws
from chainrule.gradcheck.passes.parameters import LayerParameters, parameters_of, widened
from chainrule.gradcheck.program.from_python import CalledFromPython
from chainrule.gradcheck.program.interface import FunctionName, Program
from chainrule.gradcheck.program.leaves import leaves
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.repair.at_other_values import HandedIn
from chainrule.gradcheck.repair.told_changes import settings_beside, without_settings


def check_layer(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *inputs: Any,
    seed: int = 0,
    repair: bool = False,
) -> Check:
    """Check the backward pass of one layer, and name what is wrong with it.

    Where the layer is an affine one, ReLU or batch norm, every known mistake in its derivation is tried, and those that
    give exactly the user's gradient are the causes; elsewhere they are found as those of :func:`check_gradient` are.

    Both are called on copies of all that they are given, and of the object whose methods they are: what they change
    stays as it is. What they draw at random is the same in every call.

    Args:
        forward: ``forward(*inputs)`` gives the output, alone or with a cache: ``out, cache``; several outputs,
            ``next_h, next_c, cache``; or one number, a loss. It may be a method: the arrays of its object are
            parameters then.
        backward: ``backward(dout, cache)``, ``backward(dout)`` or ``backward(dout, *inputs)`` gives the gradients;
            ``backward(dnext_h, dnext_c, cache)`` of several outputs, ``backward(cache)`` of a loss. What it calls as
            forward does, an input or what that returns, it may take in any order. The gradients are one array, a tuple
            in the order of the inputs, or a dictionary by name; a method may keep them on its object as ``dW``.
        inputs: what forward takes; what has a default may be left out. All floating-point arrays among them, in
            dictionaries and lists too, are checked if a gradient comes back; everything else is passed on.
        seed: of the errors at the outputs and of the points that are drawn.
        repair: look for a change of the source with which it is right: ``check.repairs``.

    Raises:
        CheckError: what was given cannot be checked.

    >>> def forward(x, W, b):
    ...     return x @ W.T + b
    >>> def backward(dout, x, W, b):
    ...     return dout @ W, dout.T @ x, dout.mean(axis=0)
    >>> rng = np.random.default_rng(0)
    >>> outcome = check_layer(forward, backward, rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.normal(size=2))
    >>> outcome.causes[0].name, [tensor.verdict for tensor in outcome.tensors]
    ('bias-mean-not-sum', ['right', 'right', 'wrong'])

    >>> class Scale:
    ...     def __init__(self, size):
    ...         self.gamma = np.ones(size)
    ...     def forward(self, x):
    ...         self.x = x
    ...         return self.gamma * x
    ...     def backward(self, dout):
    ...         self.dgamma = (dout * self.x).sum(axis=0)
    ...         return self.gamma * dout
    >>> layer = Scale(3)
    >>> outcome = check_layer(layer.forward, layer.backward, rng.normal(size=(5, 3)))
    >>> outcome.headline, [tensor.name for tensor in outcome.tensors]
    ('the backward pass is right', ['x', 'gamma'])
    """
    with CalledFromPython(), RepeatedDraws(forward, backward) as draws:
        layer = _Layer(Passes(forward, backward, list(inputs)), draws, seed)
        program = layer.program()
        handed = _handed_in(program, layer.passes, draws, seed)
        verify = verifying_in_place(seed, handed=handed) if repair else None
        outcome = check(program, seed=seed, verify=verify)
        unchecked = tuple(f"the gradient of {name}" for name in layer.parameters.missing)
        notes = (*layer.notes(), *outcome.notes)
        causes = without_settings(outcome.causes, lambda: [*settings_beside(backward), *handed.numbers()])
        return replace(outcome, name="backward pass", causes=causes, notes=notes, unchecked=unchecked)


def _handed_in(program: LocalProgram, passes: Passes, draws: RepeatedDraws, seed: int) -> HandedIn:
    """What was handed in, and the numbers that the forward pass takes where nothing is."""
    defaults = passes.defaults

    def made(values: Sequence[Any]) -> Program:
        forward, backward, *inputs = values
        # What is as it is where nothing is handed in need not be.
        while (
            len(inputs) > len(passes.inputs)
            and inputs[-1] == defaults[len(inputs) - len(passes.inputs) - 1][1]
        ):
            inputs.pop()
        return _Layer(Passes(forward, backward, inputs), draws, seed).program()

    values = (passes.forward, passes.backward, *passes.inputs, *(value for _, value in defaults))
    return HandedIn(program, values, ("", "", *passes.names, *(name for name, _ in defaults)), made)


class _Layer:
    """A layer as it is checked.

    Attributes:
        passes: as they were given; all calls run on copies.
        draws: what it draws from.
        call: how its backward pass is called.
        upstream: dJ/d of the outputs, as that gets them.
        parameters: what is checked.

    Raises:
        CheckError: it cannot be checked.
    """

    def __init__(self, passes: Passes, draws: RepeatedDraws, seed: int) -> None:
        self.passes, self.draws = passes, draws
        if not passes.owners and not any(_holds_floats(value) for value in passes.inputs):
            raise CheckError(
                "the inputs: hold no floating-point array; give the layer's inputs and parameters as floats"
            )
        ran = self._copied().run()
        first = ran.output(0)
        self.call: UpstreamCall = backward_call(ran)
        rng = np.random.default_rng(seed)
        self.upstream: Upstream = (1.0,)
        if not ran.is_loss:
            self.upstream = tuple(rng.standard_normal(ran.output(i).shape) for i in self.call.outputs)
        self._require_steady(first)
        self.parameters: LayerParameters = parameters_of(self._copied(), self.call, self.upstream)

    def program(self) -> LocalProgram:
        """With the sum of the outputs times dJ/dout for the cost; where the output is a loss, with that. Where there is
        one output, dJ/dout is the data: so a layer that is known is told by its outputs."""
        given = self.upstream if len(self.upstream) == 1 and np.ndim(self.upstream[0]) else ()

        def cost(arrays: dict[str, Array], *dout: Array) -> Any:
            return self._cost(self._run(arrays), dout or self.upstream)

        def gradient(arrays: dict[str, Array], *dout: Array) -> Any:
            ran = self._run(arrays)
            upstream = tuple(np.copy(each) if np.ndim(each) else each for each in dout or self.upstream)
            return self.parameters.gradient(ran, self.call.made(ran, upstream), arrays)

        watched: dict[FunctionName, Callable[..., Any]] = {
            "cost": self.passes.forward,
            "gradient": self.passes.backward,
        }
        return LocalProgram(cost, gradient, self.parameters.arrays, given, watched=watched)

    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""
        notes = []
        if self._draws():
            notes.append(
                "the forward pass draws random numbers: what it draws from is put back before every call, so that all "
                "draw the same"
            )
        if self.parameters.by_name:
            notes.append("the gradients come in another order than the inputs: they were told by their names")
        if self.parameters.by_shape:
            notes.append(f"the gradients of {', '.join(self.parameters.by_shape)} were told by their shapes")
        return tuple(notes)

    def _copied(self) -> Passes:
        self.draws.put_back()
        passes = self.passes.copied()
        widened(passes)
        return passes

    def _run(self, arrays: dict[str, Array]) -> Ran:
        passes = self._copied()
        self.parameters.put(passes, arrays)
        return passes.run()

    def _cost(self, ran: Ran, upstream: Upstream) -> Any:
        if ran.is_loss:
            return ran.parts[0]
        outputs = zip(self.call.outputs, upstream, strict=True)
        return sum((ran.output(place) * dout).sum() for place, dout in outputs)

    def _draws(self) -> bool:
        """Whether the output is another one with other random numbers."""
        passes, before = self._copied(), self._copied().run().output(0)
        self.draws.put_elsewhere()
        return not _same(passes.run().output(0), before)

    def _require_steady(self, before: Array) -> None:
        """The output must be the same when it is computed again.

        Raises:
            CheckError: it is another one.
        """
        if not _same(self._copied().run().output(0), before):
            raise CheckError(
                "the forward pass: gives another output when it is called again with the same inputs, as where it "
                "makes a generator without a seed; draw from np.random, or from a generator that is an input or an "
                "attribute"
            )


def _holds_floats(value: Any) -> bool:
    return any(leaf.array.dtype.kind == "f" for leaf in leaves(value))


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
