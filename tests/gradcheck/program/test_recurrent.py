"""What names mean beside those of a recurrent net."""

import pytest

from chainrule.gradcheck.program.recurrent import is_first_state, is_vague_state, recurrent_names

IN, STEP, OUT = ("weights", 1), ("recurrent", 1), ("weights", 2)


@pytest.mark.parametrize(
    "names",
    [
        "U W V b c",
        "u w v b c",
        "rnn_U rnn_W rnn_V rnn_b rnn_c",
        "Wxh Whh Why bh by",
        "W_xh W_hh W_hy b_h b_y",
        "W_ih W_hh W_ho b_h b_o",
        "Wx Wh Wy bh by",
        "Wax Waa Wya ba by",
        "weights_input weights_recurrent weights_output bias_hidden bias_output",
    ],
)
def test_parameters_are_told_by_letters_or_by_what_they_lead_from_and_to(names):
    told = recurrent_names(names.split())
    assert [told[name] for name in names.split()] == [IN, STEP, OUT, ("bias", 1), ("bias", 2)]


@pytest.mark.parametrize(
    "names", ["W1 b1 W2 b2 h", "W b h", "W V b c h0", "u W v b", "W_ih W_ho b_h b_o h", "Wx Wy"]
)
def test_without_weights_from_step_to_step_names_mean_what_they_mean_elsewhere(names):
    assert recurrent_names(names.split()) == {}


@pytest.mark.parametrize(
    "name",
    ["h0", "hprev", "h_prev", "prev_h", "hidden_state", "init_state", "a0", "H", "h", "ph", "previous_state"],
)
def test_the_state_before_the_first_step_is_called_so(name):
    assert recurrent_names(["U", "W", "V", name])[name] == ("state", None)


@pytest.mark.parametrize("name", ["sequence", "input_sequence", "text"])
def test_what_goes_in_step_by_step_is_called_so(name):
    assert recurrent_names(["U", "W", "V", name])[name] == ("inputs", None)


@pytest.mark.parametrize("name", ["X", "Y", "P", "eta", "grads", "dh_next", "seq_length"])
def test_other_names_are_no_states(name):
    assert name not in recurrent_names(["U", "W", "V", name])


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        ("Wf Wi Wo Wc", "gate"),
        ("W_f W_i W_o W_g", "gate"),
        ("Wz Wr Wh", "gate"),
        ("Wu Wr Wc", "gate"),
        ("Wz Wr Wh Uz Ur Uh", "weights recurrent"),
        ("W_xi W_xf W_xo W_xg W_hi W_hf W_ho W_hg", "weights recurrent"),
    ],
)
def test_nets_with_gates_have_an_array_of_each_kind_for_each_of_them(names, roles):
    told = recurrent_names(
        [*names.split(), "Wy", "by", "bf", "bi", "bo", "bz", "br", "bh", "h_prev", "C_prev"]
    )
    assert list(dict.fromkeys(told[name][0] for name in names.split())) == roles.split()
    assert {told[name][1] for name in names.split()} == {1}
    assert [told[name] for name in ("Wy", "by", "h_prev", "C_prev")] == [
        ("weights", 2),
        ("bias", 2),
        ("state", None),
        ("cell", None),
    ]


def test_a_gate_too_few_is_none():
    assert recurrent_names(["Wf", "Wi", "Wc", "Wy", "bf"]) == {}


def test_what_may_be_the_states_of_all_steps_is_vague():
    assert [name for name in ("h", "H", "hs", "hidden", "h0", "hprev") if is_vague_state(name)] == [
        "h",
        "H",
        "hs",
        "hidden",
    ]


def test_what_is_the_state_before_a_step_is_not():
    names = ("h", "H", "hs", "h0", "hprev", "H_prev", "x0")
    assert [name for name in names if is_first_state(name)] == ["h0", "hprev", "H_prev"]
