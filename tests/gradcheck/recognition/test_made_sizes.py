"""The small sizes that objects are made of."""

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.made_sizes import alphabet, layer_count, size_of, text, with_sizes
from chainrule.gradcheck.recognition.patch_filters import Filters
from support.adapters import defined

USUAL = Convention()


@pytest.mark.parametrize(
    ("size", "value"),
    [("input size", "6"), ("hidden size", "5"), ("output size", "3"), ("widths", "[6, 5, 3]"), ("hidden sizes", "[5]"),
     ("kernel", "3"), ("seed", "0")],
)  # fmt: skip
def test_a_size_is_small_and_no_other(size, value):
    assert size_of(size) == value


def test_widths_of_a_deeper_net_are_as_many():
    assert size_of("widths", depth=3) == "[6, 5, 4, 3]"
    assert size_of("hidden sizes", depth=3) == "[5, 4]"


def test_sizes_of_filters_are_those_of_the_convention():
    of_filters = Convention(filters=Filters(patches=9, side=5, count=4))
    sizes = ("kernel", "output channels", "patches", "patch size")
    assert [size_of(size, of_filters) for size in sizes] == ["5", "4", "9", "75"]


@pytest.mark.parametrize(
    ("expression", "first", "new"),
    [
        ("[Dense(784, 32), ReLU(), Dense(32, 10)]", 0, "[Dense(6, 5), ReLU(), Dense(5, 3)]"),
        ("(net.add(32), net.add(10))", 1, "(net.add(5), net.add(3))"),
        ("Dense(784)", 0, "Dense(784)"),
        ("f(1, 2, 3, 4, 5)", 0, "f(1, 2, 3, 4, 5)"),
    ],
)
def test_sizes_stand_in_the_place_of_others(expression, first, new):
    assert with_sizes(expression, USUAL, first) == new


def test_an_alphabet_has_as_many_characters_as_classes():
    assert alphabet(USUAL) == f"dict(enumerate(range({USUAL.sizes.classes})))"


def test_a_text_has_as_many_different_characters():
    assert text(USUAL) == "''.join(map(chr, range(97, 100)))"


@pytest.mark.parametrize(
    ("loop", "depth", "count"),
    [
        ("range(k)", 2, "len([6, 5, 3]) - 1"),
        ("range(1, k)", 3, "len([6, 5, 4, 3])"),
        ("range(k + 1)", 2, "len([6, 5, 3]) - 2"),
        ("range(3)", 2, ""),
    ],
)
def test_a_number_of_layers_is_told_by_their_widths(loop, depth, count):
    net = defined(f"class Net:\n    def __init__(self, k, dims): self.W = [dims[i] for i in {loop}]")
    assert layer_count(net.constructors["Net"], "k", USUAL, depth) == count
