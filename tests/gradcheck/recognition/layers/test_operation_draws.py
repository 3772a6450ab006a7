"""What the operands of operations hold."""

import numpy as np
import pytest

from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.engines import OwnEngine
from chainrule.gradcheck.recognition.layers.operation_draws import (
    draws,
    is_limited,
    may_be_limited,
    special_draws,
)
from chainrule.gradcheck.recognition.layers.operations import Operation
from chainrule.gradcheck.recognition.layers.plans import evaluated
from support.adapters import defined

ENGINE = OwnEngine("Tensor", Function("backward", ()), "Tensor({})")
LOSS = Function("loss", (Argument("target"),), "Tensor")
OF_TWO = Operation(LOSS, "{0}.loss({1})", ((3, 4), (3, 4)), ("", "target"))


def drawn(text):
    return evaluated(text, {}, {"rng": np.random.default_rng(0)})


def test_rows_of_labels_sum_to_one_or_columns():
    _, labels = next(draws(ENGINE, OF_TWO))
    np.testing.assert_allclose(drawn(labels).sum(axis=1), 1)
    texts = [text for (_, text), words in special_draws(ENGINE, OF_TWO, limited=False) if "columns" in words]
    np.testing.assert_allclose(drawn(texts[0]).sum(axis=0), 1)
    assert drawn(texts[0]).shape == (3, 4)


def test_what_may_be_meant_for_positive_numbers_is_tried_with_such():
    of_one = Operation(LOSS, "{0}.log()", ((3, 4),), ("",))
    assert [words for _, words in special_draws(ENGINE, of_one, limited=True)] == [
        "operands are positive",
        "operands are between 0 and 1",
    ]
    assert not list(special_draws(ENGINE, of_one, limited=False))


@pytest.mark.parametrize(
    ("name", "is_one"), [("log", True), ("safe_sqrt", True), ("log_softmax", False), ("relu", False)]
)
def test_what_is_defined_for_positive_numbers_alone_is_known_by_its_name(name, is_one):
    assert is_limited(Function(name, ())) == is_one


def test_logarithms_are_found_in_what_an_operation_calls():
    bodies = {"inner": "np.log(x)", "outer": "inner(x)", "other": "np.exp(x)"}
    text = "".join(f"def {name}(x):\n    return {body}\n" for name, body in bodies.items())
    namespace = {"np": np}
    exec(text, namespace)
    file = defined(f"import numpy as np\n{text}")
    found = {f.name: may_be_limited(f, file, namespace) for f in file.functions}
    assert found == {"inner": True, "outer": True, "other": False}
