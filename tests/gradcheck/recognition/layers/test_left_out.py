"""Arrays without a gradient: what nothing depends on whose gradient comes from above needs none."""

from support.layers import checked

CELL = """
def cell_forward(x, a_prev, parameters):
    W, b, Wy = parameters["W"], parameters["b"], parameters["Wy"]
    a_next = np.tanh(W @ np.concatenate((a_prev, x)) + b)
    return a_next, Wy @ a_next, (x, a_prev, a_next, parameters)

def cell_backward(da_next, cache):
    x, a_prev, a_next, parameters = cache
    dz = da_next * (1 - a_next**2)
    d = parameters["W"].T @ dz
    n = len(a_prev)
    dW, db = dz @ np.concatenate((a_prev, x)).T, dz.sum(axis=1, keepdims=True)
    return {"dx": d[n:], "da_prev": d[:n], "dW": dW, "db": db}
"""


def test_what_only_a_prediction_is_made_with_needs_no_gradient():
    outcome, reading = checked(CELL)
    assert outcome.right
    assert not reading.unchecked
    assert any("no gradient of Wy" in note for note in reading.notes)


def test_what_the_state_is_made_with_needs_one():
    without = CELL.replace(', "db": db', "")
    assert checked(without)[1].unchecked == ("the gradient of b",)
