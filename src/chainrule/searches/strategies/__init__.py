"""Strategies by their ``kind``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chainrule.searches.strategies.coarse_to_fine import CoarseToFine
from chainrule.searches.strategies.grid import Grid
from chainrule.searches.strategies.halving import Halving
from chainrule.searches.strategies.random import Random
from chainrule.searches.strategies.tpe import Tpe

AnyStrategy = Annotated[Grid | Random | CoarseToFine | Tpe | Halving, Field(discriminator="kind")]
