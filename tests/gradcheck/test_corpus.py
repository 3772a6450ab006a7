"""The corpus itself is sound: right programs are right, wrong ones wrong, by means that are not the checker's."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from chainrule.gradcheck.catalogue import FAMILIES, any_backward
from support.corpus.hidden import hidden_runs
from support.corpus.mutation import SHAPES, Mutation, build, seeded
from support.corpus.nets import Net, Shape
from support.corpus.right import OTHER_NETS, right_program
from support.corpus.truth import is_wrong, local, order
from support.corpus.wrong import SEVERAL, WRONG
from support.numeric import cost as cost_by_autograd

EVERYWHERE = [
    pytest.param(base, shape, id=f"{base}, {shape.name}") for base in SHAPES for shape in SHAPES[base]
]

OF_NETS = [family for family in FAMILIES if family.about != any_backward.__doc__]
FAMILY_OF = {bug.name: family.name for family in FAMILIES for bug in family.bugs}


ACTIVATIONS = {
    "ReLU": lambda s: np.maximum(s, 0),
    "leaky ReLU": lambda s: np.maximum(s, 0.01 * s),
    "tanh": np.tanh,
    "sigmoid": lambda s: 1 / (1 + np.exp(-s)),
}

# The sigmoid of a score is its softmax against a score of 0.
LOSSES = {
    "softmax": "cross_entropy", "binary": "cross_entropy", "hinge": "hinge", "squared error": "squared_error",
}  # fmt: skip


def plain(net: Net, *, biases: bool) -> dict[str, np.ndarray]:
    """The net as the oracle takes it."""
    counted = np.array([[0], [1]]) if net.shape.loss == "binary" else np.ones((net.shape.K, 1))
    named = {f"W{i}": W for i, W in enumerate([*net.W[:-1], counted * net.W[-1]], start=1)}
    named |= {f"b{i}": b * biases for i, b in enumerate([*net.b[:-1], counted[:, 0] * net.b[-1]], start=1)}
    named |= {f"gamma{i}": gamma for i, gamma in enumerate(net.gamma, start=1)}
    return named | {f"beta{i}": beta for i, beta in enumerate(net.beta, start=1)}


@pytest.mark.parametrize(("base", "shape"), EVERYWHERE)
def test_right_programs_have_the_cost_of_the_oracle_and_the_gradient_of_their_cost(
    base: str, shape: Shape
) -> None:
    net = seeded(base, shape, seed=0)
    program = build(base, net)
    subject = local(program)
    named, activation = plain(net, biases=base != "hinge_loops"), ACTIVATIONS[shape.activation]
    wanted = cost_by_autograd(LOSSES[shape.loss], named, net.X, net.y, shape.l2, activation)
    assert subject.cost(subject.describe().arrays, program["data"]) == pytest.approx(wanted, rel=1e-12)
    assert len(order(build(base, net))) == len(subject.describe().arrays)


@pytest.mark.parametrize("mutation", [*WRONG, *SEVERAL], ids=lambda mutation: mutation.name)
def test_wrong_programs_are_wrong(mutation: Mutation) -> None:
    shapes = [shape for shape in SHAPES[mutation.base] if mutation.shows(shape)]
    shape = shapes[len(mutation.name) % len(shapes)]
    assert is_wrong(mutation, seeded(mutation.base, shape, seed=0))
    assert mutation.expected_lines or not mutation.single


@pytest.mark.parametrize(
    ("mutation", "net"), hidden_runs(seed=0), ids=lambda value: getattr(value, "name", "")
)
def test_hidden_bugs_do_not_show_at_the_given_point(mutation: Mutation, net: Net) -> None:
    assert not is_wrong(mutation, net)


def test_a_text_that_does_not_stand_once_is_refused() -> None:
    with pytest.raises(ValueError, match="stands 0 times in rows_dict"):
        _ = Mutation("rows_dict", ("wrong-sign",), (("no such text", ""),)).source


def test_every_cause_stands_in_several_programs_and_conventions() -> None:
    named = {cause for mutation in WRONG for cause in mutation.causes}
    # Those of layers of any kind have programs of their own (test_styles.py).
    assert named == {bug.name for family in OF_NETS for bug in family.bugs}
    assert len({mutation.name for mutation in WRONG}) == len(WRONG) >= 160
    for cause in named - {"unknown", "cost-mode-mismatch"}:
        assert len({mutation.base for mutation in WRONG if cause in mutation.causes}) >= 2, cause


@pytest.mark.parametrize("family", [family.name for family in OF_NETS])
def test_a_wrong_program_stands_in_the_file_of_its_bug_s_family(family: str) -> None:
    programs = importlib.import_module(f"support.corpus.wrong.{family}").WRONG
    belonging = [mutation for mutation in WRONG if FAMILY_OF[mutation.causes[0]] == family]
    assert list(programs) == belonging


def test_right_nets_are_many_sided() -> None:
    words = [right_program(seed)[0] for seed in range(120)]
    assert len(set(words)) == 120
    words += [right_program(seed, OTHER_NETS)[0] for seed in range(6)]
    for part in (
        *SHAPES,
        " hinge",
        " softmax",
        " bn",
        "l2=0 ",
        "N=1 ",
        "of integers",
        "blank sample",
        "dead units",
    ):
        assert any(part in description for description in words), part
