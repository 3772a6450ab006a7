"""The kinds of components: what the record of each holds, and its registry.

Functions of losses and activations take and give arrays that lead with the member axis, keep their type (float32 and
float64, and complex128, of which :mod:`chainrule.selfcheck` takes complex steps), and let no member see another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Images
from chainrule.components.registry import Component, Registry

UpdateKernel = Callable[[Any, Any, int, Any, Any, Any], tuple[Any, Any, Any]]
"""What compiled code does to one number of a parameter; see :class:`Optimizer`."""


@dataclass(frozen=True, kw_only=True)
class Loss(Component):
    """What is made small, of scores s (P, N, K) and labels y (N,).

    Attributes:
        forward: (s, y), which stay as they are, to each sample's loss (P, N), and a cache of what backward needs.
        backward: the cache, which it may use up, to the gradient of the mean over the N samples, dJ/ds (P, N, K).
        kernel: the name of its compiled form; None where it has none, and the layers train.
        pieces: the cache to the smooth piece that each sample lies on, (P, ...), any values that can be compared;
            None where the loss is smooth everywhere.
        probabilities: whether softmax(s) are probabilities of the classes.
        smoothed: whether labels may be smoothed, as :mod:`chainrule.nn.smoothing` adds it.
        several: whether y may be targets (N, K) of 0 and 1 in the place of labels, any number of them 1 in a row.
        numbers: whether y are numbers, in float64, and the net has one output: s is (P, N, 1).
    """

    forward: Callable[[Array, Any], tuple[Array, Any]]
    backward: Callable[[Any], Array]
    kernel: str | None = None
    pieces: Callable[[Any], Array] | None = None
    probabilities: bool = False
    smoothed: bool = False
    several: bool = False
    numbers: bool = False


@dataclass(frozen=True, kw_only=True)
class Activation(Component):
    """What follows a hidden layer, element by element, on any shape.

    Attributes:
        forward: s to h, which may take the place of s, and a cache of what backward needs, of which h may be a part.
        backward: dJ/dh, whose place the result may take, and the cache to dJ/ds.
        kernel: its compiled form for numbers of a type, float32 or float64: it makes the function of one number s to h
            and dh/ds, in whose code constants are of that type and powers are
            :func:`chainrule.nn.exponential.exponential`'s. None where it has none, and the layers train, as they do
            with activations of one's own.
        pieces: the cache to the smooth piece that each element lies on; None where it is smooth everywhere.
    """

    forward: Callable[[Array], tuple[Array, Any]]
    backward: Callable[[Array, Any], Array]
    kernel: Callable[[type[np.floating]], Callable[[Any], tuple[Any, Any]]] | None = None
    pieces: Callable[[Any], Array] | None = None


@dataclass(frozen=True, kw_only=True)
class Optimizer(Component):
    """What gradients do to parameters.

    Attributes:
        step: called as ``step(settings, t, gradient, state, rate)`` with the gradient of a parameter (P, ...), the
            arrays of ``state`` beside it, by name, which it moves in place, and the rates of the members (P, 1, ...),
            it gives what is to be added to the parameter at update t = 0, 1, ...
        state: names of arrays that are kept beside every parameter, in its shape; 0 at first.
        decay: its settings to the share of W that an update takes away first, at rate 1, apart from the gradient.
        kernel: its compiled form for numbers of a type, as an activation has it, of at most two arrays of state: it
            makes the function of a rate, the update's numbers (numbers, lanes), whose lane counts, one number of the
            gradient and two of the state, which stand for those it has, to what is to be added to the parameter and the
            new numbers of the state.
        numbers: its settings and t to the numbers of that update, which the kernel is given.
    """

    step: Callable[[Any, int, Array, Mapping[str, Array], Array], Array]
    state: tuple[str, ...] = ()
    decay: Callable[[Any], float] = lambda settings: 0.0
    kernel: Callable[[type[np.floating]], UpdateKernel] | None = None
    numbers: Callable[[Any, int], tuple[float, ...]] = lambda settings, t: ()


@dataclass(frozen=True, kw_only=True)
class Schedule(Component):
    """Learning rates over the steps of a run; name, words, settings and an example are those of every component.

    Attributes:
        rates: called as ``rates(settings, steps, steps_per_epoch)`` with the steps t = 0, 1, ... (T,), it gives the
            rate of each of them, (T,) in float64, which is read at t before update t.
    """

    rates: Callable[[Any, NDArray[np.int_], int], NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Init(Component):
    """How far the initial weights of a layer spread: they are standard normal draws, the same for all inits, scaled.

    Attributes:
        deviation: its settings and the numbers of a layer's inputs and outputs to the standard deviation of the
            weights.
        bias: the same to that of the biases.
    """

    deviation: Callable[[Any, int, int], float]
    bias: Callable[[Any, int, int], float] = lambda settings, inputs, outputs: 0.0


@dataclass(frozen=True, kw_only=True)
class Preprocessing(Component):
    """What makes inputs of images, x = image * scale + shift.

    Attributes:
        fit: the training images (N, D), the largest value that there can be and the images' weights (N,), or None where
            all count alike, to scale and shift, (D,) in float64.
    """

    fit: Callable[
        [Images, float, NDArray[np.float64] | None], tuple[NDArray[np.float64], NDArray[np.float64]]
    ]


LOSSES = Registry[Loss]("loss", "loss", "chainrule.nn.losses")
ACTIVATIONS = Registry[Activation]("activation", "activation", "chainrule.nn.activations")
OPTIMIZERS = Registry[Optimizer]("optimizer", "optimizer", "chainrule.train.optimizers")
SCHEDULES = Registry[Schedule]("schedule", "learning_rate", "chainrule.train.schedules")
INITS = Registry[Init]("init", "init", "chainrule.nn.inits")
TRANSFORMS = Registry[Preprocessing]("transform", "preprocess", "chainrule.data.transforms")

REGISTRIES: tuple[Registry[Any], ...] = (LOSSES, ACTIVATIONS, OPTIMIZERS, SCHEDULES, INITS, TRANSFORMS)
"""One a kind."""
