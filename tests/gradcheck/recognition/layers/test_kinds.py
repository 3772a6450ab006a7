"""What arguments of layers are called."""

import pytest

from chainrule.gradcheck.recognition.layers.kinds import kind_of, may_be_left_out


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("x inputs", "inputs"),
        ("prev_h h0 c_prev h_prev hx", "state"),
        ("W_f Wxi Uz weight_ih W", "weights"),
        ("bz b_f bias_hh b", "bias"),
        ("mask attn_mask src_mask", "mask"),
        ("idx token_ids neg_samples outsideWordIdx", "indices"),
        ("seqs sentences docs", "sequences"),
        ("q k v stride", "other"),
    ],
)
def test_names_say_what_an_array_is(names, kind):
    assert {name: kind_of(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


def test_masks_and_states_may_be_left_out():
    assert [kind for kind in ("mask", "state", "weights", "other") if may_be_left_out(kind)] == [
        "mask",
        "state",
    ]
