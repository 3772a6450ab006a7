"""What the object of a layer may be set to otherwise."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.object_settings import of_object
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import layouts
from support.adapters import defined
from support.layers import checked, found, read, variants

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
    assert "calculate_update=lambda w, g" in variant.text


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


KINDS = """
import numpy as np

class Activation:
    def __init__(self, kind="tanh"):
        self.kind = kind

    def forward(self, x):
        self.x = x
        return np.tanh(x) if self.kind == "tanh" else x ** (2 if self.kind == "square" else 1)

    def backward(self, dout):
        return dout * (1 - np.tanh(self.x) ** 2 if self.kind == "tanh" else 2 * self.x)
"""


def test_a_text_of_the_constructor_is_tried_where_it_makes_a_difference():
    assert variants(KINDS) == {("kind", "'square'"): "right"}
    assert variants(KINDS.replace("else 2 *", "else 3 *")) == {("kind", "'square'"): "wrong"}
    same = KINDS.replace('np.tanh(x) if self.kind == "tanh" else ', "").replace("else 1)", "else 2)")
    same = same.replace('1 - np.tanh(self.x) ** 2 if self.kind == "tanh" else ', "")
    assert variants(same) == {}


BLOCK = """
import numpy as np

class Block:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.S = np.random.randn(n_in, n_out) if n_in != n_out else None

    def forward(self, x):
        self.x = x
        return x @ self.W + (x if self.S is None else x @ self.S)

    def backward(self, dy):
        self.dW = self.x.T @ dy
        dx = dy @ self.W.T
        if self.S is None:
            return dx + dy
        self.dS = self.x.T @ dy
        return dx + dy @ self.S.T
"""


def test_sizes_that_the_constructor_compares_are_tried_as_equal():
    assert variants(BLOCK) == {("n_out", "6"): "right"}
    assert variants(BLOCK.replace("return dx + dy\n", "return dx\n")) == {("n_out", "6"): "wrong"}


OF_CLASS = """
class Scale:
    factor = 1.0

    def forward(self, x):
        self.x = x
        return self.factor * x**2

    def backward(self, d):
        return self.factor * d * 2 * self.x
"""


def test_a_number_of_the_class_is_tried():
    assert variants(OF_CLASS) == {("factor", "0.7"): "right"}
    assert variants(OF_CLASS.replace("self.factor * d", "d")) == {("factor", "0.7"): "wrong"}


SAME = """
import numpy as np

class Conv:
    def __init__(self, channels, num_kernels, kernel_size):
        self.k = kernel_size
        self.W = np.random.randn(num_kernels, channels, kernel_size, kernel_size)
    def parts(self, x, before):
        k, (h, w) = self.k, x.shape[2:]
        p = ((before, k - 1 - before),) * 2
        x = np.pad(x, ((0, 0), (0, 0), *p))
        return np.stack([np.stack([x[:, :, i:i + h, j:j + w] for j in range(k)], -1) for i in range(k)], -2)
    def forward(self, x):
        self.x = x
        return np.einsum("nchwij,fcij->nfhw", self.parts(x, (self.k - 1) // 2), self.W)
    def backward(self, dout):
        self.dW = np.einsum("nchwij,nfhw->fcij", self.parts(self.x, (self.k - 1) // 2), dout)
        turned = self.W[:, :, ::-1, ::-1]
        return np.einsum("nfhwij,fcij->nchw", self.parts(dout, self.k // 2), turned)
"""


def test_kernels_of_an_even_size_are_tried_beside_odd_ones():
    namespace = {}
    reading = found(SAME, namespace)
    (variant,) = reading.variants
    assert (variant.given, variant.value, variant.convicts) == ("3", "2", False)
    for size, convicts in ((5, False), (4, True)):
        assert (
            found(f"{SAME}def net():\n    return Conv(3, 8, {size})\n", {}).variants[0].convicts == convicts
        )
    program = adapter.declared(variant.text, namespace, np.random.default_rng(0))
    assert check(program, explained=False).right
    reading = found(SAME.replace("self.k // 2)", "(self.k - 1) // 2)"), namespace)
    program = adapter.declared(reading.variants[0].text, namespace, np.random.default_rng(0))
    assert check(program, explained=False).verdict == "wrong"
