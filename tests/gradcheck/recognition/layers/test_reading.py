"""Files of layers: right ones are right, wrong ones wrong, what cannot be told is said."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.recognition import adapter, recognise
from chainrule.gradcheck.recognition.layers.pairs import layers_of, only_layers
from chainrule.gradcheck.sandbox.process import Limits
from support.adapters import defined
from support.checked_files import check_only
from support.engines import ARRAYS, TENSORS
from support.layer_programs import (
    ACROSS,
    AFFINE,
    BATCH_NORM,
    BOTH,
    CLASS,
    COLUMNS,
    CONV_CLASS,
    CONVOLUTION,
    DERIVATIVE,
    DICTIONARIES,
    DROPOUT,
    EMBEDDING,
    FILLED,
    HELD,
    IN_MODE,
    INHERITED,
    LABELS_HELD,
    LISTS,
    LOSS_AFTER_SOFTMAX,
    LOSS_OF_COLUMNS,
    MEANS,
    OUTPUT_LEFT,
    PENALISED,
    RATE,
    RELU,
    SOFTMAX_LOSS,
)
from support.layers import checked, read

LAYERS = {
    "affine": (AFFINE, "dout.sum(axis=0)", "dout.mean(axis=0)"),
    "a dictionary of gradients": (COLUMNS, "dZ @ A.T", "2 * dZ @ A.T"),
    "means over the samples": (MEANS, "/ m, dZ.sum", ", dZ.sum"),
    "ReLU": (RELU, "dA * (cache > 0)", "dA * (cache < 0)"),
    "batch norm": (BATCH_NORM, " - d.mean(axis=0)", ""),
    "convolution": (CONVOLUTION, "dpadded[n, :, rows, columns] +=", "dpadded[n, :, rows, columns] ="),
    "an object": (CLASS, "self.W.T @ grad", "self.W.T @ grad / 7"),
    "dictionaries on an object": (DICTIONARIES, "dout.sum(axis=0)", "dout.mean(axis=0)"),
    "an object that convolves": (
        CONV_CLASS,
        '"nchw,nfhw->fc", window, dvalues',
        '"nchw,nfhw->fc", -window, dvalues',
    ),
    "random numbers": (DROPOUT, "dout * mask", "dout * (mask > 0)"),
    "a dictionary of parameters": (HELD, "x.T @ dy", "x.T @ dy / len(x)"),
    "a rate": (RATE, "self.weights -= learning_rate", "self.weights += learning_rate"),
    "an output left on the object": (OUTPUT_LEFT, "(dvalues, self.weights.T)", "(dvalues, -self.weights.T)"),
    "a dictionary that is filled": (FILLED, "x.T @ backwards_gradient", "x.T @ backwards_gradient / len(x)"),
    "lists on an object": (LISTS, "dout.sum(axis=0)", "dout.mean(axis=0)"),
    "a mode of the object": (IN_MODE, " - d.mean(0)", ""),
    "a mode in a dictionary of any name": (
        BATCH_NORM.replace("bn_param", "state"),
        " - d.mean(axis=0)",
        "",
    ),
    "inherited passes": (INHERITED, "self.out ** 2", "self.out"),
    "a penalty": (PENALISED, "self.x.T @ dout", "-self.x.T @ dout"),
    "an embedding": (EMBEDDING, "np.add.at(self.dW, self.idx, dout)", "self.dW[self.idx] += dout"),
    "an error across": (ACROSS, "return gradients @ self.W", "return -gradients @ self.W"),
    "a loss": (LOSS_OF_COLUMNS, "(self.P - self.Y)", "(self.Y - self.P)"),
    "a loss with log(P + eps)": (SOFTMAX_LOSS, "self.y] -= 1", "self.y] -= 2"),
    "a loss of probabilities": (LOSS_AFTER_SOFTMAX, "-y_true / dvalues", "y_true / dvalues"),
    "labels on the object": (LABELS_HELD, "] -= 1", "] += 1"),
    "loss and gradient of one function": (BOTH, ".sum(axis=1)", ".mean(axis=1)"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_by_itself_is_right_or_wrong(name, wrong):
    text, right_part, wrong_part = LAYERS[name]
    assert text.count(right_part) == 1
    outcome, reading = checked(text.replace(right_part, wrong_part) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert reading.notes[0].startswith(f"assumed layer {reading.label} with ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            RATE,
            "the gradient of weights, bias is what the backward pass takes from it with a learning rate of 1",
        ),
        (MEANS, "the gradients of W, b are means over the 7 samples, that of the inputs is not"),
        (ACROSS, "the backward pass gets R transposed, and gives the gradient of the inputs so"),
        (DERIVATIVE, "the backward pass gives the derivative of each entry: its gradient is R times that"),
        (LOSS_OF_COLUMNS, "the cost is the loss"),
        (DROPOUT, "numpy.random.seed(0) comes before each forward pass, which draws random numbers"),
        (
            RATE.replace("learning_rate *", "self.rate() *").replace(", learning_rate", "")
            + "    def rate(self): return 0.1\n",
            "the backward pass changes weights, bias by a rate that is not known: not checked",
        ),
    ],
)
def test_what_is_assumed_is_said(text, said):
    outcome, reading = checked(text)
    assert outcome.right
    assert said in reading.notes


def test_every_gradient_of_an_object_is_checked():
    outcome, _ = checked(CLASS)
    assert [(t.name, t.shape) for t in outcome.tensors] == [("X", (6, 7)), ("W", (3, 6)), ("b", (3, 1))]


def test_every_layer_of_a_file_is_read_but_those_that_are_covered():
    text = MEANS + RELU + INHERITED
    every, _ = read(text)
    assert [reading.label for reading in every] == [
        "linear_forward / linear_backward",
        "relu / relu_backward",
        "Tanh.forward / Tanh.backward",
    ]
    left, _ = read(text, covered=every[0].functions)
    assert left == every[1:]


def test_a_layer_stands_for_all_that_it_is_made_of():
    (reading,), _ = read(INHERITED)
    assert {f.shown for f in reading.functions} == {
        "Tanh._forward", "Tanh._backward", "Tanh.forward", "Tanh.backward", "Module.forward", "Module.backward",
    }  # fmt: skip


def test_each_form_of_a_layer_is_read():
    text = """
def activation_forward(Z, activation):
    return (np.tanh(Z) if activation == "tanh" else np.maximum(Z, 0)), Z
def activation_backward(dA, cache, activation):
    if activation == "relu":
        return dA * (cache > 0)
    return dA * (1 - np.tanh(cache))
"""
    forms, namespace = read(text)
    assert [form.label.partition(" (")[2] for form in forms] == ["activation='tanh')", "activation='relu')"]
    said = [
        check(adapter.declared(form.text, namespace, np.random.default_rng(0)), explained=False)
        for form in forms
    ]
    assert [outcome.verdict for outcome in said] == ["wrong", "right"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (RELU.replace("dA * (cache > 0)", "1.0 * (cache > 0)"), "the same whatever dJ/dout is"),
        (AFFINE.replace("x @ w + b\n", "x @ w\n"), "the output is the same whatever b may be"),
        (
            "def softmax_forward(x):\n    e = np.exp(x)\n    return e / e.sum(axis=1, keepdims=True), 0\n"
            "def softmax_backward(dout, cache):\n    return dout\n",
            "the loss that follows may have done this layer's part",
        ),
        (
            RATE.replace(".sum(axis=1, keepdims=True)", "").replace(
                "self.bias -= ", "self.bias = self.bias - "
            ),
            "a gradient is not summed over them",
        ),
        (DERIVATIVE.replace("x > 0, 1", "x > 0, 2"), "a derivative at x was assumed"),
        (RELU.replace("np.maximum", "no.maximum"), "NameError: name 'no' is not defined"),
        (
            "def relu_forward(x): return [None][0], None\ndef relu_backward(dout, x): return dout\n",
            "gives nothing yet",
        ),
        ("def relu_backward(dout, x): return dout\n", "no forward pass of its name"),
        (AFFINE.replace("(x, w, b):", "(x, w, b, kind):").replace("x @ w", "kind(x @ w)"), "what is kind?"),
        (
            AFFINE.replace("x @ w", "x @ w.reshape(x.shape[0], 11)"),
            "no usual layout of its arrays lets it run (ValueError: ",
        ),
    ],
)
def test_what_may_be_right_all_the_same_or_does_not_run_is_not_checked(text, why):
    (reading,), _ = read(text)
    assert not reading.text
    assert why in reading.why


OF_PARAMETER = """
def forward_pass(x, theta):
    return x * theta**2

def backward_pass(x, theta):
    dtheta = 2 * x * theta
    return dtheta
"""


def test_a_derivative_without_upstream_is_that_by_what_its_name_says():
    outcome, reading = checked(OF_PARAMETER)
    assert outcome.right
    assert [tensor.name for tensor in outcome.tensors] == ["theta"]
    assert not reading.unchecked
    (wrong,), _ = read(OF_PARAMETER.replace("2 * x", "3 * x"))
    assert "does not agree" in wrong.why


def test_a_loss_whose_gradient_is_that_of_the_sum_is_checked_but_for_the_division():
    outcome, reading = checked(LOSS_OF_COLUMNS.replace(" / self.P.shape[1]", ""))
    assert outcome.right
    assert reading.unchecked == ("the division by 7, which the loss has and its gradient has not",)
    assert "the cost is the loss times 7" in reading.notes
    outcome, _ = checked(LOSS_OF_COLUMNS.replace(" / self.P.shape[1]", " * self.P"))
    assert not outcome.right


UNWRITTEN = """
def norm_forward(x, gamma):
    out, cache = None, None
    return out, cache
def norm_backward(dout, cache):
    return dout
def scale_forward(x, gamma):
    return x * gamma, (x, gamma)
def scale_backward(dout, cache):
    dx, dgamma = None, None
    return dx, dgamma
def shift_forward(x): pass
def shift_backward(dout): pass
def svm_loss(x, y):
    loss, dx = 0.0, None
    return loss, dx
"""


def test_what_is_not_written_yet_is_told_apart():
    every, _ = read(RELU + UNWRITTEN)
    assert {r.label: r.why for r in every if r.is_unwritten} == {
        "scale_forward / scale_backward": "scale_backward gives nothing",
        "shift_backward": "shift_backward gives nothing",
        "svm_loss": "svm_loss gives nothing",
    }
    # A backward pass that is written may be wrong, whatever its forward pass is.
    (other,) = (r for r in every if not r.is_unwritten and not r.text)
    assert (other.label, other.why) == ("norm_forward / norm_backward", "norm_forward gives nothing")
    assert [r.label for r in every if r.text] == ["relu / relu_backward"]


def test_a_part_that_needs_no_error_is_no_penalty_where_it_is_no_multiple_of_its_array():
    outcome, _ = checked(AFFINE.replace("x.T @ dout", "x.T @ dout + np.abs(w)"))
    assert outcome.verdict == "wrong"


def test_what_a_stride_of_1_hides_is_seen():
    text = CONVOLUTION.replace("slice(i * stride, i * stride + HH)", "slice(i, i + HH)")
    outcome, reading = checked(text)
    assert outcome.verdict == "wrong"
    assert '"stride": 2' in reading.notes[0]


def test_a_setting_that_the_backward_pass_alone_looks_up_is_given():
    head, backward = CONVOLUTION.split("def conv_backward_naive")
    text = (
        head.replace('conv_param["stride"]', 'conv_param.get("stride", 1)')
        + "def conv_backward_naive"
        + backward
    )
    _, reading = checked(text)
    assert '"stride": 2' in reading.notes[0]


def test_a_layer_of_square_images_alone_is_checked_at_these():
    text = CONVOLUTION.replace("    padded =", "    assert H == W\n    padded =", 1)
    outcome, _ = checked(text)
    assert outcome.verdict == "right"
    assert outcome.tensors[0].shape == (2, 3, 5, 5)


def test_a_layer_of_one_sample_is_checked_at_one():
    text = """
def dense_forward(x, W):
    return W @ x
def dense_backward(dout, x, W):
    return W.T @ dout, np.outer(dout, x)
"""
    outcome, _ = checked(text)
    assert outcome.verdict == "right"
    assert outcome.tensors[0].shape == (6, 1)


def test_the_cause_of_a_wrong_layer_has_a_name_and_a_line(tmp_path):
    path = tmp_path / "layers.py"
    path.write_text(f"import numpy as np\n{AFFINE.replace('dout.sum(axis=0)', 'dout.mean(axis=0)')}")
    outcome, _ = check_only(path, Conditions(Limits(seconds=60), untrusted=False))
    assert [cause.name for cause in outcome.causes] == ["bias-mean-not-sum"]
    assert outcome.causes[0].line.number == 8


@pytest.mark.parametrize("text", [AFFINE, OUTPUT_LEFT, LOSS_AFTER_SOFTMAX, BOTH])
def test_an_adapter_is_guessed_from_the_source_alone(text):
    namespace = {"np": np}
    exec(text, namespace)
    guessed = recognise.guess(defined(f"import numpy as np\n{text}"))
    assert adapter.declared(guessed, namespace, np.random.default_rng(0)).describe().arrays


def test_a_backward_pass_that_takes_labels_or_a_rate_is_no_layers():
    for taken in ("Y", "learning_rate", "lam"):
        file = defined(f"def forward(X, W): return X @ W\ndef backward(dout, X, W, {taken}): return dout")
        assert layers_of(file) == []
        assert not only_layers(file)


def test_passes_belong_together_by_name():
    file = defined(
        "class Base:\n"
        "    def forward(self, x): return self._forward(x)\n"
        "    def backward(self, dout): return self._backward(dout)\n"
        "class Scale(Base):\n"
        "    def _forward(self, x): return 2 * x\n"
        "    def _backward(self, dout): return 2 * dout\n"
        "def relu_forward(x): return x\n"
        "def relu_backward_alt(dout, x): return dout\n"
        "def tanh_backward(dout, x): return dout\n"
    )
    assert sorted(layer.label for layer in layers_of(file)) == [
        "Scale._forward / Scale._backward",
        "Scale.forward / Scale.backward",
        "relu_forward / relu_backward_alt",
    ]
    assert only_layers(file)
    assert not only_layers(defined("def compute_gradients(X, Y, W): return W\n" + RELU))


MEAN = """
class Mean:
    def loss(self, scores, target):
        return np.mean((scores - target) ** 2)
    def gradient(self, scores, target):
        return 2 * (scores - target) / len(scores)
"""


def test_what_agrees_for_one_output_alone_is_said_not_to_be_checked_for_several():
    assert checked(MEAN)[1].unchecked == ("scores (7, 3), target (7, 3), Mean()",)
    assert checked(MEAN.replace("len(scores)", "scores.size"))[1].unchecked == ()


MIXED = """
def mix_forward(x, P, w, b):
    return P @ x @ w + b, (x, P, w)
def mix_backward(dout, cache):
    x, P, w = cache
    dx = P.T @ dout @ w.T
    return dx, (P @ x).T @ dout
"""


def test_a_parameter_without_a_gradient_is_said_not_to_be_checked_and_data_are_not():
    _, reading = checked(MIXED)
    assert reading.unchecked == ("the gradient of b",)
    assert "the backward pass gives no gradient of P, b: not checked" in reading.notes


DENSE_WITHOUT_INPUTS = """
def dense_forward(x, w):
    return x @ w, x
def dense_backward(dout, x):
    dw = x.T @ dout
    return dw
"""

LINEAR = """
def linear_loss(W, b, X, y):
    S = X @ W + b
    dS = S - y
    loss, dW, db = 0.5 * np.sum(dS ** 2), X.T @ dS, dS.sum(axis=0)
    return loss, dW, db
"""


def test_inputs_without_a_gradient_are_said_not_to_be_checked_unless_a_loss_gives_those_of_its_parameters():
    assert checked(DENSE_WITHOUT_INPUTS)[1].unchecked == ("the gradient of x",)
    assert checked(LINEAR)[1].unchecked == ()
    without = LINEAR.replace(", dS.sum(axis=0)", "").replace(", db", "")
    assert checked(without)[1].unchecked == ("the gradient of b",)


UNNAMED = """
def focal_loss(z, t, gamma=2.0):
    p = 1 / (1 + np.exp(-(2 * t - 1) * z))
    loss = -((1 - p) ** gamma * np.log(p)).sum()
    d_u = (1 - p) ** gamma * (gamma * p * np.log(p) - (1 - p))
    return loss, d_u * (2 * t - 1)
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_a_gradient_without_a_name_is_made_of_one_that_has_one_and_a_number_is_no_parameter(wrong):
    text = UNNAMED.replace("gamma * p *", "p *") if wrong else UNNAMED
    outcome, reading = checked(text)
    assert (outcome.verdict, reading.label) == ("wrong" if wrong else "right", "focal_loss")
    assert [tensor.name for tensor in outcome.tensors] == ["z"]


@pytest.mark.parametrize("wrong", [False, True])
def test_a_layer_that_runs_with_an_engine_too_is_checked_with_its_own_backward_pass(wrong):
    factor = "" if wrong else "2 * "
    layer = f"""
class Energy:
    def forward(self, x):
        self.x, self.n = x, x.sum()
        return self.n * self.n
    def backward(self, dout):
        return {factor}dout * self.n * np.ones_like(self.x)
"""
    outcome, _ = checked(ARRAYS + layer, "Energy.forward / Energy.backward")
    assert outcome.verdict == ("wrong" if wrong else "right")
    _, of_engine = checked(ARRAYS + layer, "Energy.forward / Tensor.backward")
    assert "Energy.backward" not in {f.shown for f in of_engine.parts}


def test_classes_that_the_gradient_of_an_engine_goes_through_are_checked_with_it():
    assert {reading.functions[1].shown for reading in read(TENSORS)[0]} == {"Tensor.backward"}
