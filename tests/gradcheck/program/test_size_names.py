"""What sizes are called."""

import pytest

from chainrule.gradcheck.program.size_names import counted_size, is_alphabet, size_role


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
        ("t", None),
        ("text", None),
    ],
)
def test_sizes_of_sequences_and_alphabets_are_told_by_name(name, role):
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
