"""An adapter with other sizes."""

from __future__ import annotations

from chainrule.gradcheck.recognition.other_sizes import with_other_sizes

CONVOLUTION = """
def chainrule_check(rng):
    x, w = rng.normal(size=(2, 3, 5)), rng.normal(size=(4, 3, 3))
    return dict(parameters=dict(x=x, w=w), cost=lambda x, w: f(x, w)[0] + 8, gradient=lambda x, w: b(f(x, w))[2])
"""


def drawn(text):
    return text.splitlines()[1].strip()


def test_each_size_is_another_and_what_is_equal_alone_and_together():
    first = [drawn(group.texts[0]) for group in with_other_sizes(CONVOLUTION)]
    assert first[0] == "x, w = (rng.normal(size=(2, 6, 5)), rng.normal(size=(4, 6, 6)))"
    assert first[1] == "x, w = (rng.normal(size=(6, 3, 5)), rng.normal(size=(4, 3, 3)))"
    assert len(first) == len({*first})
    for both in (
        "x, w = (rng.normal(size=(2, 6, 5)), rng.normal(size=(4, 6, 3)))",
        "x, w = (rng.normal(size=(2, 3, 5)), rng.normal(size=(4, 6, 6)))",
    ):
        assert both in first


def test_numbers_of_functions_and_in_brackets_are_no_sizes():
    for group in with_other_sizes(CONVOLUTION):
        for text in group.texts:
            assert "f(x, w)[0] + 8" in text
            assert "b(f(x, w))[2]" in text


def test_labels_have_other_classes():
    text = "def chainrule_check(rng):\n    Y = np.eye(3)[rng.integers(3, size=7)]"
    texts = [drawn(group.texts[0]) for group in with_other_sizes(text)]
    assert "Y = np.eye(5)[rng.integers(5, size=7)]" in texts


def test_a_mask_has_the_sizes_of_what_it_masks_and_takes_every_other_entry_of_it():
    text = "def chainrule_check(rng):\n    x, m = rng.normal(size=(7, 2)), sum(np.ogrid[:7, :2]) % 2 == 1"
    texts = [drawn(group.texts[0]) for group in with_other_sizes(text)]
    assert "x, m = (rng.normal(size=(7, 4)), sum(np.ogrid[:7, :4]) % 2 == 1)" in texts
    assert all(text.endswith("% 2 == 1)") for text in texts)


def test_an_axis_of_one_entry_is_as_long_as_what_it_meets():
    text = "def chainrule_check(rng):\n    a, b = rng.normal(size=(6, 1)), rng.normal(size=(6, 4))"
    first, *others = with_other_sizes(text)
    assert (first.size, drawn(first.texts[0])) == (
        1,
        "a, b = (rng.normal(size=(6, 4)), rng.normal(size=(6, 4)))",
    )
    assert all(group.size > 1 for group in others)


def test_without_an_adapter_there_is_none():
    assert with_other_sizes("") == []


def test_a_step_is_tried_with_another_learning_rate():
    text = """
def chainrule_check(rng):
    X = rng.normal(size=(7, 6))
    rate = 1.0
    net = Net()
    return dict(parameters=net, data=(X,), cost=lambda net, X: net.loss(X), step=lambda net, X: net.step(X, rate))
"""
    first, *_ = with_other_sizes(text)
    assert first.size == 0
    (other,) = first.texts
    assert "rate = 2.0" in other
    assert "cost=lambda net, X: rate * net.loss(X), step=lambda net, X: net.step(X, rate)" in other
    assert all(group.size for group in with_other_sizes(text.replace("rate = 1.0", "pass")))
