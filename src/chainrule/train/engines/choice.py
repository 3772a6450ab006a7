"""Which engine trains a net: compiled code, where code is compiled here and all of the net has a kernel; else the
layers."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from typing import Any

from chainrule.components import ACTIVATIONS, LOSSES, OPTIMIZERS
from chainrule.components.registry import Registry
from chainrule.errors import SettingsError, suggestion
from chainrule.machine import compiler
from chainrule.records.runs import ENGINES, EngineName
from chainrule.settings.settings import Settings
from chainrule.train.engines.engine import Engine, Problem
from chainrule.train.engines.layers import Layers
from chainrule.train.engines.waited import waited_for

LAYERS_ALONE = ("augment",)
"""Settings that only the layers can do, of the same names in a problem."""


def without_kernel(settings: Settings) -> list[str]:
    """What there is of a net and its training that compiled code does not have, such as ``loss 'squared'``."""
    names: list[tuple[Registry[Any], Any]] = [(LOSSES, settings.loss)]
    names += [(ACTIVATIONS, settings.activation)] * bool(settings.hidden) + [(OPTIMIZERS, settings.optimizer)]
    used = [(registry, registry.of(value)) for registry, value in names]
    lacking = [
        f"{registry.kind} {component.name!r}"
        for registry, component in used
        if component.kernel is None or registry.is_own(component)
    ]
    return lacking + [name for name in LAYERS_ALONE if getattr(settings, name)]


def chosen(members: Iterable[Settings]) -> EngineName:
    """The engine of a population for which none is asked for."""
    return "compiled" if compiler.available() and not any(map(without_kernel, members)) else "layers"


def note(settings: Settings) -> str | None:
    """A line for the user where the layers train though code is compiled here."""
    lacking = without_kernel(settings)
    if not lacking or not compiler.available():
        return None
    return f"trained by the layers: compiled code has no {' and no '.join(lacking)}"


def waiting(members: Iterable[Settings], *, weighted: bool = False) -> str | None:
    """A line for the user where what trains these nets is still to be compiled, or nothing can be kept that was.

    Args:
        members: the nets; those that the layers train wait for nothing.
        weighted: whether samples have weights.
    """
    compiled = [settings for settings in members if not without_kernel(settings)]
    return compiler.note(
        dict.fromkeys(one for settings in compiled for one in waited_for(settings, weighted))
    )


@functools.cache
def _compiles(switch: str | None) -> bool:
    """Whether code is compiled here, with the switch as it is: asked once, as to look where it can be kept takes as
    long as twenty steps of a small net."""
    return compiler.available()


def engine(problem: Problem, name: EngineName) -> Engine:
    """What trains these nets.

    Args:
        problem: the nets.
        name: the engine asked for.

    Raises:
        SettingsError: there is no such engine, nothing is compiled here, or the nets have no compiled form.
    """
    if name not in ENGINES:
        raise SettingsError(f"engine = {name!r}: {suggestion(name, ENGINES)}")
    if name == "layers":
        return Layers(problem)
    if not _compiles(os.environ.get(compiler.SWITCH)):
        raise SettingsError(
            f"engine = 'compiled': nothing is compiled here; {compiler.REPAIR}, or let the layers train"
        )
    optimizer = OPTIMIZERS.of(problem.optimizer)
    if optimizer.kernel is None or OPTIMIZERS.is_own(optimizer):
        raise SettingsError(
            f"engine = 'compiled': has no kernel of optimizer {optimizer.name!r}; let the layers train"
        )
    for setting in LAYERS_ALONE:
        if getattr(problem, setting) is not None:
            raise SettingsError(f"engine = 'compiled': has no kernel of {setting}; let the layers train")
    # numba takes its time to be imported.
    from chainrule.train.engines.compiled import Compiled

    return Compiled(problem)
