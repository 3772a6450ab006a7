"""Files written for CuPy are run with NumPy where there is no CuPy."""

from pathlib import Path

import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.loading import cupy
from chainrule.gradcheck.program.source import of_content
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only

LAYER = """import cupy as cp
from cupy.lib.stride_tricks import sliding_window_view

class Dense:
    def __init__(self, n_in, n_out):
        self.W = cp.random.randn(n_in, n_out)
    def forward(self, x):
        self.x = cp.asarray(x)
        return cp.tanh(self.x @ self.W)
    def backward(self, dout):
        d = cp.asnumpy(dout) * (1 - cp.tanh(self.x @ self.W) ** 2)
        self.dW = self.x.T @ d
        return d @ self.W.T
"""


@pytest.fixture(autouse=True)
def without_cupy(monkeypatch):
    monkeypatch.setattr(cupy, "find_spec", lambda name: None)


def with_numpy(text):
    return cupy.with_numpy(of_content(Path("net.py"), text.encode()))


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("import cupy as cp\ncp.asnumpy(cp.ones(2))", "import numpy as cp\ncp.array(cp.ones(2))"),
        ("import cupy\nx = cupy.zeros(3)  # cupy.", "import numpy as cupy\nx = cupy.zeros(3)  # cupy."),
        ("import cupy.linalg, os", "import numpy.linalg, numpy as cupy, os"),
        ("import cupy.linalg as la", "import numpy.linalg as la"),
        ("from cupy import (\n    asnumpy, exp)", "from numpy import (\n    array as asnumpy, exp)"),
        (
            "import cupy as cp\nprint('ä cp.asnumpy(x)', cp.asnumpy(x))",
            "import numpy as cp\nprint('ä cp.asnumpy(x)', cp.array(x))",
        ),
        ("def f():\n    from cupy import exp", "def f():\n    from numpy import exp"),
        ("from cupy.linalg import norm  # cupy", "from numpy.linalg import norm  # cupy"),
    ],
)
def test_numpy_is_imported_in_its_place(text, new):
    content = with_numpy(text)
    assert content.parts[0].text == new
    assert "NumPy stands in for it" in content.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np  # or cupy",
        "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np",
        "from .cupy import x",
        "import cupy as",
    ],
)
def test_what_does_not_need_it_is_left_alone(text):
    content = with_numpy(text)
    assert content.parts[0].text == text
    assert not content.notes


def test_where_it_is_it_is_used(monkeypatch):
    monkeypatch.setattr(cupy, "find_spec", lambda name: "here")
    assert with_numpy("import cupy").parts[0].text == "import cupy"


@pytest.mark.parametrize(("old", "verdict"), [("", "right"), ("1 - ", "wrong")])
def test_a_layer_for_the_device_is_checked(old, verdict, tmp_path):
    path = tmp_path / "layer.py"
    path.write_text(LAYER.replace(old, "") if old else LAYER)
    outcome, _ = check_only(path, Conditions(Limits(seconds=60), untrusted=False))
    assert outcome.verdict == verdict, str(outcome)
