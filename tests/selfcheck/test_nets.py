"""Which nets of a recipe are checked, with which l2, and what is published of them."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.experiments import recipes
from chainrule.selfcheck import checked_nets
from chainrule.selfcheck.nets import CheckedNet

NINE = (50, 30, 20, 20, 10, 10, 10, 10)


def about(net: CheckedNet) -> tuple[object, ...]:
    settings = net.settings
    return settings.hidden, settings.batch_norm, settings.loss, net.l2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one_layer", [((), False, "cross_entropy", (0, 1))]),
        ("one_layer_centered", [((), False, "cross_entropy", (0, 1))]),
        (
            "one_layer_improved",
            [((), False, "cross_entropy", (0, 0.01)), ((), False, "hinge", (0, 0.01))],
        ),
        ("two_layer", [((50,), False, "cross_entropy", (0, 0.01))]),
        (
            "deep_batch_norm",
            [
                ((50,), True, "cross_entropy", (0, 0.005)),
                ((50, 50), True, "cross_entropy", (0, 0.005)),
                ((50, 50), False, "cross_entropy", (0, 0.005)),
                (NINE, False, "cross_entropy", (0, 0.005)),
                (NINE, True, "cross_entropy", (0, 0.005)),
            ],
        ),
    ],
)
def test_every_architecture_of_a_recipe_is_checked_once_with_and_without_l2(name, expected):
    assert [about(net) for net in checked_nets(recipes.load(name))] == expected


def test_published_figures_are_those_of_the_net_and_l2_and_comparison():
    (net,) = checked_nets(recipes.load("one_layer_centered"))
    assert net.figures(0, "analytic-central", "W1")["largest_absolute"] == "0.081e-6"
    assert net.figures(1, "analytic-central", "W1")["largest_absolute"] == "0.125e-6"
    assert net.figures(1, "forward-central", "b1")["mean_relative"] == "0.003e-4"
    assert net.figures(0.1, "analytic-central", "W1") == {}
    assert net.figures(0, "analytic-complex", "W1") == {}
    two, three = checked_nets(recipes.load("deep_batch_norm"))[:2]
    assert two.figures(0, "analytic-central", "b1") == {
        "relative_norm": "2.220446090885151e-05", "share_below": "1",
    }  # fmt: skip
    assert three.figures(0, "analytic-central", "gamma2")["relative_norm"] == "9.418002694982601e-10"
    assert (two.eps, two.below, net.below) == (1e-6, 1.5e-8, 1e-6)
    assert two.figures(0, "analytic-central", "gamma2") == {}


def test_all_nets_with_or_without_batch_norm():
    recipe = recipes.load("deep_batch_norm")
    assert [about(net)[:2] for net in checked_nets(recipe, batch_norm=False)] == [
        ((50,), False), ((50, 50), False), (NINE, False),
    ]  # fmt: skip
    normed = checked_nets(recipe, batch_norm=True)
    assert [about(net)[:2] for net in normed] == [((50,), True), ((50, 50), True), (NINE, True)]
    assert [len(net.published) for net in normed] == [1, 1, 0]
    assert all(net.published == () for net in checked_nets(recipe, batch_norm=False))
    with pytest.raises(SettingsError, match="no hidden layer to normalise"):
        checked_nets(recipes.load("one_layer"), batch_norm=True)


def test_on_other_data_the_same_nets_are_checked_and_nothing_is_published():
    recipe = recipes.load("deep_batch_norm").on("digits")
    checked = checked_nets(recipe)
    assert [about(net) for net in checked] == [
        about(net) for net in checked_nets(recipes.load("deep_batch_norm"))
    ]
    assert all(net.figures(0, "analytic-central", "W1") == {} for net in checked)
