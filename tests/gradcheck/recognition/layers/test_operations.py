"""Which operations an engine has."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers.engines import engines
from chainrule.gradcheck.recognition.layers.operations import operations
from support.adapters import defined
from support.engines import ARRAYS, with_method


def found(text):
    namespace = {"np": np, "__name__": "engine"}
    exec(text, namespace)
    file = defined(f"import numpy as np\n{text}")
    ((form, *_),) = engines(file, namespace, 0)
    return [each for each in operations(form, file) if each.function.name not in ("made", "backward")]


def test_operators_are_tried_in_several_ways():
    texts = [each.text for each in found(ARRAYS) if each.function.name == "__add__" and not each.spreads]
    assert texts == ["{0} + {1}", "{0} + {0}", "({0} + {1}) * {0}"]
    assert {each.shapes for each in found(ARRAYS) if each.spreads} == {
        ((3, 4), (4,)),
        ((3, 4), (3, 1)),
        ((4,), (3, 4)),
    }


@pytest.mark.parametrize(
    ("function", "is_one"),
    [
        ("def play(game):\n    while True:\n        pass", False),
        ("def doubled(t):\n    return Tensor(2 * t.data)", True),
        ("def total(t):\n    return t.sum()", True),
        ("class Square:\n    def forward(self, x):\n        return x * x", False),
        ("class Total:\n    def forward(self, x):\n        return x.sum()", True),
    ],
)
def test_functions_and_classes_are_called_if_they_know_the_engine(function, is_one):
    more = [each for each in found(f"{ARRAYS}\n{function}\n") if each.function.owner != "Tensor"]
    assert bool(more) == is_one


def test_labels_are_known_by_their_names():
    method = "def loss(self, target):\n    return (self * target).sum()"
    (loss,) = [each for each in found(with_method(method)) if each.function.name == "loss"]
    assert loss.labels == (False, True)
    (loss,) = [
        each for each in found(with_method(method.replace("target", "b"))) if each.function.name == "loss"
    ]
    assert loss.labels == (False, False)
