"""What methods do to their object."""

import ast

import pytest

from chainrule.gradcheck.program.attributes import Attributes, attributes, mangled


def of(text: str, owner: str = "Net") -> Attributes:
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    return attributes(node, owner)


@pytest.mark.parametrize(
    ("body", "reads", "sets"),
    [
        ("return self.W @ X", ("W",), ()),
        ("self.P = X", (), ("P",)),
        ("self.W -= X", ("W",), ("W",)),
        ("self.a, self.b = X, self.c", ("c",), ("a", "b")),
        ("return self.forward(X)", ("forward",), ()),
        ("return other.W", (), ()),
    ],
)
def test_what_is_read_and_what_is_set(body, reads, sets):
    assert of(f"def f(self, X):\n    {body}")[:2] == (reads, sets)


def test_a_part_that_is_set_changes_the_whole():
    changed = of("def f(self, X):\n    self.W[0] = X\n    self.params['b'][1] -= X\n    X[0] = 1")
    assert changed[:3] == (("W", "params"), (), ("W", "params"))


def test_the_object_goes_by_the_name_of_the_first_argument():
    assert of("def f(net, self): return net.W + self.b").reads == ("W",)
    assert of("def f(): return self.W") == Attributes()


def test_private_names_are_those_that_the_object_keeps():
    assert of("def f(self): return self.__W").reads == ("_Net__W",)
    assert mangled("__W", "_Net") == "_Net__W"
    assert mangled("__len__", "Net") == "__len__"


def test_a_constructor_writes_down_what_needs_no_argument_that_must_be_given():
    made = of(
        "def __init__(self, d, lam=0.1, *, kind='relu'):\n"
        "    self.lam, rate = lam, 3\n    self.l2 = lam\n    self.kind = kind\n    self.d = d\n"
        "    self.K = 10\n    self.rate = rate\n    self.W = make(d)\n"
    )
    assert dict(made.constants) == {"lam": "0.1", "l2": "0.1", "kind": "'relu'", "K": "10"}


@pytest.mark.parametrize(
    ("value", "formula"),
    [
        ("len(self.sizes) - 1", "len({}) - 1"),
        ("len(sizes)", "len({})"),
        ("len(sizes) + 1", "len({}) + 1"),
        ("len(sizes) // 2", None),
        ("size(sizes) - 1", None),
    ],
)
def test_what_a_constructor_counts_has_a_formula(value, formula):
    counted = of(f"def __init__(self, sizes): self.sizes = sizes; self.k = {value}").counted
    assert counted == (() if formula is None else (("k", "sizes", formula),))


@pytest.mark.parametrize(
    ("body", "rates"),
    [
        ("self.W -= 0.01 * dW", (("W", "0.01"),)),
        ("eta = 1e-3\n    self.W = self.W - eta * dW", (("W", "0.001"),)),
        ("self.W -= self.eta * dW", ()),
        ("other.W -= 0.01 * dW", ()),
        ("eta = 0.1\n    self.W -= eta * dW\n    eta = 0.01", ()),
    ],
)
def test_a_rate_that_is_written_is_that_of_its_step(body, rates):
    assert of(f"def f(self, dW):\n    {body}").rates == rates


@pytest.mark.parametrize(
    ("body", "spread"),
    [
        ("for k, v in data.items(): setattr(self, k, v)", ("data",)),
        ("for k in data: setattr(self, k, data[k])", ("data",)),
        ("for k in data.keys(): setattr(self, k, data[k])", ("data",)),
        ("self.__dict__.update(data)", ("data",)),
        ("vars(self).update(data)", ("data",)),
        ("for k, v in data.items(): setattr(other, k, v)", ()),
        ("for k, v in data.items(): self.sizes[k] = v", ()),
    ],
)
def test_entries_that_become_attributes_are_seen(body, spread):
    assert of(f"def __init__(self, data):\n    {body}").spread == spread


@pytest.mark.parametrize(
    ("counted", "rounds"),
    [
        ("range(k)", (("k", 0),)),
        ("range(1, k)", (("k", -1),)),
        ("range(1, k + 1)", (("k", 0),)),
        ("range(k - 1)", (("k", -1),)),
        ("range(len(k))", ()),
        ("range(n)", ()),
        ("range(0, k, 2)", ()),
    ],
)
def test_an_argument_may_count_the_rounds_of_a_loop(counted, rounds):
    assert of(f"def __init__(self, k): self.W = [make(i) for i in {counted}]").rounds == rounds


@pytest.mark.parametrize(
    ("body", "carried"),
    [
        ("self.h = np.tanh(self.W @ self.h)", ("h",)),
        ("hs = [self.h]\n    self.h = hs[-1]", ("h",)),
        ("self.h += X", ("h",)),
        ("self.h = X\n    return self.h", ()),
        ("self.h = X\n    self.h = self.W @ self.h", ()),
        ("return self.h", ()),
    ],
)
def test_what_is_read_before_it_is_given_goes_on_from_call_to_call(body, carried):
    assert of(f"def f(self, X):\n    {body}").carried == carried


@pytest.mark.parametrize(
    ("body", "stepped"),
    [
        ("self.W -= lr * dW", ("W",)),
        ("self.W = self.W - lr * dW", ("W",)),
        ("self.W -= lr * dW\n    self.W -= lr * dW", ()),
        ("self.W = 0 * X\n    self.W -= lr * dW", ()),
        ("self.W = X", ()),
        ("self.W[0] -= lr * dW", ()),
    ],
)
def test_what_is_given_a_value_once_from_the_one_it_has_takes_one_step(body, stepped):
    assert of(f"def f(self, X):\n    {body}").stepped == stepped
