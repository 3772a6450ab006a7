"""Layers that are given their settings in a dictionary."""

import pytest

from support.layers import checked, read

POOL = """
class pool:
    def __init__(self, pool_params):
        self.params = pool_params
    def windows(self, x):
        h, w, s = self.params["pool_height"], self.params["pool_width"], self.params["stride"]
        for i in range(0, x.shape[2] - h + 1, s):
            for j in range(0, x.shape[3] - w + 1, s):
                yield i // s, j // s, (..., slice(i, i + h), slice(j, j + w))
    def forward(self, input):
        *_, (i, j, _) = self.windows(input)
        out = np.empty((*input.shape[:2], i + 1, j + 1))
        kind = self.params["kind"]
        for i, j, window in self.windows(input):
            if kind == "max":
                out[..., i, j] = input[window].max(axis=(2, 3))
            elif kind == "avg":
                out[..., i, j] = input[window].mean(axis=(2, 3))
        return out
    def backward(self, out_grad, input):
        grad = np.zeros_like(input)
        kind = self.params["kind"]
        for i, j, window in self.windows(input):
            part, up = input[window], out_grad[..., i : i + 1, j : j + 1]
            if kind == "max":
                grad[window] += (part == part.max(axis=(2, 3), keepdims=True)) * up
            elif kind == "avg":
                grad[window] += np.ones_like(part) / part[0, 0].size * up
        return grad
"""

DENSE = """
class Dense:
    def __init__(self, cfg):
        n_in, n_out = cfg["n_in"], cfg["n_out"]
        self.W, self.slope = np.random.randn(n_in, n_out), cfg["slope"]
    def forward(self, x):
        self.x = x
        self.z = x @ self.W
        return np.where(self.z > 0, self.z, self.slope * self.z)
    def backward(self, d):
        d = np.where(self.z > 0, d, self.slope * d)
        self.dW = self.x.T @ d
        return d @ self.W.T
"""

LAYERS = {
    "windows": (POOL, "return grad", "return 2 * grad"),
    "sizes": (DENSE, "self.x.T @ d", "2 * self.x.T @ d"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_what_is_looked_up_in_a_dictionary_is_given_like_an_argument(name, wrong):
    text, right, mistake = LAYERS[name]
    assert right in text
    outcome, reading = checked(text.replace(right, mistake) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_the_settings_in_it_are_tried_otherwise_too():
    tried = {variant.varied.format(variant.value) for variant in checked(POOL)[1].variants if variant.text}
    assert {"stride of 2", "kind of 'avg'"} <= tried


SCALED = """
class Scaled:
    def __init__(self, cfg):
        self.f = cfg["factor"]
    def forward(self, x):
        return x * self.f
    def backward(self, d):
        return d * self.f
layer = Scaled({"factor": 2.5})
"""


@pytest.mark.parametrize(("given", "verdict"), [("d * self.f", "right"), ("2 * d * self.f", "wrong")])
def test_what_the_file_itself_has_in_it_comes_first(given, verdict):
    outcome, reading = checked(SCALED.replace("d * self.f", given))
    assert outcome.verdict == verdict
    assert any("'factor': 2.5" in note for note in reading.notes)


def test_it_is_said_where_no_value_is_known():
    text = SCALED.partition("layer =")[0].replace('cfg["factor"]', 'cfg["factor"].value')
    (reading,), _ = read(text)
    assert reading.why.endswith("; no value is known for 'factor'")


ARGS = """
class Leaky:
    def __init__(self, args):
        self.args = args
        self.W = np.random.randn(args.n_in, args.n_out)
    def forward(self, x):
        self.x = x
        self.z = x @ self.W
        return np.where(self.z > 0, self.z, self.args.slope * self.z)
    def backward(self, d):
        d = np.where(self.z > 0, d, self.args.slope * d)
        self.dW = self.x.T @ d
        return d @ self.W.T
"""

PASSED = """
def soft_forward(x, args):
    return x / args.temperature, args
def soft_backward(dout, args):
    return dout / args.temperature
"""


@pytest.mark.parametrize(
    ("text", "right", "mistake"),
    [
        (ARGS, "self.args.slope * d", "d"),
        (ARGS, "self.x.T @ d", "2 * self.x.T @ d"),
        (PASSED, "dout / args", "dout * args"),
    ],
)
def test_an_object_of_settings_is_given_what_is_read_of_it(text, right, mistake):
    assert checked(text)[0].right
    assert checked(text.replace(right, mistake))[0].verdict == "wrong"


def test_what_stands_in_such_an_object_is_told():
    assert any("args.temperature 2.0" in note for note in checked(PASSED)[1].notes)
    assert any("Namespace(**{'n_in': 6, 'n_out'" in note for note in checked(ARGS)[1].notes)
