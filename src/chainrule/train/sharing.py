"""What members of a population, which train together, have in common."""

from __future__ import annotations

from collections.abc import Sequence

from chainrule.components import OPTIMIZERS
from chainrule.errors import SettingsError
from chainrule.settings.settings import Settings

SHARED = (
    "train", "val", "test", "preprocess", "hidden", "activation", "batch_norm", "running_share", "loss", "batch_size",
    "epochs", "shuffle", "order", "augment", "evaluate",
)  # fmt: skip
"""Settings that members of a population have in common, beside the name of their optimizer; the others may differ."""


def common(members: Sequence[Settings]) -> Settings:
    """What members of a population share, as the first of them has it.

    Raises:
        SettingsError: they differ in a setting of :data:`SHARED`, or in the name of their optimizer: which.

    >>> one = Settings(
    ...     train=500, val=100, test="test_batch", preprocess="center", init="he",
    ...     batch_size=20, epochs=3, shuffle=True, learning_rate=0.1,
    ... )
    >>> common([one, one.model_copy(update={"l2": 0.1})]).epochs
    3
    """
    first, others = members[0], members[1:]
    differing = [name for name in SHARED if any(getattr(m, name) != getattr(first, name) for m in others)]
    if others and len({OPTIMIZERS.of(member.optimizer).name for member in members}) > 1:
        differing.append("optimizer")
    if differing:
        raise SettingsError(
            f"{', '.join(differing)}: differ between members of one population; train them apart"
        )
    return first
