"""A report's claims as predicates over what was measured: each is a record that reads from TOML and decides.

- ``base``: what a claim is, what it may look at, what a decision is.
- ``means``: claims on accuracies, losses, gaps and roughness over seeds.
- ``curves``: on the course of curves.
- ``nets``: on weights, gradients and inits.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chainrule.experiments.claims.base import Decision, Measured
from chainrule.experiments.claims.curves import Flat, SameCurves, Trend, Waves
from chainrule.experiments.claims.means import About, Equivalent, GainsMore, Insignificant, Ordered
from chainrule.experiments.claims.nets import InitNear, SameDistribution

__all__ = ["Claim", "Decision", "Measured"]

Claim = Annotated[
    Ordered
    | Equivalent
    | About
    | Insignificant
    | GainsMore
    | Trend
    | Flat
    | Waves
    | SameCurves
    | SameDistribution
    | InitNear,
    Field(discriminator="predicate"),
]
