"""Arguments that are objects with fields."""

from chainrule.gradcheck.program.signatures import Argument
from chainrule.gradcheck.recognition.layers.fielded import arrays_among, fielded, with_fields
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from support.adapters import defined
from support.cost_programs import ROLLOUT
from support.layers import checked

WEIGHTS = """
from typing import NamedTuple
class Weights(NamedTuple):
    V: np.ndarray
    bias: float = 0.0
def cost(p, X):
    return 0.5 * np.sum((X @ p.V + p.bias) ** 2)
def gradient(p, X):
    e = X @ p.V + p.bias
    return Weights(V=X.T @ e, bias=e.sum(axis=0))
"""


def test_a_class_is_told_by_the_fields_that_a_cost_reads():
    file = defined(ROLLOUT)
    loss, gradient = file.named("loss", "Policy"), file.named("gradient", "Policy")
    layer = LayerPair(loss, gradient, "Policy", takes_the_same=True)
    roll, settings = (fielded(argument, layer, file) for argument in loss.arguments)
    assert (roll.owner, arrays_among(roll)) == ("Rollout", ["states", "actions", "advantages"])
    assert (settings.owner, arrays_among(settings)) == ("Config", [])
    assert fielded(loss.arguments[0], layer._replace(takes_the_same=False), file) is None
    assert fielded(Argument("other"), layer, file) is None


def test_fields_of_data_stand_in_the_place_of_their_object_and_those_of_parameters_are_none_of_the_inputs():
    file = defined(ROLLOUT)
    loss = file.named("loss", "Policy")
    names = [a.name for a in with_fields(loss, {"roll": file.constructors["Rollout"]}).arguments]
    assert names == ["states", "actions", "advantages", "cfg"]
    file = defined(WEIGHTS)
    cost = file.named("cost")
    assert [a.name for a in with_fields(cost, {"p": file.constructors["Weights"]}).arguments] == ["X"]


def test_gradients_may_come_in_an_object_of_the_same_class():
    outcome, _ = checked(WEIGHTS)
    assert outcome.right
    assert {tensor.name for tensor in outcome.tensors} == {"V", "bias"}
    assert checked(WEIGHTS.replace("V=X.T @ e", "V=2 * X.T @ e"))[0].verdict == "wrong"


def test_of_two_classes_with_these_fields_it_may_be_either():
    other = WEIGHTS.replace(
        "def cost", "class Moments(NamedTuple):\n    V: np.ndarray\n    bias: float = 0.0\ndef cost"
    )
    for text, told in ((WEIGHTS, True), (other, False)):
        file = defined(text)
        cost = file.named("cost")
        layer = LayerPair(cost, file.named("gradient"), takes_the_same=True)
        assert (fielded(cost.arguments[0], layer, file) is not None) is told
