"""What is told of a gradient that is called as the file calls it."""

from __future__ import annotations

from typing import Any

from chainrule.gradcheck.recognition.layers.unrun import unrun_lines
from chainrule.gradcheck.recognition.own_failures import failed_on
from chainrule.gradcheck.recognition.recognised import Recognised, Variant
from chainrule.gradcheck.recognition.witnessed.fitting import FittingPair
from chainrule.gradcheck.recognition.witnessed.small_sizes import SMALL


def row_of(fit: FittingPair, namespace: dict[str, Any], seed: int) -> Recognised:
    """A row; where what is told of it fails, one that says so."""
    try:
        return _row(fit, namespace, seed)
    except Exception as error:
        return Recognised.not_checked(fit.pair.gradient.shown, failed_on(error))


def _words(begun: str) -> str:
    """In which training a gradient is called."""
    if not begun.startswith(f"{SMALL}("):
        return f"in {begun}"
    return "with small sizes where its constructors take large ones by default"


def _row(fit: FittingPair, namespace: dict[str, Any], seed: int) -> Recognised:
    pair = fit.pair
    how = " ".join(
        [
            "as",
            *([f"the file calls it on {pair.place}"] if pair.place else []),
            *([_words(pair.begun)] if pair.begun else []),
        ]
    )
    sizes = Variant("{}", "", "other sizes and depths", "", f"called {how}", convicts=False)
    inputs = Variant("inputs {}", "of the file", "drawn", pair.adapters.drawn, "", convicts=False)
    return Recognised(
        gradient=f"{pair.forward} / {pair.gradient.shown}" if pair.forward else pair.gradient.shown,
        cost=pair.cost.shown,
        text=pair.adapters.text,
        declared="",
        notes=[
            f"called {how}, with the values that it has there; the parameters are drawn",
            *([pair.note] if pair.note else []),
            *([f"{fit.note}, which is not reached where it was compared"] if fit.note else []),
        ],
        variants=[*([inputs] if pair.adapters.drawn else []), sizes] if fit.agrees else [],
        doubt="",
        unchecked=[*pair.beside, *unrun_lines([pair.adapters.text], namespace, seed)] if fit.agrees else [],
        is_assumed=pair.is_doubtful,
    )
