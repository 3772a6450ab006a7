"""What a gradient adds up to along a path is what the cost changes by; and where that is not so."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import paths
from chainrule.gradcheck.numeric.surroundings import moved
from support.corpus.right import right_program
from support.corpus.truth import local
from support.plain_nets import SMALL, X, Y, cost, drawn, gradient, halved, squares, twice
from support.points import point_of


@pytest.mark.parametrize("seed", range(24))
def test_right_gradients_add_up(seed):
    _, program = right_program(seed)
    functions = local(program)
    given = point_of(program["cost"], program["gradient"], program["parameters"], program["data"])
    assert given.names == tuple(functions.describe().names)
    paths.require_adding_up([moved(given, np.random.default_rng(seed))])


def test_costs_that_bend_everywhere_add_up():
    def folded(p):
        return float(np.abs(np.sin(40 * p["w"])).sum() + np.abs(p["v"]).sum())

    def slopes(p):
        s = np.sin(40 * p["w"])
        return {"w": np.sign(s) * 40 * np.cos(40 * p["w"]), "v": np.sign(p["v"])}

    paths.require_adding_up([point_of(folded, slopes, SMALL)])


@pytest.mark.parametrize(
    "wrong",
    [
        halved,
        lambda *given: {name: 0.98 * g for name, g in gradient(*given).items()},
        lambda *given: gradient(*given) | {"b1": np.zeros((5, 1))},
        lambda *given: {name: -g for name, g in gradient(*given).items()},
    ],
)
def test_wrong_gradients_do_not(wrong):
    for seed in range(3):
        with pytest.raises(
            CheckError, match=r"the cost: changes by \S+ on a path where the gradient is off by"
        ):
            paths.require_adding_up(
                [point_of(cost, wrong, drawn(), (X, Y, 0.1))], rng=np.random.default_rng(seed)
            )


def test_a_cost_that_is_straight_around_every_point_at_which_it_was_asked_is_told():
    starts = []

    def straight(p):
        for start in starts:
            if all(np.abs(p[name] - start[name]).max() < 1e-5 for name in p):
                return squares(start) + sum(
                    float((1.2 * twice(start)[n] * (p[n] - start[n])).sum()) for n in p
                )
        starts.append({name: value.copy() for name, value in p.items()})
        return squares(p)

    with pytest.raises(CheckError):
        paths.require_adding_up(
            [point_of(straight, lambda p: {n: 1.2 * g for n, g in twice(p).items()}, SMALL)],
            rng=np.random.default_rng(0),
        )


def test_single_precision_is_precise_enough():
    single = lambda *given: {name: g.astype(np.float32) for name, g in gradient(*given).items()}  # noqa: E731
    paths.require_adding_up([point_of(cost, single, drawn(), (X, Y, 0.1))])


def test_they_begin_where_the_cost_has_a_value():
    def guarded(p):
        if p["w"].max() > 100:
            raise CheckError("the cost: is not a number")
        return squares(p)

    here = point_of(guarded, twice, SMALL)
    far = here.with_arrays([array + 1000 for array in here.arrays])
    with pytest.raises(CheckError, match="is not a number"):
        paths.require_adding_up([far], guarded_cost := type(here).cost)
    paths.require_adding_up([far, here], guarded_cost)
