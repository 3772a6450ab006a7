"""The cells of a notebook as IPython keeps them."""

from __future__ import annotations

from typing import Any, NamedTuple

from chainrule.gradcheck.program.source import without_magics


class Cell(NamedTuple):
    """A cell that was run.

    Attributes:
        name: what IPython shows beside it: ``In [3]``.
        text: as it was written, without what only IPython understands.
        run: what IPython ran in its place.
    """

    name: str
    text: str
    run: str


def cells_of(shell: Any) -> list[Cell]:
    """The cells that were run so far, in order.

    Args:
        shell: IPython's; anything else has none.
    """
    history = getattr(shell, "history_manager", None)
    written, run = (getattr(history, name, []) for name in ("input_hist_raw", "input_hist_parsed"))
    return [
        Cell(f"In [{number}]", without_magics(text)[0], ran)
        for number, (text, ran) in enumerate(zip(written, run, strict=False))
        if text.strip()
    ]
