"""Sizes that constructors ask for by their names."""

import pytest

from chainrule.gradcheck.recognition.layers.named_sizes import (
    features_of,
    heads_of,
    number_of_heads,
    side,
    size_of_images,
    sizes_by_name,
    windows,
)
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from support.adapters import defined
from support.layers import checked, read

ROWS, STEPS = LayerShapes(7, (7, 6), features=(6,)), LayerShapes(2, (2, 7, 8), features=(8,))
IMAGES = LayerShapes(2, (2, 3, 5, 7))


def constructor(arguments):
    return defined(f"class Layer:\n    def __init__(self, {arguments}): ...").constructors["Layer"]


@pytest.mark.parametrize(
    ("arguments", "heads"),
    [("d, n_head", {"n_head": "2"}), ("d, heads, group", {"heads": "4", "group": "2"}),
     ("d, n_heads, n_kv_heads", {"n_heads": "4", "n_kv_heads": "2"}), ("d, k", {})],
)  # fmt: skip
def test_heads_in_groups_are_several_in_each(arguments, heads):
    of = constructor(arguments)
    assert {name: number_of_heads(name, of) for name in heads_of(of)} == heads


def test_features_are_divided_among_heads_so_that_each_has_several():
    one, two = constructor("d, heads"), constructor("d, heads, groups")
    three = ROWS._replace(features=(3,))
    assert [features_of(layout, one) for layout in (three, ROWS, STEPS)] == [[], ["6"], ["8"]]
    assert [features_of(layout, two) for layout in (ROWS, STEPS)] == [[], ["8"]]
    assert features_of(three, constructor("d")) == ["3"]


def test_sizes_of_no_usual_role_are_told_by_their_names():
    names = ("n_embd", "classes", "blocks", "what")
    assert [sizes_by_name(n, constructor(", ".join(names)), ROWS) for n in names] == [["6"], ["3"], ["2"], []]


def test_images_say_how_high_and_wide_they_are():
    assert [size_of_images(n, IMAGES) for n in ("image_size", "height", "c", "d")] == ["(5, 7)", "5", "3", ""]
    assert [side(n) for n in ("k_h", "k_w", "n")] == ["3", "2", ""]
    assert windows("kernel_shape", IMAGES) == ["(3, 3, 3)", "(3, 3)"]


NORM = """
class Norm:
    def __init__(self, n):
        self.gain = np.ones(n)
    def forward(self, x):
        self.x = x
        return x * self.gain
    def backward(self, dy):
        self.dgain = (dy * self.x).sum(axis=0)
        return dy * self.gain
Norm(16)
"""


def test_the_files_own_inputs_may_be_of_another_size():
    assert checked(NORM)[0].right
    assert checked(NORM.replace("return dy", "return 2 * dy"))[0].verdict == "wrong"


GROUPED = """
class Grouped:
    def __init__(self, d, heads, group):
        assert heads % group == 0
        self.h, self.g = heads, group
        self.W = np.random.randn(heads // group, d // heads)
    def __call__(self, x):
        n, t, d = x.shape
        self.q = x.reshape(n, t, self.h, d // self.h)
        return (self.q * np.repeat(self.W, self.g, axis=0)).reshape(n, t, d)
    def grad(self, dy):
        d = dy.reshape(self.q.shape)
        dW = (d * self.q).sum(axis=(0, 1)).reshape(-1, self.g, self.W.shape[1]).sum(axis=1)
        return (d * np.repeat(self.W, self.g, axis=0)).reshape(dy.shape), {"W": dW}
"""


def test_what_groups_and_heads_have_in_common_hides_no_mistake():
    assert checked(GROUPED)[0].right
    wrong = GROUPED.replace(
        "(-1, self.g, self.W.shape[1]).sum(axis=1)", "(self.g, -1, self.W.shape[1]).sum(axis=0)"
    )
    assert checked(wrong)[0].verdict == "wrong"


def test_a_gain_called_g_is_no_number_of_groups():
    text = "def norm_forward(x, g): return x * g, (x, g)\n"
    text += "def norm_backward(d, c):\n    x, g = c\n    return d * g, (d * x).sum(0)"
    (reading,), _ = read(text)
    assert "g_ (6,)" in reading.notes[0]
    assert checked(text.replace("d * x", "d * g"))[0].verdict == "wrong"


HEADS = """
class Heads:
    def __init__(self, dim=256, num_heads=4, seq_len=16):
        self.each = [np.random.randn(dim, dim // num_heads) for _ in range(num_heads)]
        self.mask = np.tril(np.ones((seq_len, seq_len)))
    def forward(self, x):
        self.x = x
        return self.mask @ np.concatenate([x @ W for W in self.each], axis=1)
    def backward(self, dout):
        d = np.split(self.mask.T @ dout, len(self.each), axis=1)
        self.grads = [self.x.T @ one for one in d]
        return sum(one @ W.T for one, W in zip(d, self.each))
"""


def test_heads_divide_the_features_of_the_inputs_where_these_are_many_by_default():
    outcome, reading = checked(HEADS)
    assert outcome.right
    assert "Heads(dim=6, num_heads=2, seq_len=7)" in reading.notes[0]


SQUEEZED = """
class Squeeze:
    SMOOTH = "smooth"
    PLAIN = "plain"

    def __init__(self, encoder_sizes, latent_size, decoder_sizes, kind):
        sizes = [*encoder_sizes, latent_size, *decoder_sizes]
        self.Ws, self.kind = [np.random.randn(n, m) / n for n, m in zip(sizes, sizes[1:])], kind
    def bend(self, z):
        if self.kind == Squeeze.SMOOTH:
            return np.tanh(z)
        if self.kind == self.PLAIN:
            return z
        raise ValueError(self.kind)
    def slope(self, z):
        return 1 - np.tanh(z) ** 2 if self.kind == self.SMOOTH else np.ones_like(z)
    def forward(self, x):
        self.xs, self.zs = [x], []
        for W in self.Ws:
            self.zs.append(self.xs[-1] @ W)
            self.xs.append(self.bend(self.zs[-1]))
        return self.xs[-1]
    def backward(self, back):
        self.dWs = []
        for W, x, z in zip(self.Ws[::-1], self.xs[-2::-1], self.zs[::-1]):
            back = back * self.slope(z)
            self.dWs.insert(0, x.T @ back)
            back = back @ W.T
        return back
"""


@pytest.mark.parametrize(("handed", "verdict"), [("back @ W.T", "right"), ("back @ W.T / 2", "wrong")])
def test_an_autoencoder_is_made_of_the_sizes_of_both_parts_and_of_a_text_that_a_constant_holds(
    handed, verdict
):
    outcome, reading = checked(SQUEEZED.replace("back @ W.T", handed))
    assert outcome.verdict == verdict
    assert "kind='smooth'" in reading.notes[0]
