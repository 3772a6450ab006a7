"""Which engine trains a net: compiled code, where code is compiled here and all of the net has a kernel; else the
layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chainrule.components import ACTIVATIONS, LOSSES, OPTIMIZERS
from chainrule.components.registry import Registry
from chainrule.errors import SettingsError, suggestion
from chainrule.machine import compiler
from chainrule.nn.network import Network
from chainrule.records.runs import ENGINES, EngineName
from chainrule.settings.settings import OptimizerValue
from chainrule.train.engines.engine import Engine, Problem
from chainrule.train.engines.layers import Layers


def without_kernel(network: Network, optimizer: OptimizerValue = "sgd") -> list[str]:
    """The components of a net and its training that have no compiled form, such as ``loss 'squared'``."""
    names: list[tuple[Registry[Any], Any]] = [(LOSSES, network.loss)]
    names += [(ACTIVATIONS, network.activation)] * (network.depth > 1) + [(OPTIMIZERS, optimizer)]
    used = [(registry.kind, registry.of(value)) for registry, value in names]
    return [f"{kind} {component.name!r}" for kind, component in used if component.kernel is None]


def chosen(network: Network, optimizer: OptimizerValue = "sgd") -> EngineName:
    """The engine of a net for which none is asked for."""
    return "compiled" if compiler.available() and not without_kernel(network, optimizer) else "layers"


def note(network: Network, optimizer: OptimizerValue = "sgd") -> str | None:
    """A line for the user where the layers train though code is compiled here."""
    lacking = without_kernel(network, optimizer)
    if not lacking or not compiler.available():
        return None
    return f"trained by the layers: {' and '.join(lacking)} {'has' if len(lacking) == 1 else 'have'} no compiled kernel"


def waiting() -> str | None:
    """A line for the user where the first step is still to be compiled, or nothing can be kept that was."""
    return compiler.note(Path(__file__).with_name("compiled_net.py"), ("steps", "exchange_weights"))


def engine(problem: Problem, name: EngineName | None = None) -> Engine:
    """What trains these nets.

    Args:
        problem: the nets.
        name: the engine asked for; None: the one that is chosen for such a net.

    Raises:
        SettingsError: there is no such engine, nothing is compiled here, or the nets have no compiled form.
    """
    name = name or chosen(problem.network, problem.optimizer)
    if name not in ENGINES:
        raise SettingsError(f"engine = {name!r}: {suggestion(name, ENGINES)}")
    if name == "layers":
        return Layers(problem)
    if not compiler.available():
        raise SettingsError(
            f"engine = 'compiled': nothing is compiled here; {compiler.REPAIR}, or let the layers train"
        )
    optimizer = OPTIMIZERS.of(problem.optimizer)
    if optimizer.kernel is None:
        raise SettingsError(
            f"engine = 'compiled': has no kernel of optimizer {optimizer.name!r}; let the layers train"
        )
    # numba takes its time to be imported.
    from chainrule.train.engines.compiled import Compiled

    return Compiled(problem)
