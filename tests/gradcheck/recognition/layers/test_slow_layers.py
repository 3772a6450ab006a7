"""Layers that go through images pixel by pixel."""

import pytest

from support.layers import checked

LOOPS = """
def conv_forward(x, w):
    n, c, high, wide = x.shape
    out = np.zeros((n, len(w), high - 2, wide - 2))
    for m in range(n):
        for f in range(len(w)):
            for i in range(high - 2):
                for j in range(wide - 2):
                    for k in range(c):
                        out[m, f, i, j] += (x[m, k, i : i + 3, j : j + 3] * w[f, k]).sum()
    return out, (x, w)
def conv_backward(dout, cache):
    x, w = cache
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, i : i + 3, j : j + 3] += np.einsum("nf,fcij->ncij", dout[:, :, i, j], w)
            dw += np.einsum("nf,ncij->fcij", dout[:, :, i, j], x[:, :, i : i + 3, j : j + 3])
    return dx, dw
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_smaller_images_are_taken_where_it_takes_long(wrong):
    outcome, reading = checked(LOOPS.replace("3] += np", "3] = np") if wrong else LOOPS)
    assert outcome.verdict == ("wrong" if wrong else "right")
    assert "x (2, 3, 4, 5)" in reading.notes[0]
    assert "it takes long: smaller images were taken" in reading.notes
