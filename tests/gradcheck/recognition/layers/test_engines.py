"""Engines: how objects of their classes are made, read and differentiated."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers.engines import engines
from support.adapters import defined
from support.engines import ARRAYS, NUMBERS, TENSORS


def found(text):
    """The forms of the only engine of a text."""
    namespace = {"np": np, "__name__": "engine"}
    exec(text, namespace)
    (forms,) = engines(defined(f"import numpy as np\n{text}"), namespace, 0)
    return forms


def test_an_engine_of_numbers_may_hold_arrays_too():
    of_arrays, of_numbers = found(NUMBERS)
    assert (of_arrays.data, of_arrays.grad, of_arrays.made) == ("data", "grad", "Zahl({})")
    assert of_numbers.of("a") == "Zahl(a.item())"
    assert of_arrays.is_weighted
    assert of_numbers.is_weighted


def test_tensors_may_be_asked_to_keep_gradients_which_may_be_tensors():
    of_arrays, _ = found(TENSORS)
    assert (of_arrays.data, of_arrays.grad) == ("array", "grad.array")
    assert of_arrays.of("a") == "Tensor(a, requires_grad=True)"
    assert of_arrays.joined.endswith(".sum()")


@pytest.mark.parametrize("text", [NUMBERS, TENSORS])
def test_what_puts_outputs_together_has_to_be_right(text):
    # Where a sum overwrites what is there already, outputs are not added up, and each stands alone.
    (*_, form) = found(text.replace("__add__", "plus"))
    assert not form.is_weighted


def test_what_holds_no_gradient_is_no_engine():
    text = NUMBERS.replace("self.grad", "self.other")
    namespace = {"np": np, "__name__": "engine"}
    exec(text, namespace)
    assert not list(engines(defined(f"import numpy as np\n{text}"), namespace, 0))


def test_an_engine_of_arrays_makes_them_of_numbers():
    assert found(ARRAYS)[0].holds_arrays
    assert not found(NUMBERS)[0].holds_arrays
