"""The arrays that an argument may be."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers.drawn_arrays import arrays_of, records


def drawn(kind, **options):
    texts = arrays_of(kind, [11], **{"single": False} | options)
    names = {"np": np, "rng": np.random.default_rng(0)}
    return [eval(text.format(np="np"), names) for text in texts]  # noqa: S307


@pytest.mark.parametrize(
    "kind", ["inputs", "other", "weights", "bias", "scale", "state", "mask", "indices", "labels"]
)
def test_every_kind_can_be_drawn(kind):
    assert len(drawn(kind)) > 4


def test_masks_hide_some_entries_of_every_row_and_not_all():
    for mask in drawn("mask"):
        assert {*np.unique(mask)} == {0, 1}
        assert mask.shape[-1] == 1 or np.all((mask.mean(axis=-1) > 0) & (mask.mean(axis=-1) < 1))
        assert mask.shape[-2:] != (7, 7) or np.any(mask != np.swapaxes(mask, -1, -2))


def test_states_may_have_the_sizes_of_an_object():
    assert (2, 11) in {array.shape for array in drawn("state")}


def test_single_samples_and_scores_have_shapes_of_their_own():
    assert {len(array) for array in drawn("inputs", single=True)} & {2} == {2}
    assert drawn("inputs", of_loss=True)[0].shape == (2, 7, 3)


def test_sequences_have_several_lengths_and_words_twice():
    for sequences in drawn("sequences"):
        assert len({word for words in sequences for word in words}) < sum(map(len, sequences))


def test_tuples_pick_entries_of_their_own_some_of_them_twice():
    pairs = eval(records(["index", "indices", "number"]))  # noqa: S307
    firsts = [first for first, _, _ in pairs]
    assert len({*firsts}) < len(firsts) == 5
    assert all(isinstance(several, list) and isinstance(number, float) for _, several, number in pairs)
