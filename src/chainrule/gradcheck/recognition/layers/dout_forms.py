"""What dJ/dout is drawn as where a backward pass is not linear in it: where it clips large gradients, and where it is
written for one entry that is not 0, as the probability of the right class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.clipping import is_clipped

_SMALL = 2.0**-10
"""How large dJ/dout is, of what it is elsewhere, where a backward pass clips what it makes of it."""

_MOST_ENTRIES = 50
_CLOSE = 1e-6


class DoutForm(NamedTuple):
    """How dJ/dout is drawn.

    Attributes:
        text: the expression, of what NumPy is called and of the shape of the outputs.
        said: what is said of it, in words.
        unchecked: what is not checked with it.
    """

    text: str
    said: str = ""
    unchecked: str = ""

    def of(self, shape: str, numpy: str) -> str:
        """The expression for outputs of a shape.

        >>> WHOLE.of("np.shape(out)", "np")
        'rng.normal(size=np.shape(out))'
        """
        return self.text.format(shape=shape, np=numpy)


WHOLE = DoutForm("rng.normal(size={shape})")
"""As it is usually."""

_OF_CLIPPED = DoutForm(
    f"{_SMALL} * {WHOLE.text}",
    "what the backward pass gives is not in proportion to dJ/dout, as where it clips large gradients: tried with "
    f"dJ/dout {_SMALL:g} times as large",
)


def _of_one_entry(place: int) -> DoutForm:
    """All entries but one are 0."""
    return DoutForm(
        f"(lambda s: rng.normal(size=s) * ({{np}}.arange({{np}}.prod(s)).reshape(s) == {place}))({{shape}})",
        "the backward pass is written for dJ/dout with one entry that is not 0",
        "dJ/dout with several entries that are not 0",
    )


def other_forms(program: LocalProgram) -> list[DoutForm]:
    """What dJ/dout may be meant to be where the backward pass does not agree: small, or with one entry alone that is
    not 0, each of them; nothing where it is linear in it."""
    if is_clipped(program, _SMALL):
        return [_OF_CLIPPED]
    data = program.describe().data
    several = [np.size(each) for each in data if np.size(each) > 1]
    if len(several) != len(data) or len(data) != 1 or several[0] > _MOST_ENTRIES or _adds_up(program):
        return []
    return [_of_one_entry(place) for place in range(several[0])]


def _adds_up(program: LocalProgram) -> bool:
    """Whether what a backward pass makes of dJ/dout is the sum of what it makes of two parts of it."""
    given = program.describe()
    (dout,) = given.data
    part = np.arange(np.size(dout)).reshape(np.shape(dout)) % 2 == 0
    whole, first, second = (
        program.gradient(given.arrays, (dout * entries,)).arrays for entries in (part | ~part, part, ~part)
    )
    return all(
        np.shape(a) == np.shape(b) == np.shape(c) and np.allclose(np.add(b, c), a, rtol=_CLOSE)
        for a, b, c in zip(whole, first, second, strict=True)
    )
