"""A cause tells no change that is right with one value of a setting alone."""

import numpy as np
import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.layer import check_layer
from chainrule.gradcheck.repair.told_changes import settings_beside
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only

CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)

MEAN = """
import numpy as np

class Mean:
    def __init__(self, size={size}):
        self.size = size

    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), self.size, -1).sum(axis=2) / {by}

    def backward(self, dout):
        return np.repeat(dout, self.shape[1] // self.size, axis=1)
"""


@pytest.mark.parametrize(("size", "by", "is_told"), [(2, "self.size", False), (3, "2", True)])
def test_what_writes_out_a_setting_is_not_told(size, by, is_told, tmp_path):
    path = tmp_path / "mean.py"
    path.write_text(MEAN.format(size=size, by=by))
    (cause,) = check_only(path, CONDITIONS)[0].causes
    assert cause.name == "wrong-factor"
    assert cause.repair.startswith("write ") == is_told


def in_parts(x, parts=3):
    return x / parts, parts


def whole(dout, cache):
    return dout


def test_nor_is_it_where_the_functions_are():
    (cause,) = check_layer(in_parts, whole, np.random.default_rng(0).normal(size=(4, 6))).causes
    assert not cause.repair.startswith("write ")


def test_what_no_file_holds_has_no_settings():
    assert not settings_beside(np.sin)
    assert ("parts", 3) in [(number.name, number.value) for number in settings_beside(whole)]
