"""What the arguments of a backward pass are."""

import pytest

from support.layers import checked, read

FUNCTIONS = """
def cell_forward(x, h_prev, Wx, Wh, b):
    h = np.tanh(x @ Wx + h_prev @ Wh + b)
    return h, (x, h_prev, Wx, Wh, h)
def cell_backward(dh_above, dh_next, cache):
    x, h_prev, Wx, Wh, h = cache
    dz = (dh_above + dh_next) * (1 - h ** 2)
    return dz @ Wx.T, dz @ Wh.T, x.T @ dz, h_prev.T @ dz, dz.sum(axis=0)
"""
STATE = """
def sigma(z): return 1 / (1 + np.exp(-z))
class Cell:
    def __init__(self, n_in, n_hidden):
        self.W, self.b = np.random.randn(n_in + n_hidden, 2 * n_hidden), np.zeros(2 * n_hidden)
    def forward(self, x, h_prev, c_prev):
        self.z = np.hstack([x, h_prev])
        g, o = np.split(self.z @ self.W + self.b, 2, axis=1)
        self.g, self.o, self.c_prev = np.tanh(g), sigma(o), c_prev
        c = 0.9 * c_prev + self.g
        self.t = np.tanh(c)
        return self.o * self.t, c
    def backward(self, dh, dc_next, dh_next):
        dh = dh + dh_next
        dc = dc_next + dh * self.o * (1 - self.t ** 2)
        dz = np.hstack([dc * (1 - self.g ** 2), dh * self.t * self.o * (1 - self.o)])
        self.dW, self.db = self.z.T @ dz, dz.sum(axis=0)
        both = dz @ self.W.T
        n = both.shape[1] - dh.shape[1]
        return both[:, :n], both[:, n:], 0.9 * dc
"""
ALONE = """
class Cell:
    def __init__(self, n_in, n_hidden):
        self.Wx, self.Wh = np.random.randn(n_in, n_hidden), np.random.randn(n_hidden, n_hidden)
    def forward(self, x, h):
        self.x, self.h = x, h
        self.out = np.tanh(x @ self.Wx + h @ self.Wh)
        return self.out
    def backward(self, grad_out, grad_next):
        grad_out = grad_out.copy()
        grad_out += grad_next
        dz = grad_out * (1 - self.out ** 2)
        self.dWx, self.dWh = self.x.T @ dz, self.h.T @ dz
        return dz @ self.Wx.T, dz @ self.Wh.T
"""
TWICE = {
    "functions": (FUNCTIONS, "* (1 - h ** 2)"),
    "beside another state": (STATE, "* (1 - self.g ** 2)"),
    "of a single output": (ALONE, "* (1 - self.out ** 2)"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", TWICE)
def test_gradients_that_are_added_are_of_the_same_output(name, wrong):
    text, part = TWICE[name]
    outcome, reading = checked(text.replace(part, "") if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_gradients_that_are_not_added_are_not_guessed():
    (reading,), _ = read(FUNCTIONS.replace("dh_above + dh_next", "dh_above"))
    assert "what is dh_next of cell_backward?" in reading.why


FORK = """
def fork_forward(x, W):
    a = np.tanh(x @ W)
    return a, a + a ** 2, (x, W, a)
def fork_backward(dout1, dout2, cache):
    x, W, a = cache
    d = dout1 + dout2
    d = d + 2 * a * dout2
    d = d * (1 - a ** 2)
    return d @ W.T, x.T @ d
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_gradients_of_as_many_outputs_are_each_of_its_own_though_they_are_added(wrong):
    outcome, reading = checked(FORK.replace("2 * a", "a") if wrong else FORK)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


LOSS_LAST = """
class CrossEntropy:
    def forward(self, inputs, y_true):
        probs = np.exp(inputs) / np.sum(np.exp(inputs), axis=1, keepdims=True)
        loss = -np.sum(np.log(probs) * y_true)
        return probs, loss
    def backward(self, probs_again, y_true):
        return probs_again - y_true
"""


def test_a_loss_may_come_after_the_probabilities_that_its_backward_pass_is_given():
    assert checked(LOSS_LAST)[0].right
    outcome, reading = checked(LOSS_LAST.replace("_again - y", "_again + y"))
    assert outcome.verdict == "wrong"
    assert "backward(out[0], y_true)" in reading.text


OF_A_VECTOR = """
class Norm:
    def feedforward(self, x, gamma, beta):
        n = len(x)
        self.c = x - np.sum(x) / n
        self.std, self.gamma = np.sqrt(np.sum(self.c**2) / n + 1e-5), gamma
        return gamma * self.c / self.std + beta
    def backforward(self, dout):
        n, d = len(dout), dout * self.gamma
        dvar = -0.5 * np.sum(d * self.c, axis=0) / self.std**3
        dc = d / self.std + 2 * self.c * np.ones(n) * dvar / n
        dx = dc - np.ones(n) * np.sum(dc, axis=0) / n
        return dx, np.sum(dout * self.c / self.std, axis=0), np.sum(dout, axis=0)
"""


def test_a_vector_may_be_scaled_and_shifted_as_a_whole_and_is_no_single_row():
    outcome, reading = checked(OF_A_VECTOR)
    assert outcome.right
    assert "x (6,), gamma (), beta ()" in reading.notes[0]
    assert checked(OF_A_VECTOR.replace("dvar / n", "dvar"))[0].verdict == "wrong"


SQUARED = """
class Squared:
    def __init__(self, y):
        self.y = y
    def forward(self, x):
        self.x = x
        return (x - self.y) ** 2
    def backward(self, grad_input):
        return 2 * (self.x - self.y) * grad_input
"""
CROSS_ENTROPY = """
class CrossEntropy:
    def __init__(self, y):
        self.y = y
    def forward(self, p):
        self.p = np.clip(p, 1e-6, 1 - 1e-6)
        return -(self.y * np.log(self.p) + (1 - self.y) * np.log(1 - self.p))
    def backward(self, grad):
        return (self.p - self.y) / (self.p - self.p**2) * grad
"""


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [(SQUARED, "* grad_input", "* grad_input**2"), (CROSS_ENTROPY, "(self.p - self.p**2)", "self.p")],
)
def test_a_loss_of_each_entry_is_given_an_upstream_gradient_like_any_layer(text, right, wrong):
    outcome, reading = checked(text)
    assert outcome.right
    assert not reading.unchecked
    assert "times R" in reading.notes[1]
    assert checked(text.replace(right, wrong))[0].verdict == "wrong"


OF_AN_EPOCH = """
class Bend:
    def forward(self, input):
        self.input = input
        return np.tanh(input)
    def backward(self, dLdZ, epoch, log):
        return dLdZ * (1 - np.tanh(self.input) ** 2)
"""


@pytest.mark.parametrize("read", ["", "rate = 0.1 / epoch\n        "])
def test_the_number_of_an_epoch_is_no_input_and_what_is_never_read_is_nothing(read):
    text = OF_AN_EPOCH.replace("return dLdZ", f"{read}return dLdZ")
    assert checked(text)[0].right
    assert checked(text.replace("1 - np", "2 - np"))[0].verdict == "wrong"


IN_PLACE = """
def relu(x):
    return np.maximum(x, 0, out=x)
def relu_backward(D_output, output):
    output[output <= 0] = 0
    output[output > 0] = 1
    return output * D_output
"""


def test_what_is_called_an_output_is_what_the_layer_gave_also_where_that_is_its_input_changed():
    outcome, reading = checked(IN_PLACE)
    assert outcome.right
    assert not [note for note in reading.notes if "was taken for" in note]
    assert checked(IN_PLACE.replace("> 0] = 1", "> 0] = 2"))[0].verdict == "wrong"


LEAVES_BOTH = """
class Cell:
    def __init__(self, input_size, hidden_size):
        self.Wx = np.random.randn(input_size, 2 * hidden_size)
        self.Wh = np.random.randn(hidden_size, 2 * hidden_size)
        self.b = np.random.randn(1, 2 * hidden_size)
        self.H = hidden_size

    def cell_forward(self, x, h_prev, c_prev):
        self.x, self.h_prev, self.c_prev = x, h_prev, c_prev
        A = x @ self.Wx + h_prev @ self.Wh + self.b
        self.f = 1 / (1 + np.exp(-A[:, :self.H]))
        self.g = np.tanh(A[:, self.H:])
        self.c_next = self.f * c_prev + self.g
        self.h_next = np.tanh(self.c_next)

    def cell_backward(self, dh_next, dc_next):
        dc = dc_next + dh_next * (1 - self.h_next ** 2)
        df, dg = dc * self.c_prev * self.f * (1 - self.f), dc * (1 - self.g ** 2)
        dA = np.hstack((df, dg))
        self.dWx, self.dWh = self.x.T @ dA, self.h_prev.T @ dA
        self.db = dA.sum(axis=0, keepdims=True)
        return dA @ self.Wx.T, dA @ self.Wh.T, dc * self.f
"""


@pytest.mark.parametrize(
    ("wrong", "verdict"), [("(1 - self.h_next ** 2)", "right"), ("self.h_next ** 2", "wrong")]
)
def test_what_a_forward_pass_leaves_is_what_upstream_gradients_of_its_names_are_of(wrong, verdict):
    outcome, reading = checked(LEAVES_BOTH.replace("(1 - self.h_next ** 2)", wrong))
    assert "layer.h_next, layer.c_next)[1:]" in reading.text
    assert outcome.verdict == verdict
