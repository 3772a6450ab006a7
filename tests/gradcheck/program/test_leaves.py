"""Parameters as people keep them, taken apart into named arrays and put together again."""

from collections import namedtuple
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.errors import CheckError
from chainrule.gradcheck.program.leaves import (
    filled,
    gradient_attributes,
    holds_objects,
    leaves,
    lives_in_place,
    returned_leaves,
)

A, B, C = np.array([[1.0, 2.0]]), np.array([3.0]), np.array([[4.0], [5.0]])

Layer = namedtuple("Layer", "W b")


@dataclass
class Parameters:
    W: np.ndarray
    b: np.ndarray
    name: str = "net"


class Net:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def in_module(**attributes):
    module = ModuleType("notebook")
    vars(module).update(attributes)
    return module


def names(nest):
    return [leaf.name for leaf in leaves(nest)]


@pytest.mark.parametrize(
    ("nest", "wanted"),
    [
        (A, ["parameters"]),
        ({"W1": A, "b1": B}, ["W1", "b1"]),
        ([A, B], ["[0]", "[1]"]),
        ((A, B), ["[0]", "[1]"]),
        (Layer(A, B), ["W", "b"]),
        (Parameters(A, B), ["W", "b"]),
        (Net(W1=A, b1=B), ["W1", "b1"]),
        (in_module(W1=A, b1=B), ["W1", "b1"]),
        ({"W": [A, C], "b": [B]}, ["W[0]", "W[1]", "b[0]"]),
        ([{"W": A, "b": B}, {"W": C}], ["[0].W", "[0].b", "[1].W"]),
        (
            Net(layers=[Layer(A, B), Layer(C, B.copy())]),
            ["layers[0].W", "layers[0].b", "layers[1].W", "layers[1].b"],
        ),
        ({"net": Net(hidden=Net(W=A))}, ["net.hidden.W"]),
        ({1: A}, ["1"]),
    ],
    ids=lambda value: "" if isinstance(value, list) else type(value).__name__,
)
def test_every_array_is_named_by_where_it_stands(nest, wanted):
    assert names(nest) == wanted


def test_leaves_are_the_arrays_themselves_in_order():
    found = leaves({"a": A, "b": [B, (C,)]})
    assert all(leaf.array is array for leaf, array in zip(found, (A, B, C), strict=True))


def test_what_is_no_array_is_left_alone():
    assert names({"W": A, "rate": 0.1, "kind": "relu", "none": None, "f": np.tanh}) == ["W"]
    assert (
        leaves(3.0)
        == leaves("W")
        == leaves(None)
        == leaves(np.float64(1))
        == leaves(np.random.default_rng())
        == []
    )


@pytest.mark.parametrize(
    "name", ["dW1", "d_W", "grad_W1", "W1_grad", "grads", "gradients", "nabla_W", "gW", "g"]
)
def test_an_object_keeps_its_gradients_beside_its_parameters(name):
    assert names(Net(W1=A, **{name: B})) == ["W1"]


@pytest.mark.parametrize("name", ["gamma", "d1", "data", "decay", "gain", "dense", "upgrade"])
def test_an_attribute_that_only_begins_like_a_gradient_is_a_parameter(name):
    assert names(Net(W1=A, **{name: B})) == ["W1", name]


def test_names_of_gradients_in_a_dictionary_are_parameters_like_any():
    assert names({"dW": A}) == ["dW"]


def test_integers_on_an_object_are_no_parameters():
    assert names(Net(W=A, sizes=np.array([3, 4]))) == ["W"]


def test_integers_in_a_dictionary_are_seen_so_that_they_can_be_refused():
    assert names({"W": np.array([1, 2])}) == ["W"]


def test_private_attributes_with_two_underscores_are_left_out():
    assert names(Net(W=A, __hidden__=B)) == ["W"]


def test_modules_and_functions_within_a_module_are_not_walked():
    assert names(in_module(W=A, np=np, f=lambda: 0, inner=in_module(b=B))) == ["W"]


def test_numbers_beside_returned_gradients_count_as_arrays():
    found = returned_leaves((1.5, {"W": A}))
    assert [leaf.name for leaf in found] == ["[0]", "[1].W"]
    assert found[0].array.shape == ()
    assert found[0].array == 1.5


def test_returned_named_tuples_keep_their_names():
    assert [leaf.name for leaf in returned_leaves(Layer(A, B))] == ["W", "b"]


@pytest.mark.parametrize("nest", [{"W": A}, [A], (A,), A, Parameters(A, B)])
def test_data_structures_are_copied(nest):
    assert not lives_in_place(nest)
    before = [leaf.array for leaf in leaves(nest)]
    new = filled(nest, [np.zeros_like(a) for a in before])
    assert type(new) is type(nest)
    assert not any(leaf.array.any() for leaf in leaves(new))
    assert all(leaf.array is array for leaf, array in zip(leaves(nest), before, strict=True))


@pytest.mark.parametrize("nest", [Net(W=A, b=B), in_module(W=A, b=B), SimpleNamespace(W=A)])
def test_objects_and_modules_are_filled_in_place(nest):
    assert lives_in_place(nest)
    new = filled(nest, [np.zeros_like(leaf.array) for leaf in leaves(nest)])
    assert new is nest
    assert not nest.W.any()


def test_filling_leaves_gradients_and_integers_of_an_object_alone():
    net = Net(W=A, dW=B, sizes=np.array([3, 4]))
    filled(net, [C])
    assert net.W is C
    assert net.dW is B
    assert net.sizes.tolist() == [3, 4]


def test_an_object_within_a_list_is_filled_too():
    first, second = leaves(filled([Net(W=A), {"b": B}], [C, A]))
    assert first.array is C
    assert second.array is A


def test_what_is_no_array_survives_filling():
    assert filled({"W": A, "rate": 0.1, "kind": "relu"}, [B]) == {"W": B, "rate": 0.1, "kind": "relu"}
    assert filled(Parameters(A, B, "mine"), [B, A]).name == "mine"


def test_an_object_that_has_come_to_hold_more_is_filled_where_it_is_told():
    net = Net(W=A)
    net.cache = B
    filled(net, [C], ["W"])
    assert net.W is C
    assert net.cache is B


@pytest.mark.parametrize(
    ("nest", "wanted"),
    [
        (Net(W=A), True), ([{"p": Net(W=A)}], True), ((1, Net()), True), ({"W": A}, False), ([A, [B]], False),
        (Parameters(A, B), False), (A, False), (3.0, False), ("W", False), (None, False),
    ],
)  # fmt: skip
def test_objects_anywhere_in_a_nest_are_seen(nest, wanted):
    assert holds_objects(nest) is wanted


def test_too_many_arrays_are_refused():
    with pytest.raises(CheckError, match="more arrays than the nest holds"):
        filled({"W": A}, [A, B])


def test_gradients_kept_on_an_object_are_found_by_their_names():
    net = Net(W1=A, b1=B, dW1=A, grad_b1=B)
    assert [leaf.name for leaf in gradient_attributes(net)] == ["dW1", "grad_b1"]


@pytest.mark.parametrize("name", ["db1", "dgamma", "dbeta", "db"])
def test_gradients_of_vectors_on_an_object_are_gradients_too(name):
    net = Net(W1=A, dW1=A, **{name: B})
    assert names(net) == ["W1"]
    assert [leaf.name for leaf in gradient_attributes(net)] == ["dW1", name]


def test_one_nest_of_gradients_on_an_object_is_taken_apart():
    assert [leaf.name for leaf in gradient_attributes(Net(W1=A, grads={"W1": A, "b1": B}))] == ["W1", "b1"]
    assert gradient_attributes({"dW": A}) == []


@st.composite
def nests(draw, depth=3):
    array = st.integers(0, 3).map(lambda n: np.arange(float(n)))
    if depth == 0:
        return draw(array)
    inner = nests(depth=depth - 1)
    key = st.sampled_from(["W", "b", "x1", "layers", "theta"])
    return draw(
        st.one_of(
            array,
            st.dictionaries(key, inner, max_size=3),
            st.lists(inner, max_size=3),
            st.lists(inner, max_size=3).map(tuple),
            st.tuples(inner, inner).map(lambda pair: Layer(*pair)),
            st.tuples(inner, inner).map(lambda pair: Parameters(*pair)),
            st.dictionaries(key, inner, max_size=3).map(lambda d: Net(**d)),
            st.sampled_from([0.5, "relu", None]),
        )
    )


@settings(max_examples=60, deadline=None)
@given(nests())
def test_a_nest_filled_with_arrays_has_those_arrays_for_leaves(nest):
    before = leaves(nest)
    new = [np.full(leaf.array.shape, float(i)) for i, leaf in enumerate(before)]
    after = leaves(filled(nest, new))
    assert [leaf.name for leaf in after] == [leaf.name for leaf in before]
    assert all(leaf.array is array for leaf, array in zip(after, new, strict=True))
    again = filled(nest, [leaf.array for leaf in before])
    assert all(a.array is b.array for a, b in zip(leaves(again), before, strict=True))


def test_an_array_that_an_object_refers_to_twice_is_one_parameter_replaced_in_both_places():
    net = Net(parameters={"W": A}, layers=[Net(W=A)])
    assert names(net) == ["parameters.W"]
    filled(net, [C])
    assert net.parameters["W"] is net.layers[0].W is C


def test_a_gradient_that_is_a_number_counts_as_an_array():
    class Net:
        pass

    net = Net()
    net.W, net.b = np.ones((2, 3)), np.ones(1)
    net.grad_W, net.grad_b = np.ones((2, 3)), np.sum(np.ones(3))
    assert [(leaf.name, leaf.array.shape) for leaf in gradient_attributes(net)] == [
        ("grad_W", (2, 3)),
        ("grad_b", ()),
    ]


def test_lists_of_numbers_are_arrays_where_these_are_as_many_as_are_wanted():
    W, b = [[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]
    assert [leaf.array.tolist() for leaf in returned_leaves((W, b), 2)] == [W, b]
    assert [leaf.array.tolist() for leaf in returned_leaves({"dW": W, "db": 7.0}, 2)] == [W, 7.0]
    assert len(returned_leaves([1.0, 2.0], 2)) == 2
    assert len(returned_leaves((W, b), 3)) == 6
    assert len(returned_leaves(([[1.0], [2.0, 3.0]], b), 2)) == 5


def test_what_can_be_gone_through_once_comes_back_as_a_list():
    dW, db = [np.ones(2), np.zeros(3)], [np.ones(4)]
    for nest in (
        (reversed(dW), map(np.copy, db)),
        (dW[::-1], dict(enumerate(db)).values()),
        ((each for each in dW[::-1]), filter(np.size, db)),
    ):
        assert [leaf.name for leaf in returned_leaves(nest, 3)] == ["[0][0]", "[0][1]", "[1][0]"]


class Layers(list):
    """A list that is made otherwise."""

    def __init__(self, count, items=()):
        super().__init__(items)


class Gradients(dict):
    """A dictionary that is made otherwise."""

    def __init__(self, net, **gradients):
        super().__init__(gradients)


def test_lists_and_dictionaries_of_ones_own_kinds_come_back():
    assert [leaf.name for leaf in returned_leaves(Layers(2, [np.ones(2), np.ones(3)]))] == ["[0]", "[1]"]
    assert [leaf.name for leaf in returned_leaves([Gradients(None, W=np.ones(2))])] == ["[0].W"]


def objects(*several):
    holding = np.empty(len(several), dtype=object)
    holding[:] = several
    return holding


def test_an_array_of_objects_is_taken_apart_and_filled_as_a_list_is():
    net = Net(W=objects(A, C), b=B)
    assert names(net) == ["W[0]", "W[1]", "b"]
    filled(net, [2 * A, 3 * C], ["W[0]", "W[1]"])
    assert isinstance(net.W, np.ndarray)
    assert [leaf.array.tolist() for leaf in leaves(net)[:2]] == [(2 * A).tolist(), (3 * C).tolist()]


def test_gradients_in_an_array_of_objects_are_arrays_of_numbers():
    numbers = np.array([[1.0], [2j]], dtype=object)
    found = returned_leaves((objects(A, C), numbers))
    assert [leaf.name for leaf in found] == ["[0][0]", "[0][1]", "[1]"]
    assert found[2].array.dtype == np.complex128


def test_what_is_neither_array_nor_number_is_left_out_of_an_array_of_objects():
    assert names({"W": A, "kinds": objects("relu", None)}) == ["W"]
