"""What a search tries next, by the strategy's ``kind``.

- ``base``: what all strategies have in common: a pure function of what is finished.
- ``grid``: every combination.
- ``random``: independent draws.
- ``coarse_to_fine``: a coarse grid, then draws in the range that its outcome suggests.
- ``tpe``: optuna's tree-structured Parzen estimator.
- ``halving``: all start, the best go on for longer.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chainrule.searches.strategies.coarse_to_fine import CoarseToFine
from chainrule.searches.strategies.grid import Grid
from chainrule.searches.strategies.halving import Halving
from chainrule.searches.strategies.random import Random
from chainrule.searches.strategies.tpe import Tpe

AnyStrategy = Annotated[Grid | Random | CoarseToFine | Tpe | Halving, Field(discriminator="kind")]
