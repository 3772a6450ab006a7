"""What the parameters of a file's functions may be."""

import numpy as np
import pytest

from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.parameters import distinct, parameter_sets, separate
from chainrule.gradcheck.recognition.speaking import speaking
from support.adapters import defined
from support.expressions import value_of

ROWS = Convention("rows", "integers", "in, out", "(K,)")


def sets_of(text, called=("cost",), values=()):
    file = definitions(Source((Part("net.py", text),)))
    functions = [f for name in called for f in file.functions if f.name == name]
    return list(parameter_sets(file, functions, ROWS, dict(values)))


def shapes(expression):
    """Shapes in the place of the arrays that an expression makes."""

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(inner) for key, inner in value.items()}
        return [shape(inner) for inner in value] if isinstance(value, list) else np.shape(value)

    return shape(value_of(expression))


def made(text, **options):
    return [{n: shapes(e) for n, e in given.values.items()} for given in sets_of(text, **options)]


def test_arguments_that_count_their_layers_say_how_many_there_are():
    assert made("def cost(X, y, W1, b1, W2, b2): ...") == [
        {"W1": (6, 5), "b1": (5,), "W2": (5, 3), "b2": (3,)}
    ]


def test_layers_counted_from_0_are_the_same():
    assert made("def cost(X, y, W0, W1): ...") == [{"W0": (6, 5), "W1": (5, 3)}]


def test_a_name_without_a_number_beside_others_is_of_the_first_layer():
    assert made("def cost(X, y, W, W2): ...") == [{"W": (6, 5), "W2": (5, 3)}]


def test_arguments_that_count_none_are_arrays_then_lists():
    assert made("def cost(X, y, W, b): ...") == [
        {"W": (6, 3), "b": (3,)},
        {"W": [(6, 5), (5, 3)], "b": [(5,), (3,)]},
        {"W": [(6, 5), (5, 4), (4, 3)], "b": [(5,), (4,), (3,)]},
    ]


def test_more_layers_than_there_are_nets_for_give_none():
    assert made("def cost(X, y, W9): ...") == []


def test_two_names_of_one_meaning_are_one_parameter():
    text = "def cost(X, y, W): ...\ndef gradient(X, y, weights): ..."
    assert list(made(text, called=("cost", "gradient"))[0]) == ["W"]


@pytest.mark.parametrize(
    ("read", "likeliest"),
    [
        ('p["W1"], p["b1"], p["W2"], p["b2"]', {"W1": (6, 5), "W2": (5, 3), "b1": (5,), "b2": (3,)}),
        ('p["W"], p["b"], p["cache"]', {"W": [(6, 5), (5, 3)], "b": [(5,), (3,)]}),
        ('p[f"W{i}"]', {"W1": (6, 5), "W2": (5, 3)}),
        ('p["gamma" + str(i)], p["W" + str(i)]', {"W1": (6, 5), "W2": (5, 3), "gamma1": (5,)}),
        ('p[i]["W"], p[i]["gamma"]', [{"W": (6, 5), "gamma": (5,)}, {"W": (5, 3)}]),
    ],
)
def test_a_dictionary_has_the_keys_by_which_it_is_looked_up(read, likeliest):
    first, *_ = made(f"def cost(X, y, p):\n    return {read}")
    assert first == {"p": likeliest}


def test_a_container_without_keys_is_a_list_in_several_layouts():
    values = [given["params"] for given in made("def cost(X, y, params): ...")]
    assert values[:2] == [[(6, 3), (3,)], [(6, 5), (5,), (5, 3), (3,)]]
    assert [[(6, 5), (5, 3)], [(5,), (3,)]] in values
    assert [[(6, 5), (5,)], [(5, 3), (3,)]] in values
    assert (6, 3) in values
    # One vector of all: 5 * (6 + 1) + 3 * (5 + 1) of two layers.
    assert values[-3:] == [(53,), (21,), (74,)]
    assert all(given.whole for given in sets_of("def cost(X, y, params): ..."))


def test_p_alone_holds_the_parameters_and_beside_them_it_does_not():
    assert list(made('def cost(X, y, p):\n    return p["W"]')[0]) == ["p"]
    assert list(made("def cost(X, y, W, p): ...")[0]) == ["W"]


@pytest.mark.parametrize(
    ("constructor", "call"),
    [
        ("def __init__(self, d, m, K): ...", "Net(d=6, m=5, K=3)"),
        ("def __init__(self, layer_sizes, rng): ...", "Net(layer_sizes=[6, 5, 3], rng=rng)"),
        ("def __init__(self, d, K, lam, seed, scale=1): ...", "Net(d=6, K=3, lam=0.1, seed=0"),
        ("x = 1", "Net()"),
    ],
)
def test_an_object_is_made_from_the_sizes_that_its_constructor_asks_for(constructor, call):
    text = f"class Net:\n    {constructor}\n    def cost(self, X, y): ...\n"
    given, *deeper = sets_of(text)
    assert given.whole
    assert given.values["net"].startswith(call)
    assert len(deeper) == ("sizes" in constructor)


def test_an_object_that_asks_for_more_is_not_made():
    assert (
        sets_of("class Net:\n    def __init__(self, d, activation): ...\n    def cost(self, X, y): ...\n")
        == []
    )


@pytest.mark.parametrize(
    ("values", "wanted"),
    [({"W": np.ones(2)}, [(6, 3)]), ({"W": [1, 2]}, [[(6, 5), (5, 3)], [(6, 5), (5, 4), (4, 3)]])],
    ids=["array", "list"],
)
def test_parameters_that_functions_read_from_the_module_are_kept_there(values, wanted):
    text = "def cost(X, y):\n    return W @ X\n"
    given = sets_of(text, values=(values | {"X": 1, "unused_b": 2, "b": 3}).items())
    assert [shapes(each.values["W"]) for each in given] == wanted
    assert all(each.kept and set(each.values) == {"W"} for each in given)


def test_functions_without_parameters_have_none():
    assert sets_of("def cost(X, y): ...") == []


def test_the_depth_of_separate_arguments_is_tried_in_the_order_given():
    assert [shapes(given.values["W"]) for given in separate(["W"], ROWS, (2, 1))] == [
        [(6, 5), (5, 3)],
        (6, 3),
    ]


def test_a_dictionary_of_the_files_own_making_has_its_keys_and_shapes():
    text = "def init(d, {}): ...\ndef risk(p, X, y):\n    return p['U']\np = init(2, 3)\nrisk(p, X, y)"
    first, *_ = sets_of(text.format("h"), called=("risk",))
    assert first.values["p"] == "{key: rng.normal(size=value.shape) / 2 for key, value in init(6, 5).items()}"
    other, *_ = sets_of(text.format("what"), called=("risk",))
    assert "init" not in other.values["p"]


@pytest.mark.parametrize("name", ["params", "weights", "packed"])
def test_parameters_that_are_unpacked_are_listed_in_that_order(name):
    text = "def risk({0}, X, y):\n    b1, W1, W2, b2 = {0}\n    return b1"
    given = sets_of(text.format(name), called=("risk",))
    assert [shapes(each.values[name]) for each in given] == [[(5,), (6, 5), (5, 3), (3,)]]
    assert given[0].squares == f"sum((W ** 2).sum() for W in [{name}[1], {name}[2]])"


def test_a_helper_may_unpack_what_cost_and_gradient_take():
    text = "def forward(p, X):\n    W, b = p\n    return W\ndef risk(p, X, y):\n    return forward(p, X)"
    assert [shapes(each.values["p"]) for each in sets_of(text, called=("risk",))] == [[(6, 3), (3,)]]


def test_what_recurrent_weights_are_looked_up_in_holds_the_parameters_whatever_its_name():
    text = "def loss(X, y, h0, cell):\n    return cell['W'] + cell['U'] + cell['V'] + cell['b'] + cell['c']"
    file = definitions(Source((Part("net.py", text),)))
    steps = Convention("columns", "one-hot", "out, in", "(K, 1)", state="(K, 1)")
    with speaking(file):
        assert next(list(given.values) for given in parameter_sets(file, file.functions, steps, {})) == [
            "cell"
        ]
    assert not sets_of(text, called=("loss",))


def test_names_of_one_meaning_that_are_taken_together_are_several_parameters():
    gates = ["Wz", "Wr", "Wh"]
    with speaking(defined("def loss(x, y, h0, Wz, Wr, Wh): ...")):
        assert distinct(gates) == ["Wz"]
        assert distinct(gates, [["x", *gates]]) == gates
        assert distinct(["W", "weights", "b"], [["W", "b"], ["weights", "b"]]) == ["W", "b"]
    assert distinct(["W", "weights", "b"], [["W", "weights"]]) == ["W", "b"]


def test_what_a_gradient_does_not_take_its_cost_need_not_be_given():
    text = "def cost(X, y, W, b, gamma=None): ...\ndef gradient(X, y, W, b): ..."
    assert [[*each] for each in made(text, called=("cost", "gradient"))][-1] == ["W", "b"]
    taken = text.replace("y, W, b): ...", "y, W, b, gamma=None): ...")
    assert all("gamma" in each for each in made(taken, called=("cost", "gradient")))
