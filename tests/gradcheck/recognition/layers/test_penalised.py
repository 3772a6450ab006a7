"""What a backward pass adds for a penalty that the forward pass leaves out is checked where it shows what it is of."""

import pytest

from support.layers import checked, read

DENSE = """
class Dense:
    def __init__(self, n_in, n_out, l2=0.01):
        self.W = np.random.randn(n_in, n_out)
        self.l2 = l2

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, d):
        self.dW = self.x.T @ d + self.l2 * self.W
        return d @ self.W.T
"""

SPARSE = """
class Sparse:
    def __init__(self, n_in, n_out, rho=0.0):
        self.W = np.random.randn(n_in, n_out)
        self.rho = rho

    def forward(self, x):
        self.x = x
        self.a = np.tanh(x @ self.W)
        self.extra = self.rho * np.sum(self.a ** 2)
        return self.a

    def backward(self, d):
        dz = (d + 2 * self.rho * self.a) * (1 - self.a ** 2)
        self.dW = self.x.T @ dz
        return dz @ self.W.T
"""

ALONE = """
def fc_forward(x, W):
    return x @ W, (x, W)

def fc_backward(dout, cache, reg=0.0):
    x, W = cache
    return dout @ W.T, x.T @ dout + 2 * reg * W
"""


def penalty(text):
    """The weight that is tried, and why it cannot be."""
    (variant,) = checked(text)[1].variants
    assert bool(variant.text) != bool(variant.why)
    return variant.varied.format(variant.value), variant.why


OF_SIZES = DENSE.replace("l2", "kernel_regularizer_l1").replace("r_l1 * self.W", "r_l1 * np.sign(self.W)")
OF_SIZES = OF_SIZES.replace("=0.01", "=0")
OWN = """
class Cost:
    def penalty(self, layer):
        return layer.kernel_regularizer_l1 * np.abs(layer.W).sum()
"""
OF_ALL = """
class Cost:
    def __init__(self):
        self.layers = []
    def penalty(self):
        return sum(layer.kernel_regularizer_l1 * np.abs(layer.W).sum() for layer in self.layers)
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DENSE, "l2 of 0.1 (0.05 * np.sum(W ** 2) added to the cost)"),
        (
            DENSE.replace("self.l2 * self.W", "self.l2 * self.W / len(d)"),
            f"l2 of 0.1 ({0.05 / 7} * np.sum(W ** 2) added to the cost)",
        ),
        (SPARSE, "rho of 0.1 (layer.extra added to the cost)"),
        (OF_SIZES, "kernel_regularizer_l1 of 0.3 (0.3 * np.sum(np.abs(W)) added to the cost)"),
        (OF_SIZES + OWN, "kernel_regularizer_l1 of 0.3 (Cost().penalty(layer) added to the cost)"),
        (
            OF_SIZES + OF_ALL,
            "kernel_regularizer_l1 of 0.3 ([net := Cost(), vars(net).update(layers=[layer]), net.penalty()][-1] added "
            "to the cost)",
        ),
        (ALONE, "reg of 0.1 (0.1 * np.sum(W ** 2) added to the cost)"),
    ],
)
def test_a_penalty_of_a_usual_form_is_added_to_the_cost(text, said):
    assert penalty(text) == (said, "")


@pytest.mark.parametrize(
    "text",
    [
        DENSE.replace("self.l2 * self.W", "self.l2 * np.sign(self.W)"),
        DENSE.replace("+ self.l2", "- self.l2"),
        SPARSE.replace("2 * self.rho", "self.rho"),
        OF_SIZES.replace("np.sign(self.W)", "self.W"),
        OF_SIZES.replace("np.sign", "2 * np.sign") + OWN,
        OF_SIZES.replace("np.sign", "2 * np.sign") + OF_ALL,
        ALONE.replace("reg * W", "reg"),
    ],
)
def test_what_is_that_of_no_usual_penalty_is_not_checked(text):
    assert penalty(text)[1] == "what it adds to the gradients is that of no usual penalty"
    (variant,) = checked(text)[1].variants
    assert variant.convicts


def test_a_weight_that_changes_nothing_is_no_matter():
    without = DENSE.replace(" + self.l2 * self.W", "").replace(
        "np.random.randn(n_in, n_out)", "np.ones((n_in, n_out))"
    )
    assert checked(without)[1].variants == ()


HELD = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b, self.strength = np.random.randn(n_in, n_out), np.zeros(n_out), 0.01
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, d):
        self.dW = self.x.T @ d + 2 * self.strength * self.W
        self.db = d.sum(axis=0)
        return d @ self.W.T
"""


def test_a_penalty_that_the_gradients_alone_hold_is_added_to_the_cost():
    outcome, reading = checked(HELD)
    assert outcome.right
    (words,) = reading.unchecked
    assert words.startswith("whether the cost holds 0.01 * np.sum(W ** 2)")
    (reading,), _ = read(HELD.replace("self.x.T @ d", "2 * self.x.T @ d"))
    assert "it may hold a penalty's" in reading.why
