"""Which arguments of a constructor are sizes, by the matrices that it makes of them, where their names do not say so:
of ``(m, n)`` and ``(k, m)`` n is that of the inputs, m of the hidden units, k of the outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.conventions import Convention


def chained_sizes(constructor: Function, convention: Convention) -> dict[str, int]:
    """A width for each argument; none where each has the name of a size, or no chain leads through all of them.

    Args:
        constructor: with the shapes of matrices as they are written in it.
        convention: the widths, and of a single matrix where its outputs are.
    """
    arguments = {argument.name for argument in constructor.arguments}
    if convention.state:
        return {}
    kept = dict(constructor.attributes.kept)
    named = [(kept.get(str(a), a), kept.get(str(b), b)) for a, b in constructor.shapes]
    pairs = [(str(a), str(b)) for a, b in named if a != b and {a, b} <= arguments]
    if all(size_role(name) for pair in pairs for name in pair):
        return {}
    beside: dict[str, dict[str, None]] = {}
    for a, b in pairs:
        beside.setdefault(a, {})[b] = None
        beside.setdefault(b, {})[a] = None
    ends = [name for name in pairs[0] if len(beside[name]) == 1]
    if len(beside) == 2:
        ends = [pairs[0][convention.weights == "out, in"]]
    chain = _chain(ends[0], beside) if ends else []
    if chain and (size_role(chain[0]) == "output size" or size_role(chain[-1]) == "input size"):
        chain.reverse()
    widths = convention.widths(len(chain) - 1) if len(chain) == len(beside) else ()
    return dict(zip(chain, widths, strict=False))


def _chain(first: str, beside: Mapping[str, Collection[str]]) -> list[str]:
    """The names from one end to the other; where it branches, as far as it does not."""
    chain = [first]
    while len(further := [name for name in beside[chain[-1]] if name not in chain]) == 1:
        chain += further
    return chain
