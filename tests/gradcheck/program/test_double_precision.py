"""What a file keeps in single precision is computed in double precision, and that is said."""

import ast

import pytest

from chainrule.gradcheck.files.file_check import Conditions, check_file
from chainrule.gradcheck.program.double_precision import DoublePrecision, told
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.sandbox.process import Limits

LAYER = """
import numpy as np

def scale_forward(x, gamma):
    out = np.zeros(x.shape, dtype=np.float32)
    out[:] = x * gamma
    return out, (x, gamma)

def scale_backward(dout, cache):
    x, gamma = cache
    return (dout * gamma).astype("float32"), (dout * x).sum(axis=0)
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_a_layer_with_single_precision_in_it_is_checked_in_double(tmp_path, wrong):
    path = tmp_path / "layer.py"
    path.write_text(LAYER.replace("dout * gamma", "dout + gamma") if wrong else LAYER)
    found = check_file(path, Conditions(Limits(seconds=60), untrusted=False))
    assert found.verdict == ("wrong" if wrong else "right")
    (said,) = [note for note in found.notes if "single precision" in note]
    assert said.startswith("single precision (line 5 and 1 further lines) is too coarse")


@pytest.mark.parametrize(
    ("text", "double"),
    [
        ("from numpy import float32, zeros", "from numpy import float64 as float32, zeros as zeros"),
        ("x.astype('f4')", "x.astype('float64')"),
        ("half = np.half(1) + self.single", "half = np.float64(1) + self.single"),
        ("mode = 'half'", "mode = 'half'"),
        ("np.frombuffer(f.read(), np.float32)", "np.frombuffer(f.read(), np.float32)"),
        ("def half(a): return single(a.b.half)", "def half(a):\n    return single(a.b.half)"),
    ],
)
def test_numpys_names_are_those_of_double_precision_but_where_bytes_are_read(text, double):
    assert ast.unparse(DoublePrecision().visit(ast.parse(text))) == double


def test_a_file_in_double_precision_says_nothing_and_one_that_is_no_python_neither():
    assert told(Source((Part("net.py", "x = np.zeros(3)"), Part("net.py", "x = ('float32'")))) == []
    cells = Source((Part("net.ipynb, cell 2", "x = np.zeros(3, np.float32)"),))
    assert told(cells)[0].startswith("single precision (cell 2, line 1)")
