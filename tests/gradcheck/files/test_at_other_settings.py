"""A gradient with a change in it, held against its cost with other settings."""

from __future__ import annotations

import contextlib

import pytest

from chainrule.gradcheck.files.at_other_settings import AtOtherSettings
from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram

POOLING = """
import numpy as np

def pool(x, size=2):
    n, h, w = x.shape
    {}
    return x.reshape(n, h // size, size, w // size, size).mean(axis=(2, 4)), size

def pool_back(dout, size):
    dx = np.repeat(np.repeat(dout, size, axis=1), size, axis=2)
    return dx

def chainrule_check(rng):
    x, R = rng.normal(size=(3, 4, 8)), rng.normal(size=(3, 2, 4))
    return dict(parameters=dict(x=x), data=(), cost=lambda x: np.vdot(dout(x), pool(x)[0]),
                gradient=lambda x: pool_back(dout(x), pool(x)[1]))

def dout(x):
    shape = pool(x)[0].shape
    return np.cos(np.arange(np.prod(shape))).reshape(shape)
"""

IN_BOTH_WAYS = (
    POOLING.replace("size=2", "size=(2, 2)")
    .replace("h // size, size, w // size, size", "h // size[0], size[0], w // size[1], size[1]")
    .replace("size, axis=1", "size[0], axis=1")
    .replace("size, axis=2", "size[1], axis=2")
)

BY_DEFAULT = POOLING.replace("(dout, size)", "(dout, size=2)").replace("(dout(x), pool(x)[1])", "(dout(x))")


@pytest.mark.parametrize(
    ("text", "after", "holds"),
    [
        (BY_DEFAULT.format(""), "dx / size ** 2", True),
        (BY_DEFAULT.format(""), "dx / 4", False),
        (POOLING.format(""), "0.25 * dx", False),
        (POOLING.format(""), "dx / size ** 2", True),
        (POOLING.format("assert size == 2"), "0.25 * dx", True),
        (POOLING.replace("size=2", "size=2, rows=4").format(""), "dx / (size * 2)", False),
        (
            POOLING.replace("size=2", "size=3").replace("4, 8", "6, 9").format(""),
            "(dx + dx / size) / 12",
            False,
        ),
        (IN_BOTH_WAYS.format(""), "dx / size[0] ** 2", False),
        (IN_BOTH_WAYS.format(""), "dx / (size[0] * size[1])", True),
    ],
    ids=[
        "the default of both passes",
        "the default written out",
        "written out",
        "named",
        "no other runs",
        "in part",
        "made up of a number that was there",
        "equal",
        "each",
    ],
)
def test_a_setting_that_is_written_out_is_wrong_with_another(text, after, holds, tmp_path):
    path = tmp_path / "net.py"
    path.write_text(text)

    @contextlib.contextmanager
    def runs(contents):
        copy = tmp_path / "copy" / "net.py"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(contents[path])
        with RemoteProgram(copy, Limits(60)) as remote:
            yield remote

    def with_edits(text):
        return lambda edits: {path: applied(text, edits).encode()}

    patches = [Patch(0, "scale", SourceLine("net.py", 1, "return dx"), f"return {after}")]
    at = AtOtherSettings(path, Recognised.by_own_adapter("chainrule_check", ""), runs)
    changed = text.replace("return dx", f"return {after}")
    assert at.holds(patches, with_edits(changed), with_edits(text)) is holds
