"""What a training waits for until it is compiled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chainrule.components import ACTIVATIONS, LOSSES, OPTIMIZERS
from chainrule.components.kinds import Optimizer
from chainrule.machine.compiler import KeptFunction, kept_kind
from chainrule.settings.settings import Settings

_HERE = Path(__file__).parent


def has_loop(record: Optimizer, averaged: bool, clipped: bool) -> bool:
    """Whether an optimizer's steps are taken by a loop; those of gradient descent alone come with products.

    >>> [has_loop(OPTIMIZERS["sgd"], averaged, clipped) for averaged, clipped in ((False, False), (True, False))]
    [False, True]
    """
    return averaged or clipped or record.name != "sgd"


def waited_for(settings: Settings, weighted: bool) -> Iterator[KeptFunction]:
    """What has to be compiled for a net in float32, by the names that it is kept by: without numba, which takes its
    time to be imported.

    Args:
        settings: of a net that compiled code trains.
        weighted: whether samples have weights.
    """
    optimizer, activation = OPTIMIZERS.of(settings.optimizer), ACTIVATIONS.of(settings.activation)
    averaged = "_averaged" * bool(settings.ema)
    loop = has_loop(optimizer, bool(averaged), bool(settings.clip))
    used = [
        ("compiled_net", "steps", True),
        ("compiled_net", "exchange_weights", True),
        ("elementwise", f"activation_{activation.name}", activation.name != "relu" or bool(settings.dropout)),
        ("elementwise", f"optimizer_{optimizer.name}{averaged}", loop),
        ("updates", "move_weights", loop),
        ("updates", "move_units", loop),
        ("clipped", "clip_and_move", bool(settings.clip)),
        ("dropped", "drop_units", bool(settings.dropout)),
    ]
    for module, name, wanted in used:
        if wanted:
            yield KeptFunction(_HERE / f"{module}.py", name, kept_kind("float32"))
    reading = [("losses", f"loss_{LOSSES.of(settings.loss).kernel}")]
    reading += [("normed", f"norm_{way}") for way in ("forward", "backward") if settings.batch_norm]
    for module, name in reading:
        # Training takes weights over their mean, evaluation weights as they are.
        for weights in ("float32", "float64") if weighted else (None,):
            yield KeptFunction(_HERE / f"{module}.py", name, kept_kind("float32", weights))
