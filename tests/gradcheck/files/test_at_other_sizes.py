"""A gradient with a change in it, held against its cost with other sizes."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest

from chainrule.errors import MisfitError
from chainrule.gradcheck.files import appended_adapters
from chainrule.gradcheck.files import at_other_sizes as other_sizes
from chainrule.gradcheck.files.at_other_sizes import AtOtherSizes
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram

ROOT_MEAN = """
import numpy as np

def rms(x, g):
    r = 1 / np.sqrt((x ** 2).mean(-1, keepdims=True) + 1e-6)
    return x * r * g, (x, r, g)

def rms_back(dy, cache):
    x, r, g = cache
    dg = (dy * x * r).sum((0, 1))
    dn = dy * g
    dx = dn * r - x * r ** 3 * (dn * x).sum(-1, keepdims=True) / {}
    return dx, dg
"""

ADAPTER = """
def chainrule_check(rng):
    x, g, R = rng.normal(size=(2, 4, 3)), rng.normal(size=3), rng.normal(size=(2, 4, 3))
    return dict(parameters=dict(x=x, g=g), data=(R,), cost=lambda x, g, R: np.vdot(R, rms(x, g)[0]),
                gradient=lambda x, g, R: dict(zip("xg", rms_back(R, rms(x, g)[1]))))
"""


OFFSETS = """
def shifted(x, b):
    return x + b[:len(x)], len(x)

def shifted_back(dy, count):
    return dy, {} * dy[:count]

def chainrule_check(rng):
    x, b, R = rng.normal(size=4), rng.normal(size=4), rng.normal(size=4)
    return dict(parameters=dict(x=x, b=b), data=(R,), cost=lambda x, b, R: R @ shifted(x, b)[0],
                gradient=lambda x, b, R: dict(zip("xb", shifted_back(R, len(x)))))
"""


STEPS = """
import numpy as np

def steps(x, w):
    hs = [np.zeros(1)]
    for each in x:
        hs.append(np.tanh(each + w * hs[-1]))
    return np.concatenate(hs[1:]), hs

def steps_back(dy, hs, w):
    dx, dw, error = np.zeros(len(dy)), 0 * w, 0 * w
    for t in reversed(range(len(dy))):
        da = (dy[t] + error) * (1 - hs[t + 1] ** 2)
        dx[t], dw, error = da[0], dw + da * hs[t], {} * w
    return dx, dw

def chainrule_check(rng):
    x, w, R = rng.normal(size=2), rng.normal(size=1), rng.normal(size=2)
    return dict(parameters=dict(x=x, w=w), data=(R,), cost=lambda x, w, R: R @ steps(x, w)[0],
                gradient=lambda x, w, R: dict(zip("xw", steps_back(R, steps(x, w)[1], w))))
"""


NEAR = """
def near(a, b):
    return ((a - b) ** 2).sum()

def near_back(a, b):
    d = 2 * (a - b)
    return {}, -d

def chainrule_check(rng):
    a, b = rng.normal(size=(3, 1)), rng.normal(size=(3, 4))
    return dict(parameters=dict(a=a, b=b), data=(), cost=near, gradient=lambda a, b: dict(zip("ab", near_back(a, b))))
"""


def at_other_sizes(path, right):
    @contextlib.contextmanager
    def runs(contents):
        copy = path.parent / "copy" / "net.py"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(contents[path])
        remote = RemoteProgram(copy, Limits(60))
        with remote:
            yield remote

    return AtOtherSizes(path, Recognised.by_own_adapter("chainrule_check", ""), runs, right, fits=True)


def test_a_number_that_is_a_size_there_is_none_elsewhere(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(ROOT_MEAN.format(4) + ADAPTER)
    at = at_other_sizes(path, {"g"})
    text = path.read_text()
    assert at.right_with({path: text.replace("/ 4", "/ 3").encode()}) is None
    right = at.right_with({path: text.replace("/ 4", "/ x.shape[-1]").encode()})
    assert len(right) > 1
    assert 3 not in set.intersection(*right)


def test_sizes_with_which_no_gradient_fits_are_none_of_a_file_whose_own_do(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(OFFSETS.format(2))
    assert at_other_sizes(path, {"x"}).right_with({path: OFFSETS.format(1).encode()})


def test_a_sum_along_an_axis_that_is_broadcast_is_another_where_that_is_filled(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(NEAR.format("a"))
    at = at_other_sizes(path, {"b"})
    assert at.right_with({path: NEAR.format("0 * a + d.sum(axis=1, keepdims=True)").encode()}) is None
    # Where it has to be one entry, no other number fits.
    assert at.right_with({path: NEAR.format("d.sum(axis=1, keepdims=True)").encode()})


def test_what_is_right_for_two_steps_alone_is_no_repair_where_more_run(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(STEPS.format("dy[t]"))
    at = at_other_sizes(path, {"w"})
    assert at.right_with({path: STEPS.format("dy[t] * (1 - hs[t + 1] ** 2)").encode()}) is None
    assert at.right_with({path: STEPS.format("da").encode()}) is not None


@pytest.mark.parametrize(("fitted", "right"), [(False, []), (True, None)])
def test_sizes_with_which_it_fitted_before_are_the_files(fitted, right, tmp_path, monkeypatch):
    path = tmp_path / "net.py"
    path.write_text(ROOT_MEAN + ADAPTER)

    def compared(contents, name):
        if b"changed" in contents[path] or not fitted:
            raise MisfitError("the gradient of x: has another shape")
        return SimpleNamespace(verdict="wrong", names_not_right=["x"])

    for module in (other_sizes, appended_adapters):
        monkeypatch.setattr(module, "compared", compared)
    gradient = Recognised.by_own_adapter("chainrule_check", "")
    at = AtOtherSizes(path, gradient, contextlib.nullcontext, {"g"}, fits=True)
    assert at.right_with({path: b"# changed"}) == right
