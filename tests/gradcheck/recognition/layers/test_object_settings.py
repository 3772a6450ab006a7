"""What the object of a layer may be set to otherwise."""

import pytest

from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.object_settings import of_object
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import layouts
from support.adapters import defined
from support.layers import checked, read

OBJECT = """
class Layer:
    def __init__(self, n, decay=0.0, bias=True):
        self.n, self.decay, self.bias, self.training = n, decay, bias, True
    def forward(self, x):
        return x
    def backward(self, d):
        return d if self.training and self.bias else self.decay * d
"""


def plan(text, made=""):
    """Of the only layer of a text."""
    file = defined(text)
    (layer,) = layers_of(file)
    return LayerPlan(layer, called_with(layer, file, {}), next(layouts()), MadeLayer(made), file)


def settings(every):
    return {setting.name: (setting.given, setting.value, setting.convicts) for setting in every}


def test_what_an_object_is_made_with_or_holds_may_be_otherwise():
    given = plan(OBJECT, "Layer(n=6, decay=0.0)")
    every = list(of_object(given))
    assert settings(every) == {
        "decay": ("0.0", "0.1", True),
        "bias": ("True", "False", True),
        "training": ("True", "False", True),
    }
    made = [setting.put(given) for setting in every]
    texts = [each.made.text for each in made if each.made != given.made]
    assert texts == ["Layer(n=6, decay=0.1)", "Layer(n=6, decay=0.0, bias=False)"]
    assert [each.put for each in made if each.put] == [(("training", "False"),)]


SKIPPED = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, d):
        self.dW = self.x.T @ d
        return d @ self.W.T
class Half:
    def __init__(self, p): ...
    def forward(self, x):
        return 0.5 * x
    def backward(self, d):
        d *= 0.5
        return d
class Skip:
    def __init__(self, *layers):
        self.layers = layers
    def forward(self, x):
        y = x
        for layer in self.layers:
            y = layer.forward(y)
        return x + y
    def backward(self, d):
        g = d
        for layer in self.layers[::-1]:
            g = layer.backward(g)
        return d + g
Skip(Dense(3, 3), Half(0.1))
"""


def changing(text):
    every, _ = read(text)
    return [v for r in every if r.label.startswith("Skip") for v in r.variants if "Half" in v.value]


def test_a_layer_that_changes_what_it_is_given_is_tried_among_those_that_the_file_puts_it_beside():
    (variant,) = changing(SKIPPED)
    assert variant.value == "Dense(6, 6), Half(p=0.1)"
    assert variant.convicts
    assert not changing(SKIPPED.replace("Skip(Dense(3, 3), Half(0.1))", ""))
    assert not changing(SKIPPED.replace("d *= 0.5", "d = d * 0.5"))


OPTIMIZED = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self._optimizer = None
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, d):
        self.gradient_W = self.x.T @ d
        dx = d @ self.W.T
        if self._optimizer:
            self.W = self._optimizer.calculate_update(self.W, self.gradient_W)
        return dx
"""


def test_a_backward_pass_that_takes_steps_is_run_with_them():
    ((reading,), _) = read(OPTIMIZED)
    (variant,) = reading.variants
    assert (variant.value, variant.convicts) == ("a step with a rate of 1", True)
    assert "calculate_update=lambda w, g: w - g" in variant.text


DECAYING = """
class Dense:
    def __init__(self, n_in, n_out, {name}=0.01):
        self.W, self.{attribute} = np.random.randn(n_in, n_out), {name}
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, d):
        self.dW = self.x.T @ d + self.{attribute} * self.W
        return d @ self.W.T
"""


@pytest.mark.parametrize(
    ("name", "attribute"), [("weight_decay", "weight_decay"), ("weight_decay", "weight"), ("reg", "reg")]
)
def test_the_weight_of_a_penalty_is_one_whatever_it_is_called(name, attribute):
    text = DECAYING.format(name=name, attribute=attribute)
    outcome, reading = checked(text)
    assert outcome.right
    assert not [variant for variant in reading.variants if not variant.text]
    assert checked(text.replace("+ self", "+ 0.3 + self"))[0].verdict == "wrong"
