"""A component of one's own of every kind, as somebody would write it who uses the package."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from chainrule.components import ACTIVATIONS, INITS, LOSSES, SCHEDULES, TRANSFORMS
from chainrule.components.kinds import Activation, Init, Loss, Preprocessing, Schedule
from chainrule.settings.strict import Strict


def squared_forward(s, y):
    """l = sum over k of (s_k - [k = y])^2."""
    rest = s.copy()
    rest[:, np.arange(len(y)), y] -= 1
    return (rest**2).sum(axis=2), rest


def squared_backward(rest):
    """dl/ds_k = 2 (s_k - [k = y]), of the mean over the N samples."""
    return rest * (2 / rest.shape[1])


def bipolar_forward(s):
    """h = tanh(s / 2)."""
    h = np.tanh(s / 2)
    return h, h


def bipolar_backward(dh, h):
    """ds = (1 - h^2) dh / 2."""
    return dh * (1 - h**2) / 2


def leaky_forward(s):
    """h = s above 0, s / 10 below; a slope cannot be told from h as easily as from s."""
    slope = np.where(s > 0, 1, 0.1).astype(s.real.dtype)
    return s * slope, slope


class Cosine(Strict):
    """Half a wave of the cosine, from ``highest`` at the first step to ``lowest`` behind the last."""

    highest: Annotated[float, Field(gt=0)]
    lowest: Annotated[float, Field(gt=0)]


def cosine_rates(settings, steps, steps_per_epoch):
    """lowest + (highest - lowest) (1 + cos(pi t / T)) / 2."""
    wave = (1 + np.cos(np.pi * steps / len(steps))) / 2
    return settings.lowest + (settings.highest - settings.lowest) * wave


SQUARED = Loss(
    name="squared",
    about="squared distance to the one-hot label",
    forward=squared_forward,
    backward=squared_backward,
)
BIPOLAR = Activation(name="bipolar", about="tanh(s / 2)", forward=bipolar_forward, backward=bipolar_backward)
LEAKY = Activation(
    name="leaky",
    about="rectified linear units that leak a tenth",
    forward=leaky_forward,
    backward=lambda dh, slope: dh * slope,
    pieces=lambda slope: slope,
)
COSINE = Schedule(
    name="half_wave",
    about="half a wave",
    settings=Cosine,
    example="{ highest = 0.1, lowest = 0.001 }",
    rates=cosine_rates,
)
HALVED = Init(
    name="halved",
    about="half of xavier's",
    deviation=lambda settings, inputs, outputs: 0.5 / float(np.sqrt(inputs)),
)
DOUBLED = Preprocessing(
    name="doubled",
    about="from 0 to 2",
    fit=lambda images, largest, weights: (np.full(images.shape[1], 2 / largest), np.zeros(images.shape[1])),
)

OWN: list[tuple[Any, Any]] = [
    (LOSSES, SQUARED),
    (ACTIVATIONS, BIPOLAR),
    (ACTIVATIONS, LEAKY),
    (SCHEDULES, COSINE),
    (INITS, HALVED),
    (TRANSFORMS, DOUBLED),
]
"""With the registry of each."""


@contextlib.contextmanager
def registered() -> Iterator[None]:
    """All of them are known inside."""
    for registry, component in OWN:
        registry.register(component)
    try:
        yield
    finally:
        for registry, component in OWN:
            registry.unregister(component.name)


def learned(loss: str, y: Any) -> tuple[Any, int | None]:
    """What a loss learns in the place of labels: these, or numbers; and how many outputs a net has then."""
    return (y / 2 - 0.7, 1) if LOSSES[loss].numbers else (y, None)


def names(registry: Any) -> list[str]:
    """All that a registry knows inside of :func:`registered`."""
    return [*registry, *(component.name for where, component in OWN if where is registry)]
