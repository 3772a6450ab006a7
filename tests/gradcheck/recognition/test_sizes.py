"""Sizes that are written into files."""

import pytest

from chainrule.gradcheck.recognition.conventions import USUAL_SIZES, Sizes
from chainrule.gradcheck.recognition.sizes import written
from support.adapters import defined


def sizes_of(text):
    file = defined(text)
    return written(file, [file.named("cost")])


@pytest.mark.parametrize(
    ("body", "sizes"),
    [
        ("X * 2", [USUAL_SIZES]),
        ("np.zeros((10, N))", [Sizes(classes=10)]),
        ("np.zeros((10, 32 * 32 * 3))", [Sizes(classes=10), Sizes(3072, classes=10)]),
        ("one_hot(X)", [Sizes(classes=10)]),
        ("np.zeros((K, m))", [Sizes(classes=4), Sizes(hidden=20, classes=4)]),
        ("np.zeros((K, d))", [Sizes(classes=4), Sizes(784, classes=4)]),
        ("other()", [USUAL_SIZES]),
    ],
)
def test_what_a_function_or_what_it_uses_has_written_down_is_tried_the_small_first(body, sizes):
    text = "K, m = 4, 20\nd = 784\ndef one_hot(y):\n    return np.eye(10)[y]\ndef unused():\n    return 10\n"
    assert sizes_of(f"{text}def cost(X):\n    return {body}") == sizes


@pytest.mark.parametrize(
    "body",
    [
        "w = zeros((4, 6)), zeros((6, 2))",
        "w = rand(4, 6), rand(6, 2)",
        "for i in range(4):\n        for j in range(6):\n            w[i, j] = 0\n            for k in range(n):\n"
        "                v[j][k] = 0",
    ],
)
def test_sizes_that_lead_to_one_another_are_those_of_a_net(body):
    sizes = sizes_of(f"n = 2\ndef cost(X):\n    {body}\n")
    assert {Sizes(4, 6, 2), Sizes(2, 6, 4)} <= set(sizes)


def test_numbers_are_those_of_constants_whose_names_say_what_they_are():
    assert Sizes(hidden=6) in sizes_of("n_hidden = 6\ndef cost(X):\n    return X[:6]\n")
    assert Sizes(hidden=6) not in sizes_of("n_hidden = 6\ndef cost(X):\n    return X[:5]\n")
