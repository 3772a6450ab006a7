"""Repairs of the corpus, and whether one that is shown is right by plain central differences, on other nets."""

from __future__ import annotations

from dataclasses import replace

from chainrule.gradcheck import Check, check_gradient
from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.result import Repair
from support.corpus.mutation import PROGRAMS, SHAPES, Mutation, build, seeded
from support.corpus.nets import Net
from support.corpus.truth import gradient_is_wrong, is_wrong

_OTHER_SEED = 77


def with_repairs(mutation: Mutation, net: Net) -> Check:
    """The checker on a wrong program, asked for repairs."""
    program = build(mutation.base, net, mutation)
    beside = {what: program[what] for what in mutation.gives}
    return check_gradient(
        program["cost"], program["gradient"], program["parameters"], *program["data"], repair=True, **beside
    )  # fmt: skip


def holds(mutation: Mutation, repair: Repair) -> bool:
    """Whether a wrong program with a repair in it is right on nets of every shape, at other numbers."""
    text = (PROGRAMS / f"{mutation.base}.py").read_text()
    mended = replace(mutation, edits=((text, applied(mutation.source, repair.edits) or ""),))
    nets = [seeded(mutation.base, shape, _OTHER_SEED) for shape in SHAPES[mutation.base]]
    return not any(is_wrong(mended, net) or gradient_is_wrong(mended, net) for net in nets)


def on_a_broken_line(mutation: Mutation, repair: Repair) -> bool:
    """Whether a repair stands on one of the lines that were broken."""
    return bool({line.number for line in repair.lines} & mutation.expected_lines)
