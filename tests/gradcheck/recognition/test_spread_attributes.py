"""What a constructor makes attributes of."""

from dataclasses import replace
from typing import Any

import pytest

from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.spread_attributes import spread_attributes
from support.adapters import defined

COLUMNS = Convention()
X, Y, INTEGERS = (
    "rng.normal(size=(6, 7))",
    "np.eye(3)[:, rng.integers(3, size=7)]",
    "rng.integers(3, size=7)",
)


def given(reads, convention=COLUMNS):
    net = "class Net:\n    def __init__(self, data): self.own = 1\n    def cost(self):\n        "
    file = defined(f"{net}{reads}")
    return spread_attributes(file.constructors["Net"], convention, file)


@pytest.mark.parametrize(
    ("reads", "entries"),
    [
        ("return self.X_train @ self.Y_train", {"X_train": X, "Y_train": Y}),
        ("return self.X_val + self.X_test", {"X_val": X, "X_test": X}),
        ("return self.Y_train, self.y_train", {"Y_train": Y, "y_train": INTEGERS}),
        ("self.X_train = self.X_train - 1", {"X_train": X}),
        ("return self.batch_size * self.eta", {"batch_size": "7", "eta": "0.01"}),
        ("return self.own, self.cost(), self.quirk", {}),
    ],
)
def test_it_holds_what_is_read_and_never_set_as_far_as_names_tell(reads, entries):
    assert given(reads) == "{" + ", ".join(f"{name!r}: {value}" for name, value in entries.items()) + "}"


def test_the_characters_of_a_text_are_those_that_it_holds():
    steps = replace(COLUMNS, state="(K, 1)")
    made = given("return self.book_data[0], self.char_to_ind, self.ind_to_char", steps)
    names: dict[str, dict[str, Any]] = {}
    exec(f"held = {made}", names)
    held = names["held"]
    assert {held["ind_to_char"][held["char_to_ind"][c]] for c in held["book_data"]} == set("abc")
