"""Operations of an engine, each by itself."""

import pytest

from support.engines import NUMBERS, TENSORS
from support.layers import checked, read


@pytest.mark.parametrize(
    ("text", "count"),
    [(NUMBERS, {"__add__", "__mul__", "tanh"}), (TENSORS, {"__add__", "__mul__", "relu", "sum"})],
)
def test_each_operation_is_checked_by_itself_and_nothing_is_left(text, count):
    every, _ = read(text)
    names = {reading.functions[0].name for reading in every}
    assert count <= names
    assert not [reading.label for reading in every if not reading.text]
    for reading in every:
        assert checked(text, reading.label)[0].right, reading.label


@pytest.mark.parametrize(
    ("text", "label", "part", "wrong"),
    [
        (NUMBERS, "Zahl.tanh / Zahl.backward", "1 - t * t", "1 - t"),
        (NUMBERS, "Zahl.__mul__ / Zahl.backward", "self.grad += other.data", "self.grad = other.data"),
        (TENSORS, "Tensor.relu / Tensor.backward", "self.x > 0", "self.x > 1"),
        (TENSORS, "Tensor.__mul__ / Tensor.backward", "g * self.b, g * self.a", "g * self.a, g * self.b"),
    ],
)
def test_the_operation_that_is_wrong_is_the_one_that_is_called_so(text, label, part, wrong):
    assert text.count(part) == 1
    assert checked(text.replace(part, wrong), label)[0].verdict == "wrong"


def test_others_stay_right():
    text = NUMBERS.replace("1 - t * t", "1 - t")
    assert checked(text, "Zahl.__add__ / Zahl.backward")[0].right


def test_what_cannot_be_called_with_tensors_is_no_operation():
    more = "    def at(self, place):\n        return self.data[place]\n"
    assert {r.label for r in read(NUMBERS + more)[0]} == {r.label for r in read(NUMBERS)[0]}
