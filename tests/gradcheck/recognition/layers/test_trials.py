"""The adapters of one way to try a layer."""

from support.layers import checked, read

DROPPED = """
class Dropped:
    def forward(self, x):
        mask = np.random.rand(*x.shape) < 0.5
        return x * mask
    def backward(self, d):
        return d
"""


def test_what_is_handed_on_unchanged_is_excused_by_the_loss_that_follows_unless_something_was_drawn():
    assert checked(DROPPED)[0].verdict == "wrong"
    (reading,), _ = read(DROPPED.replace("np.random.rand(*x.shape) < 0.5", "1 / (1 + np.exp(-x))"))
    assert "the loss that follows may have done this layer's part" in reading.why


def test_what_is_drawn_excuses_nothing_less_where_the_layer_does_more_than_scale_or_shift_by_it():
    noisy = "np.exp(x + 0.1 * mask) / np.exp(x + 0.1 * mask).sum(axis=1, keepdims=True)"
    (reading,), _ = read(DROPPED.replace("return x * mask", f"return {noisy}"))
    assert "the loss that follows may have done this layer's part" in reading.why
