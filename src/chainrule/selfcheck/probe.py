r"""The cost of one net with any single entry of its parameters changed, at the price of what the entry touches.

A change of W_l[i, j], b_l[i], gamma_l[i] or beta_l[i] moves unit i of layer l and nothing else in that layer:

    s_i -> s_i + delta x_j,   s_i + delta,   and through gamma_i s_hat_i + beta_i with the entry changed.

The layer above sees its input i move by d = h_i' - h_i, so its scores become s + W[:, i] d: a product of two vectors
in place of two matrices. From there a block of changed nets goes on as the members of a population, by the functions
that train. Nothing is linearised: up to rounding these are the costs of the changed nets. Values are float64, or
complex128 where a complex step is taken.

Blocks are cut by size alone and each writes to its own place, so the results do not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array, Labels
from chainrule.components.kinds import Activation, Loss
from chainrule.machine import threads
from chainrule.nn import affine, batchnorm
from chainrule.nn.network import Network, Parameters

_BLOCK_BYTES = 3 * 2**18
"""Of the largest array of a block, to stay within a core's L2 cache; smaller ones cost more in calls than they save."""


class _Activations(NamedTuple):
    """One layer of the unchanged net, samples last: inputs (D, N), scores (K, N), outputs after the activation (K, N),
    and on which of its smooth pieces each lies, (K, N)."""

    x: Array
    s: Array
    h: Array
    pieces: Array


class Probe:
    """One net at one minibatch, its cost for several l2 at once.

    Attributes:
        cost: J of the unchanged net for each l2, (L,).
    """

    def __init__(
        self,
        network: Network,
        parameters: Parameters,
        x: Array,
        y: Labels,
        l2: Array,
        workers: int | None = None,
        tick: Callable[[int], None] = lambda entries: None,
    ) -> None:
        """Run the unchanged net once.

        Args:
            network: its widths, loss, activation, batch norm or not.
            parameters: of one member, P = 1, in float64.
            x: inputs (N, D).
            y: labels (N,).
            l2: (L,).
            workers: threads to use; all cores by default.
            tick: called with the number of entries done since the last call.
        """
        self._network, self._parameters, self._y, self._l2 = network, parameters, y, l2
        self._workers, self._tick = workers or threads.available_cores(), tick
        scores, caches = network.forward(parameters, x)
        self._losses, cache = network.loss_function.forward(scores, y)
        self._activation = network.activation_function
        self._loss_pieces = _pieces(network.loss_function, cache, (1, len(y)))
        self._layers = []
        for layer, here in enumerate(caches, start=1):
            s, _ = affine.forward(*here.affine, parameters[f"b{layer}"])
            outputs = caches[layer].affine.x if layer < network.depth else s
            inputs = here.affine.x.reshape(-1, here.affine.x.shape[-1])
            pieces = _pieces(self._activation, here.activation, s.shape) if layer < network.depth else s
            self._layers.append(
                _Activations(np.ascontiguousarray(inputs.T), s[0].T, outputs[0].T, pieces[0].T)
            )
        self.cost = self._losses.mean() + network.penalty(parameters, l2)

    def changes(self, name: str, entries: Array, values: Array) -> tuple[Array, Array]:
        """By how much the cost moves when one entry of a parameter takes another value, for each of ``entries``.

        Args:
            name: the parameter, such as ``"W1"``.
            entries: (n,), places in the flattened parameter.
            values: (n,), what the entry becomes; complex for a complex step.

        Returns:
            J(changed) - J, (L, n), and whether there is a kink in between: whether the activation of any unit, or the
            loss, lies on another of its smooth pieces for any sample, (n,).
        """
        kind = name.rstrip("0123456789")
        layer = int(name.removeprefix(kind))
        at = self._parameters[name].reshape(-1)[entries]
        moved, crossed = np.empty(len(entries), values.dtype), np.empty(len(entries), np.bool_)

        def fill(block: slice) -> int:
            units, d, own = self._unit_changes(kind, layer, entries[block], (values - at)[block])
            moved[block], above = self._loss_changes(layer, units, d)
            crossed[block] = own | above
            return len(units)

        blocks = _blocks(len(entries), values.itemsize * len(self._y))
        with threads.limited(1), ThreadPoolExecutor(self._workers) as pool:
            for done in pool.map(fill, blocks):
                self._tick(done)
        penalty = values**2 - at**2 if kind == "W" else np.zeros_like(values)
        return moved + self._l2[:, np.newaxis] * penalty, crossed

    def _unit_changes(
        self, kind: str, layer: int, entries: Array, delta: Array
    ) -> tuple[Array, Array, Array]:
        """The unit of each of B entries, (B,), by how much moving the entry by delta moves what the unit hands up,
        (B, N), and whether its activation meets a kink, (B,)."""
        here = self._layers[layer - 1]
        units, columns = np.divmod(entries, len(here.x)) if kind == "W" else (entries, entries)
        s, delta = here.s[units].astype(delta.dtype), delta[:, np.newaxis]
        if kind in ("W", "b"):
            s += delta * here.x[columns] if kind == "W" else delta
        if layer == self._network.depth:
            return units, s - here.s[units], np.zeros(len(units), np.bool_)
        if self._network.batch_norm:
            gamma, beta = (
                self._parameters[f"{name}{layer}"][0][units, np.newaxis] + (delta if kind == name else 0)
                for name in ("gamma", "beta")
            )
            s = batchnorm.forward(s[:, :, np.newaxis], gamma, beta)[0][:, :, 0]
        h, cache = self._activation.forward(s)
        pieces = _pieces(self._activation, cache, s.shape)
        return units, h - here.h[units], _differ(pieces, here.pieces[units])

    def _loss_changes(self, layer: int, units: Array, d: Array) -> tuple[Array, Array]:
        """By how much the mean loss moves, (B,), when a unit of a layer hands up d (B, N) more; kinks above, (B,)."""
        moved, crossed = np.empty(len(units), d.dtype), np.empty(len(units), np.bool_)
        widest = max(self._network.widths[min(layer + 1, self._network.depth) :])
        for block in _blocks(len(units), d[0].nbytes * widest):
            s = self._scores_above(layer, units[block], d[block])
            losses, crossed[block] = self._onward(min(layer + 1, self._network.depth), s)
            moved[block] = (losses - self._losses).mean(axis=1)
        return moved, crossed

    def _scores_above(self, layer: int, units: Array, d: Array) -> Array:
        """Scores (B, N, K) of the layer above; of the last layer, which has none above, its own."""
        if layer == self._network.depth:
            s = np.repeat(self._layers[-1].s[np.newaxis].astype(d.dtype), len(units), axis=0)
            s[np.arange(len(units)), units] += d
        else:
            s = self._parameters[f"W{layer + 1}"][0].T[units][:, :, np.newaxis] * d[:, np.newaxis]
            s += self._layers[layer].s
        return s.transpose(0, 2, 1)

    def _onward(self, layer: int, s: Array) -> tuple[Array, Array]:
        """Losses (B, N) and kinks crossed (B,) of B nets whose scores at a layer are s (B, N, K)."""
        crossed = np.zeros(len(s), np.bool_)
        for here in range(layer, self._network.depth):
            if self._network.batch_norm:
                s, _ = batchnorm.forward(s, self._parameters[f"gamma{here}"], self._parameters[f"beta{here}"])
            h, cache = self._activation.forward(s)
            crossed |= _differ(_pieces(self._activation, cache, s.shape), self._layers[here - 1].pieces.T)
            s, _ = affine.forward(h, self._parameters[f"W{here + 1}"], self._parameters[f"b{here + 1}"])
        losses, cache = self._network.loss_function.forward(s, self._y)
        return losses, crossed | _differ(
            _pieces(self._network.loss_function, cache, losses.shape), self._loss_pieces
        )


def parameter_names(network: Network) -> list[str]:
    """The parameters that a gradient is taken of, layer by layer."""
    names = []
    for layer in range(1, network.depth + 1):
        normed = network.batch_norm and layer < network.depth
        names += [f"{kind}{layer}" for kind in (("W", "b", "gamma", "beta") if normed else ("W", "b"))]
    return names


def _blocks(count: int, row_bytes: int) -> Iterator[slice]:
    """Parts of ``count`` rows whose arrays take :data:`_BLOCK_BYTES` at most, a row at least."""
    size = max(1, _BLOCK_BYTES // row_bytes)
    return (slice(start, start + size) for start in range(0, count, size))


def _pieces(component: Activation | Loss, cache: Any, shape: tuple[int, ...]) -> Array:
    """On which smooth piece each place lies, (B, ...); what is smooth everywhere is all one piece."""
    return component.pieces(cache) if component.pieces else np.broadcast_to(np.False_, shape)


def _differ(pieces: Array, before: Array) -> Array:
    """For each of B nets, whether any place lies on another piece than before, (B,)."""
    return np.asarray((pieces != before).any(axis=tuple(range(1, pieces.ndim))))
