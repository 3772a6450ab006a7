"""Lists that a forward pass makes longer, where it makes the parameters as well."""

from chainrule.gradcheck.recognition.layers.grown import cut_back
from support.layers import checked

KEPT = """
class Norm:
    def __init__(self):
        self.X, self.gamma, self.gradients = [], None, {}
    def forward(self, X):
        if self.gamma is None:
            self.gamma = np.random.rand(X.shape[1])
            self.gradients = {"gamma": np.zeros(X.shape[1])}
        self.X.append(X)
        return self.gamma * X**2
    def backward(self, dLdy):
        for x in self.X[:1]:
            self.gradients["gamma"] += np.sum(dLdy * x**2, axis=0)
            return 2 * x * dLdy * self.gamma
"""


def test_the_pass_that_makes_the_parameters_leaves_no_inputs_behind():
    # Else the gradient would be that at the inputs with which they were made, wherever it is looked at.
    outcome, reading = checked(KEPT)
    assert outcome.right
    assert {tensor.name for tensor in outcome.tensors} == {"X", "gamma"}
    assert "made.X.__delitem__(slice(0, None))" in reading.text
    assert checked(KEPT.replace("2 * x", "x"))[0].verdict == "wrong"


class Kept:
    def __init__(self, steps):
        self.steps, self.caches, self.same = steps, {"A": [0, *steps]}, [1]


def test_what_stood_there_before_the_first_step_stays():
    cuts = cut_back(Kept([1]), Kept([1, 2]), "made")
    assert cuts == ["made.steps.__delitem__(slice(0, None))", "made.caches['A'].__delitem__(slice(1, None))"]
