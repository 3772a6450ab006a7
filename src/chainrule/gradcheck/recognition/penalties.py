"""Costs that take no l2 beside gradients that do: the penalty of the training loop, as an adapter adds it.

A penalty that is not the file's own convicts nobody: a gradient that is that of none of these is held against the
cost alone, with l2 at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chainrule.errors import CheckError
from chainrule.gradcheck.program.names import Meaning, Role

PENALTIES = ("{l2} * ({squares})", "0.5 * {l2} * ({squares})")
"""What the penalty may be where the gradient takes l2 and the cost does not."""

NO_PENALTY = "0"
"""What both are compared without where it is none of these."""

OF_ONE_SAMPLE = "of one sample"
"""What both are compared without where the gradient is that of a single sample: it is added to that of several."""

OF_THE_SUM = "of the sum"
"""That of a loss summed over the samples, which another function of the file divides and adds a penalty to."""

WITHOUT_L2 = (NO_PENALTY, OF_ONE_SAMPLE, OF_THE_SUM)
"""With these l2 is 0."""

PENALISED: tuple[Role, ...] = ("weights", "filters")
"""The parameters whose squares a penalty adds up."""


def squares_of_arguments(values: Mapping[str, str], meanings: Mapping[str, Meaning]) -> str:
    """The sum of the squares of the weights among parameters of their own; ``values`` are their expressions.

    >>> squares_of_arguments({"Ws": "[rng.normal(size=(5, 6))]"}, {"Ws": Meaning("weights")})
    'sum((W ** 2).sum() for W in Ws)'
    """
    weights = [name for name, meaning in meanings.items() if meaning.role in PENALISED]
    return " + ".join(
        squares_of(name) if values[name][0] == "[" else f"({name} ** 2).sum()" for name in weights
    )


def squares_of(several: str) -> str:
    """The sum of the squares of what an expression lists: of arrays, or of the rows of one."""
    name = "W" if several != "W" else "row"
    return f"sum(({name} ** 2).sum() for {name} in {several})"


def squares_by_key(container: str, entries: Mapping[str, Meaning]) -> str:
    """The sum of the squares of the weights in a dictionary; ``W#`` stands for W1, W2, ..."""
    weights: Iterable[str] = (key for key, meaning in entries.items() if meaning.role in PENALISED)
    return " + ".join(
        squares_of(f'(value for key, value in {container}.items() if key.startswith("{key[:-1]}"))')
        if key.endswith("#")
        else squares_of(f'{container}["{key}"]')
        for key in weights
    )


def notes(penalty: str, shown: str, *, agrees: bool) -> list[str]:
    """What is said of a penalty that was assumed.

    Raises:
        CheckError: the gradient agrees where l2 is 0, and what it adds elsewhere is no usual penalty's.
    """
    if penalty == NO_PENALTY and agrees:
        raise CheckError(
            f"called as {shown}, the gradient is right where l2 is 0; the cost takes no l2, and the gradient's "
            "penalty is that of neither l2 |W|^2 nor l2 |W|^2 / 2; give the cost l2 as well, so that it can be checked"
        )
    if penalty == OF_ONE_SAMPLE:
        return ["the gradient is that of a single sample: checked with l2 at 0"]
    if penalty == OF_THE_SUM:
        return [
            "the gradient is that of the loss summed over the samples, without its penalty, as the file divides it by "
            "their number and adds the penalty elsewhere: checked against so many times the cost, with l2 at 0"
        ]
    if not penalty:
        return []
    return [
        f"the cost takes no l2: {'checked with l2 at 0' if penalty == NO_PENALTY else 'it was given a penalty'}"
    ]
