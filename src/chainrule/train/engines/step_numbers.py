"""What compiled code is told of an optimizer: its loop, and the numbers of every step and member."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.components import OPTIMIZERS
from chainrule.nn.network import Parameters
from chainrule.train.averaging import kept
from chainrule.train.engines import elementwise
from chainrule.train.engines.elementwise import CUT, DECAY, KEPT, MOVES, OWN, PENALTY, RATE
from chainrule.train.engines.engine import Problem, alike, is_moved
from chainrule.train.engines.packed import Packed
from chainrule.train.engines.waited import has_loop


class Update:
    """How the parameters of a problem are moved.

    Gradient descent takes a form of its own: errors are multiplied by -rate, so that every gradient comes out as the
    step itself, and of weights 1 - 2 rate l2 is kept, the only number then. With a mean of the weights beside them, or
    gradients that are cut, it goes the way of the others.

    Attributes:
        address: of the optimizer's loop; 0 for that form.
        states: words that the optimizer keeps beside each parameter.
        words: of each parameter, itself, those and its mean, where one is kept.
        gradient: the word behind them, where gradients are cut and whole ones are formed; 0 where they are not.
        numbers: of a step.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem, self._dtype = problem, problem.initial["W1"].dtype
        self._optimizer, self._alike = OPTIMIZERS.of(problem.optimizer), alike(problem)
        averaged, self.states = problem.ema is not None, len(self._optimizer.state)
        self.words = 1 + self.states + averaged
        self.gradient = 0 if problem.clip is None else self.words
        if has_loop(self._optimizer, averaged, problem.clip is not None):
            self.address = elementwise.update(self._optimizer, averaged, self._dtype)
            self.numbers = OWN + len(self._optimizer.numbers(problem.optimizer, 0))
        else:
            self.address, self.numbers = 0, 1

    def views(self, packed: Packed) -> tuple[Parameters, Parameters]:
        """The parameters that are evaluated and kept, and what is kept beside them, by names of an engine's state."""
        trained, last = packed.views(0), packed.views(self.words - 1)
        state = {
            f"{kind}.{name}": array
            for word, kind in enumerate(self._optimizer.state, start=1)
            for name, array in packed.views(word).items()
            if is_moved(name, trained)
        }
        if self._problem.ema is None:
            return trained, state
        for name, array in trained.items():
            last[name][:] = array
        return last, state | {f"trained.{name}": array for name, array in trained.items()}

    def coming(self, first: int, count: int, moves: NDArray[np.bool_] | None) -> tuple[Array, Array]:
        """Of so many steps what errors are multiplied by, (steps, P), and the numbers, (steps, P, numbers).

        Args:
            first: update that they begin with.
            count: steps.
            moves: which members each of them moves, (steps, P) or (steps, 1); None: all.
        """
        problem, begin = self._problem, first - self._problem.before
        rates = problem.rates[begin : begin + count]
        if self.address == 0:
            factors, keeps = -rates.astype(self._dtype), (1.0 - 2.0 * rates * problem.l2).astype(self._dtype)
            if moves is not None:
                factors, keeps = factors * moves, np.where(moves, keeps, self._dtype.type(1))
            return factors, keeps[:, :, np.newaxis]
        numbers = np.zeros((*rates.shape, self.numbers), self._dtype)
        numbers[:, :, MOVES], numbers[:, :, CUT] = 1 if moves is None else moves, 1
        numbers[:, :, RATE], numbers[:, :, PENALTY] = rates, 2.0 * problem.l2
        for members, settings in self._alike:
            numbers[:, members, DECAY] = (rates * self._optimizer.decay(settings))[:, members]
            own = [self._optimizer.numbers(settings, t) for t in range(first, first + count)]
            numbers[:, members, OWN:] = np.array(own)[:, np.newaxis]
        if problem.ema is not None:
            shares = np.stack([kept(t, problem.ema) for t in range(first, first + count)])
            numbers[:, :, KEPT] = shares if moves is None else np.where(moves, shares, 1.0)
        return np.ones(rates.shape, self._dtype), numbers
