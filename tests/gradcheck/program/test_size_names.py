"""What sizes are called."""

import pytest

from chainrule.gradcheck.program.size_names import counted_size, is_alphabet, is_text, size_role
from chainrule.gradcheck.program.spoken import spoken


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("seq_length", "steps"),
        ("T", "steps"),
        ("num_steps", "steps"),
        ("vocab_size", "vocabulary"),
        ("n_chars", "vocabulary"),
        ("hidden_size", "hidden size"),
        ("state_size", "hidden size"),
        ("state", "seed"),
        ("hidden_size_list", "hidden sizes"),
        ("nodes_list", "widths"),
        ("list_of_sizes", "widths"),
        ("filter_dimension", "kernel"),
        ("number_of_output_channels", "output channels"),
        ("in_ch", "input channels"),
        ("out_chans", "output channels"),
        ("number_of_filters", "output channels"),
        ("t", None),
        ("text", None),
    ],
)
def test_sizes_of_sequences_alphabets_and_filters_are_told_by_name(name, role):
    assert size_role(name) == role


def test_a_size_that_may_be_an_array_is_not_counted():
    assert [name for name in ("n_hidden", "seq_length", "hidden", "T") if counted_size(name)] == [
        "n_hidden",
        "seq_length",
    ]


def test_an_alphabet_holds_characters_or_their_places():
    names = ("char_to_ind", "ind2char", "unique_chars", "vocab", "book", "char")
    assert [name for name in names if is_alphabet(name)] == [
        "char_to_ind",
        "ind2char",
        "unique_chars",
        "vocab",
        "char",
    ]


def test_beside_filters_single_letters_are_sizes_too():
    names = ("f", "nf", "n_p", "nh")
    assert [counted_size(name) for name in names[:3]] == [None] * 3
    token = spoken.set({"Fs": ("filters", None)})
    try:
        assert [size_role(name) for name in names] == ["kernel", "output channels", "patches", "hidden size"]
        assert [counted_size(name) for name in names[:3]] == ["kernel", "output channels", "patches"]
    finally:
        spoken.reset(token)
    assert size_role("f") is None


def test_texts_are_those_of_which_alphabets_are_made():
    names = ("book_data", "text", "train_text", "corpus", "data", "booked", "text_length")
    assert [name for name in names if is_text(name)] == ["book_data", "text", "train_text", "corpus"]
