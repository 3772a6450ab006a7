"""What stands in the dictionaries that a pass is given."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.layers.dictionaries import inner, keys_of, kind_of_parameter, made_with
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from support.adapters import defined

FILE = defined("""
def scale(v, p): return v * p["gain"]
def norm_forward(x, p):
    p["running"]["mean"] = x.mean(0)
    return scale(x, p) + p["shift"], x
def norm_backward(dout, x, p): return dout * p["gain"]
""")
(NORM,) = layers_of(FILE)


def test_keys_are_those_of_all_to_whom_a_dictionary_is_handed():
    assert {*keys_of(FILE, NORM, NORM.forward.arguments[1])} == {"running", "shift", "gain"}
    assert not keys_of(FILE, NORM, NORM.forward.arguments[0])


@pytest.mark.parametrize(
    ("key", "kind"), [("W", "weights"), ("gain", "scale"), ("a", "shift"), ("pos", "other")]
)
def test_a_small_letter_is_a_vector(key, kind):
    assert kind_of_parameter(key) == kind


def test_parameters_that_the_file_makes_are_told_by_their_keys():
    file = replace(FILE, made=({"W1": (6, 5), "b1": (5,)},))
    assert made_with(file, "p", ["W#"]) == {"W1": (6, 5), "b1": (5,)}
    assert not made_with(file, "p", ["gain"])
    assert not inner("stats", NORM, FILE)
