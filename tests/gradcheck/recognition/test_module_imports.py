"""Gradients beside what they need of modules that their file imports as a whole."""

from __future__ import annotations

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition.module_imports import with_imports
from chainrule.gradcheck.recognition.recognised import Recognised, Variant
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from support.handed_in import LIMITS

TOOLS = """
import numpy as np

def squash(z):
    return 1 / (1 + np.exp(-z))

def pass_forward(X, parameters):
    A1 = np.tanh(parameters["W1"] @ X + parameters["b1"])
    A2 = squash(parameters["W2"] @ A1 + parameters["b2"])
    return A2, (A1, A2, parameters["W1"], parameters["W2"])

def compute_cost(A2, Y):
    return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
"""

NET = """
import numpy as np
import tools

def compute_cost_with_penalty(A2, Y, parameters, lam):
    squares = np.sum(parameters["W1"] ** 2) + np.sum(parameters["W2"] ** 2)
    return tools.compute_cost(A2, Y) + lam / (2 * Y.shape[1]) * squares

def backward_with_penalty(X, Y, cache, lam):
    A1, A2, W1, W2 = cache
    m = X.shape[1]
    dZ2 = A2 - Y
    dZ1 = W2.T @ dZ2 * (1 - A1**2)
    return {
        "dW2": dZ2 @ A1.T / m + lam / m * W2,
        "db2": dZ2.sum(axis=1, keepdims=True) / m,
        "dW1": dZ1 @ X.T / m + lam / m * W1,
        "db1": dZ1.sum(axis=1, keepdims=True) / m,
    }

def model(X, Y, parameters, lam=0.7):
    A2, cache = tools.pass_forward(X, parameters)
    cost = compute_cost_with_penalty(A2, Y, parameters, lam)
    return cost, backward_with_penalty(X, Y, cache, lam)
"""


def checked(folder, net):
    (folder / "tools.py").write_text(TOOLS)
    (folder / "net.py").write_text(net)
    with RemoteProgram(folder / "net.py", LIMITS, root=folder) as program:
        return check(program), program.gradients[0].text


def test_a_gradient_is_checked_with_the_forward_pass_of_a_module_that_is_imported_as_a_whole(tmp_path):
    outcome, text = checked(tmp_path, NET)
    assert outcome.right
    assert text.splitlines()[1] == "    from tools import pass_forward"
    wrong, _ = checked(tmp_path, NET.replace("* (1 - A1**2)", "* (1 - A1)"))
    assert wrong.verdict == "wrong"


def test_an_adapter_imports_only_what_it_calls():
    head = "def chainrule_check(rng):\n"
    variant = Variant("N of {}", "7", "1", f"{head}    return twice(3)", "", True)
    row = Recognised.not_checked("f", "")._replace(text=f"{head}    return half(3)", variants=[variant])
    found = with_imports(row, {"half": "tools", "twice": "course.more"})
    assert found.text == f"{head}    from tools import half\n    return half(3)"
    assert found.variants[0].text == f"{head}    from course.more import twice\n    return twice(3)"
    assert with_imports(row, {}) is row
