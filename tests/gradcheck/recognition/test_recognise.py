"""Files without an adapter: what is assumed of usual names, how it is written, what is said when nothing fits."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.made_functions import with_made_functions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.recognise import guess, recognise
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from support.checked_files import check_only
from support.layer_programs import ACROSS
from support.places import CONVENTIONS
from support.recognising import recognised, rows
from support.samples import one_in

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)

ASSUMED = {
    "columns.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "rows.py": "X (N, d), labels integers (N,), W (in, out), b (K,)",
    "rows_one_hot.py": "X (N, d), labels one-hot (N, K), W (out, in), b (1, K)",
    "bias_in_weights.py": "X (d, N), labels one-hot (K, N), W (out, in), b the last column of W",
    "separate_arguments.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "parallel_lists.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "dictionary.py": "X (N, d), labels integers (N,), W (in, out), b (K,)",
    "dictionary_of_lists.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "list_of_dictionaries.py": "X (N, d), labels one-hot (N, K), W (in, out), b (K,)",
    "object_attributes.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "module_globals.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "cost_takes_cache.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "last_layer_first.py": "X (N, d), labels integers (N,), W (in, out), b (K,)",
    "hinge.py": "X (N, d), labels integers (N,), W (in, out), no b",
    "batch_norm.py": "X (N, d), labels integers (N,), W (in, out), b (K,)",
    "batch_norm_plain.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
    "update_and_numeric.py": "X (d, N), labels one-hot (K, N), W (out, in), b (K, 1)",
}
"""What is to be assumed of the conventions once their adapters are taken away."""


def without_adapter(name: str, folder: Path) -> Path:
    path = folder / name
    path.write_text((CONVENTIONS / name).read_text().partition("def chainrule_check")[0])
    return path


@pytest.mark.parametrize("name", one_in(2, ASSUMED))
def test_usual_names_are_recognised_and_what_was_assumed_is_said(name, tmp_path):
    outcome, adapter = check_only(without_adapter(name, tmp_path), CONDITIONS)
    assert outcome.verdict == "right", str(outcome)
    assert outcome.notes[0] == f"assumed {ASSUMED[name]}"
    assert outcome.notes[1].startswith("assumed cost ")
    (function,) = ast.parse(adapter).body
    assert function.end_lineno - function.lineno <= 7


def test_the_assumed_adapter_checks_the_same_once_it_stands_in_the_file(tmp_path):
    path = without_adapter("separate_arguments.py", tmp_path)
    assumed, adapter = check_only(path, CONDITIONS)
    path.write_text(f"{path.read_text()}\n\n{adapter}\n")
    declared, none = check_only(path, CONDITIONS)
    assert none == ""
    assert declared.tensors == assumed.tensors
    assert declared.notes == assumed.notes[2:]


def test_a_wrong_gradient_is_no_reason_to_look_for_another_layout(tmp_path):
    path = without_adapter("columns.py", tmp_path)
    path.write_text(path.read_text().replace("G = P - Y", "G = Y - P"))
    outcome, _ = check_only(path, CONDITIONS)
    assert outcome.verdict == "wrong"
    assert outcome.notes[0] == f"assumed {ASSUMED['columns.py']}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("+ 2 * lamda * W, np", ", np.ones(4), np", "returns"),
        ("return G @ X.T / N", "G @ X.T / N", "returns NoneType"),
        ("-np.sum(Y * np.log(P))", "-np.sum(Y * np.log(P), axis=0)", "returns an array of shape"),
        ("np.log(P)", "np.log(P - 1)", "is nan"),
        (
            "    P = EvaluateClassifier(X, W, b)\n    return",
            "    P = EvaluateClassifier(X, W, b)\n   ",
            "NoneType",
        ),
    ],
)
def test_what_is_wrong_with_recognised_functions_is_said(tmp_path, old, new, said):
    path = without_adapter("columns.py", tmp_path)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CheckError, match=said) as error:
        check_only(path, CONDITIONS)
    assert all(line.startswith("columns.py: ") for line in error.value.problems)


def test_an_exception_of_the_gradient_is_the_users(tmp_path):
    path = without_adapter("columns.py", tmp_path)
    path.write_text(path.read_text().replace("G = P - Y", "G = P - (Z if X.size else Y)"))
    with pytest.raises(UserError, match="in ComputeGradients: NameError: name 'Z' is not defined"):
        check_only(path, CONDITIONS)


def test_a_gradient_that_reads_a_name_which_nothing_gives_a_value_is_wrong(tmp_path):
    path = without_adapter("columns.py", tmp_path)
    path.write_text(path.read_text().replace("G = P - Y", "G = P - Z"))
    outcome, _ = check_only(path, CONDITIONS)
    (cause,) = outcome.causes
    assert cause.name == "undefined-name"
    assert cause.line is not None
    assert "G = P - Z" in cause.line.text


def test_an_exception_that_no_layout_avoids_is_the_users(tmp_path):
    path = without_adapter("columns.py", tmp_path)
    path.write_text(path.read_text().replace("-np.sum(Y", "-np.sum(Z"))
    with pytest.raises(UserError, match="in ComputeCost: NameError: name 'Z' is not defined"):
        check_only(path, CONDITIONS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no cost and no gradient of a usual name (compute_cost, compute_gradients) in it"),
        (
            "def f(x): return x",
            "no cost and no gradient of a usual name (compute_cost, compute_gradients) among its functions: f",
        ),
        (
            "def cost(X, Y, W): return 1.0",
            "no gradient of a usual name (compute_cost, compute_gradients) among its functions: cost",
        ),
        (
            "def cost(X, Y, W, b): return 1.0\nfor i in range(0):\n    W -= 0.1 * gW\n    b += -0.1 * gb",
            "cost gives the cost, but no function gives its gradient: the file changes W, b by gW, gb on its top level",
        ),
        (
            "def cost(X, Y, W, q): return 1.0\ndef gradient(X, Y, W, q): return W",
            "cost and gradient were found, but not what to call them with",
        ),
        (
            "def cost(X, Y, W): raise ValueError('9 wanted')\ndef gradient(X, Y, W): return W",
            "no usual layout of X, labels, W and b lets the cost run (ValueError: 9 wanted; net.py, line 1)",
        ),
    ],
)
def test_what_fits_nowhere_is_said_with_a_way_out(tmp_path, text, said):
    path = tmp_path / "net.py"
    path.write_text(text)
    with pytest.raises(CheckError) as error, RemoteProgram(path, CONDITIONS.limits):
        pass
    (line,) = error.value.problems
    assert said in line
    assert "chainrule check --init FILE" in line


def test_a_numeric_gradient_that_does_not_run_is_left_out(tmp_path):
    path = without_adapter("columns.py", tmp_path)
    path.write_text(f"{path.read_text()}\ndef ComputeGradsNum(X, Y, W, b, lamda, h):\n    raise ValueError\n")
    outcome, adapter = check_only(path, CONDITIONS)
    assert outcome.right
    assert "ComputeGradsNum" not in adapter


BESIDE = """
import numpy as np
def cost(X, Y, W):
    return np.sum((W @ X - Y) ** 2)
def gradient(X, Y, W):
    return 2 * (W @ X - Y) @ X.T
def cost_of_scores(W, Y, s):
    return np.sum((s - Y) ** 2)
"""


@pytest.mark.parametrize(
    ("gradient", "said"),
    [
        (
            "def gradient_nine(X, Y, W): return np.zeros(W.shape)[9, 9]",
            "called as cost cost(X, Y, W); gradient gradient_nine(X, Y, W), the gradient does not run (IndexError: ",
        ),
        (
            "def gradient_sum(X, Y, W): return W.sum() * Y.sum()",
            "arrays have other shapes than the parameters",
        ),
        ("def gradient_zero(X, W): return 0 * W", "are the same whatever the parameters and labels are"),
    ],
)
def test_what_a_gradient_lacks_is_said_beside_those_that_are_checked(gradient, said):
    text = BESIDE + gradient
    namespace = {}
    exec(text, namespace)
    checked, lacking = recognise(definitions(Source((Part("net.py", text),))), namespace, 0)
    assert (checked.gradient, checked.doubt) == ("gradient", "")
    assert said in lacking.doubt


def guessed(text: str) -> str:
    return guess(definitions(Source((Part("net.py", text),))))


def test_a_guess_needs_no_run():
    functions = "def cost(X, Y, W, b, reg): ...\ndef grads(X, Y, P, W, reg): ...\ndef forward(X, W, b): ..."
    text = guessed(f"import numpy as n\n{functions}")
    assert "n.eye(3)" in text
    assert "cost=lambda W, b, X, Y, reg: cost(X, Y, W, b, reg)" in text
    assert "gradient=lambda W, b, X, Y, reg: grads(X, Y, forward(X, W, b), W, reg)" in text


def test_a_guess_leaves_what_it_does_not_know_to_be_filled_in():
    assert "my_cost(X, Q)" in guessed("def my_cost(X, Q): ...")
    text = guessed("x = 1")
    assert "compute_cost(X, Y, W, b, lam)" in text
    assert "compute_gradients(X, Y, W, b, lam)" in text
    assert "import numpy as np" in text


MODULE = """
import numpy as np
import pickle
X, Y = pickle.load(open("no such file", "rb"))
W = np.random.randn(Y.shape[0], X.shape[0])
def probabilities():
    s = W @ X
    return np.exp(s) / np.exp(s).sum(axis=0)
def cost():
    return -np.sum(Y * np.log(probabilities())) / X.shape[1]
def gradients():
    return (probabilities() - Y) @ X.T / X.shape[1]
"""


def test_what_a_module_would_have_read_is_given_to_it():
    row = recognised(MODULE)
    assert "globals().update(W=W, X=X, Y=Y) or gradients()" in row.text
    assert not row.doubt


WRITTEN_SIZES = """
import numpy as np
def cost(X, Y, W, b):
    s = W @ X + b
    return -np.sum(Y * np.log(np.exp(s) / np.exp(s).sum(axis=0))) / X.shape[1]
def gradient(X, Y, W, b):
    s = W @ X + b
    G = (np.exp(s) / np.exp(s).sum(axis=0) - Y) / X.shape[1]
    return np.zeros((10, 784)) + G @ X.T, G.sum(axis=1).reshape(10, 1)
"""


def test_sizes_that_are_written_into_a_file_are_tried():
    assert recognised(WRITTEN_SIZES).notes[0].endswith("b (K, 1), 784 inputs, 10 classes")


def test_functions_inside_of_main_are_recognised():
    inner = textwrap.indent(WRITTEN_SIZES, "    ")
    assert recognised(f"def main():{inner}\nmain()").gradient == "gradient"


MARGIN = """
import numpy as np

def compute_cost(X, y, w, lam):
    return np.mean(np.log(1 + np.exp(-y * (X @ w)))) + lam * np.sum(w**2)

def compute_gradients(X, y, w, lam):
    return -X.T @ (y / (1 + np.exp(y * (X @ w)))) / len(y) + 2 * lam * w
"""


def test_labels_of_a_margin_are_minus_1_and_1_and_those_of_probabilities_0_and_1():
    assert "labels -1 or 1 (N,)" in recognised(MARGIN).notes[0]
    of_both = MARGIN.replace("-y * (X @ w)", "(1 - 2 * y) * (X @ w)").replace(
        "-X.T @ (y /", "X.T @ ((1 - 2 * y) /"
    )
    assert "labels 0 or 1 " in recognised(of_both.replace("exp(y *", "exp((2 * y - 1) *")).notes[0]


def test_starred_parameters_are_given_so():
    text = (
        "import numpy as np\ndef cost(X, Y, *params):\n    W, b = params\n    return np.sum((W @ X + b - Y) ** 2)\n"
        "def gradients(X, Y, *params):\n    W, b = params\n    G = 2 * (W @ X + b - Y)\n"
        "    return G @ X.T, G.sum(axis=1, keepdims=True)"
    )
    assert "gradient=lambda params, X, Y: gradients(X, Y, *params)" in recognised(text).text


def test_functions_that_another_returns_are_called_on_what_it_gives():
    text = """
import numpy as np

def make(X, Y, lam):
    def cost(W):
        return np.sum((W @ X - Y) ** 2) + lam * np.sum(W**2)

    def gradient(W):
        return 2 * (W @ X - Y) @ X.T + 2 * lam * W

    return cost, gradient
"""
    row = recognised(text)
    assert "cost=lambda W, X, Y, lam: make(X, Y, lam)[0](W)" in row.text
    assert "gradient=lambda W, X, Y, lam: make(X, Y, lam)[1](W)" in row.text


def test_what_changes_the_parameters_of_a_layer_is_no_gradient_of_its_own():
    update = "    def update_params(self, lr):\n        self.W -= lr * self.grad_W\n"
    row = recognised(f"import numpy as np\n{ACROSS}{update}")
    assert row.gradient == "Linear.forward / Linear.backward"


STEPS = """
import numpy as np

def compute_cost(X, y, theta):
    return np.sum((X @ theta - y) ** 2) / (2 * len(y))

def gradient_descent(X, y, theta, alpha, iterations):
    for i in range(iterations):
        theta = theta - alpha * X.T @ (X @ theta - y) / len(y)
    return theta
"""


def rows_of(text):
    source = Source((Part("step.py", text),))
    namespace = {}
    exec(compile(with_made_functions(text), "step.py", "exec"), namespace)
    return recognise(definitions(source), namespace, seed=0)


def test_a_step_of_the_cost_is_its_gradient():
    (row,) = rows_of(STEPS)
    assert (row.cost, row.doubt) == ("compute_cost", "")


def test_a_step_that_is_a_number_of_times_that_of_the_cost_asks_which_is_meant():
    own, usual = rows_of(STEPS.replace(" / len(y)\n    return theta", "\n    return theta"))
    assert own.cost == "compute_cost"
    assert "not of compute_cost; if compute_cost is meant" in own.doubt
    assert "np.sum" in usual.doubt


LEARNT = """
import numpy as np

class Net:
    def __init__(self, d, k):
        self.W = np.random.randn(d, k)
        self.warmth = 1.0

    def compute_cost(self, X, Y):
        return 0.5 * np.sum((X @ self.W * self.warmth - Y) ** 2) / len(X)

    def compute_gradients(self, X, Y):
        S = X @ self.W
        G = (S * self.warmth - Y) / len(X)
        grads = {}
        grads["warmth"] = np.sum(G * S)
        grads["W"] = X.T @ G * self.warmth
        return grads
"""


def test_a_number_on_an_object_whose_gradient_comes_back_is_a_parameter():
    assert "warmth=rng.uniform(0.5, 1.5, size=np.shape(net.warmth))" in recognised(LEARNT).text
    without = LEARNT.replace('grads["warmth"] = ', "")
    assert "rng.uniform" not in recognised(without).text


WARM = """
import numpy as np

def compute_cost(X, Y, W, b, warmth=2.0):
    return 0.5 * np.sum((warmth * (X @ W + b) - Y) ** 2) / len(X)

def compute_gradients(X, Y, W, b, warmth=2.0):
    G = warmth * (warmth * (X @ W + b) - Y) / len(X)
    return {"dW": X.T @ G, "db": G.sum(axis=0), "dX": G @ W.T, "dZ": G, "dwarmth": np.sum(G)}
"""


def test_gradients_of_other_arguments_than_the_parameters_are_said_not_to_be_checked():
    assert recognised(WARM).unchecked == ["the gradient of X", "the gradient of warmth"]


def test_a_net_is_no_layer_beside_whatever_its_data_are_called():
    (row,) = rows("""
import numpy as np
def probabilities(flowers, w, b):
    e = np.exp(flowers @ w + b)
    return e / e.sum(axis=1, keepdims=True)
def calc_cost(flowers, species, w, b):
    p = probabilities(flowers, w, b)
    return -np.mean(np.log(p[np.arange(len(species)), species]))
def calc_gradients(flowers, species, w, b):
    e = probabilities(flowers, w, b)
    e[np.arange(len(species)), species] -= 1
    return flowers.T @ e / len(e), e.mean(axis=0)
""")
    assert (row.gradient, row.doubt) == ("calc_gradients", "")


STRETCH = """
import numpy as np
class Stretch:
    def __init__(self, factor):
        self.factor = factor
    def forward(self, A):
        self.wide = A.shape[1]
        return np.repeat(A, self.factor, axis=1)
    def backward(self, dZ):
        return dZ.reshape(len(dZ), self.wide, self.factor).sum(axis=2)
"""
BENDS = """
import numpy as np
from stretch import Stretch
class Bend:
    def forward(self, A):
        self.Z = np.tanh(A)
        return self.Z
    def backward(self, dZ):
        return dZ * (1 - self.Z ** 2)
"""


def test_a_layer_that_a_file_imports_is_checked_where_it_stands(tmp_path):
    (tmp_path / "stretch.py").write_text(STRETCH)
    (tmp_path / "bends.py").write_text(BENDS)
    outcome = check_file(tmp_path / "bends.py", CONDITIONS, tmp_path)
    assert [(row.gradient, row.verdict) for row in outcome.rows] == [
        ("Bend.forward / Bend.backward", "right")
    ]
