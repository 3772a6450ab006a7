"""Arrays without a gradient: what nothing depends on whose gradient comes from above needs none."""

from support.layers import checked, read

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


SCALED = """
class Scaled:
    def __init__(self, n_in, n_out):
        self.W, self.scale = np.random.randn(n_in, n_out), np.ones(n_out)
        self.tilt, self.mean_seen, self.mask = np.linspace(1, 2, n_out), np.zeros(n_out), np.ones(n_out)
    def forward(self, x):
        self.mask = 1.0 * (self.mask * np.abs(x).max() > 0)
        self.mean_seen = 0.9 * self.mean_seen + x.mean()
        self.x = x
        return x @ self.W * self.scale * self.tilt * self.mask + 0 * self.mean_seen
    def backward(self, d):
        self.dW = self.x.T @ (d * self.tilt * self.scale)
        return d * self.tilt * self.scale @ self.W.T
"""


def test_an_array_of_the_object_that_moves_its_output_needs_one_but_no_table_and_nothing_that_it_writes_itself():
    assert checked(SCALED)[1].unchecked == ("the gradient of scale",)


SKIP = """
class Skip:
    def forward(self, x, skip):
        self.x = x
        return np.maximum(x, 0) + skip
    def backward(self, d):
        return d * (self.x > 0)
"""


def test_a_second_input_needs_one():
    assert checked(SKIP)[1].unchecked == ("the gradient of skip",)
    assert checked(SKIP.replace("self.x > 0)", "self.x > 0), d"))[1].unchecked == ()


LISTS = """
class Net:
    def __init__(self, n_in, n_out):
        self.W, self.b, self.V = np.ones((n_in, n_out)), np.ones(n_out), np.ones((n_out, n_out))
    def forward(self, x):
        self.x, self.h = x, np.tanh(x @ self.W + self.b)
        return self.h @ self.V
    def backward(self, d):
        g = d @ self.V.T * (1 - self.h**2)
        return [[self.x.T @ g, self.h.T @ d], [g.sum(axis=0), d.sum(axis=0)[:1]]]
"""


def test_what_is_returned_and_cannot_be_told_is_said_to_be_so():
    ((reading,), _) = read(LISTS)
    assert reading.why == "its backward pass returns arrays whose parameters cannot be told"


STEP = """
def step_forward(x, h_prev, Wx, Wh):
    h = np.tanh(x @ Wx + h_prev @ Wh)
    return h, (x, h_prev, Wx, Wh, h)
def step_backward(dh, cache):
    x, h_prev, Wx, Wh, h = cache
    da = dh * (1 - h**2)
    return {"dx": da @ Wx.T, "dh_prev": da @ Wh.T, "dWx": x.T @ da, "dWh": h_prev.T @ da}
"""


def test_a_state_needs_one():
    assert checked(STEP)[1].unchecked == ()
    assert checked(STEP.replace('"dh_prev": da @ Wh.T, ', ""))[1].unchecked == ("the gradient of h_prev",)


BASE = """
class Base:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)

class Square(Base):
    def forward(self, x):
        self.x = x
        return x**2USED
    def backward(self, d):
        return 2 * self.x * d
"""


def test_parameters_that_a_base_makes_and_nothing_uses_need_none():
    assert checked(BASE.replace("USED", ""))[1].unchecked == ()
    assert checked(BASE.replace("USED", " + self.b.sum()"))[1].unchecked == ("the gradient of b",)
