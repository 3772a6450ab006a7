"""What a function does with what it is given."""

import ast

import pytest

from chainrule.gradcheck.program.lookups import (
    added_in,
    changed_in,
    is_abstract,
    is_property,
    keys_in,
    literal,
    numbered_in,
    optional_fields_in,
    optional_keys_in,
    pairs_in,
    put_together_in,
    taken_apart_in,
)

_NESTED = {"p": ("layer#",), "layer": ("W",), "p[]": ("W",), "p[layer#]": ("W",)}


def function(body, head="def f(self, p, config):"):
    (node,) = ast.parse(f"{head}\n    {body}").body
    return node


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("return p['W1'] + p['b1']", {"p": ("W1", "b1")}),
        ("return self.params['W1']", {".params": ("W1",)}),
        ("return self.__w['W' + str(i)]", {"._Net__w": ("W#",)}),
        ("return p[i]['W']", {"p[]": ("W",)}),
        ("return p['W%d' % i] + p['b{}'.format(i)]", {"p": ("W#", "b#")}),
        ("key = f'layer{i}'; layer = p[key]; return layer['W']", _NESTED),
        ("layer, m = p['layer%d' % i], 1; return layer['W']", _NESTED),
        ("for _, layer in p.items(): layer['W']", {"layer": ("W",), "p[]": ("W",)}),
        ("return [layer['W'] for layer in reversed(p)]", {"layer": ("W",), "p[]": ("W",)}),
        ("return [p[k] for k in ['W', 'b']]", {"p": ("W", "b")}),
        ("for k in ('W', i): p[k]", {}),
        ("return p['in']['w']", {"p": ("in",), "p[]": ("w",), "p[in]": ("w",)}),
        ("return g()['W']", {}),
    ],
)
def test_keys_by_what_they_are_looked_up_in(body, keys):
    assert keys_in(function(body), "Net") == keys


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("return config.get('reg', 0.1)", {"config": {"reg": "0.1"}}),
        ("return config.pop('act', 'relu')", {"config": {"act": "'relu'"}}),
        ("return self.config.get('seed')", {".config": {"seed": ""}}),
        ("return config.get('dtype', np.float32)", {"config": {"dtype": ""}}),
        ("return config.pop('reg')", {}),
    ],
)
def test_keys_that_may_lack_and_what_stands_for_them(body, keys):
    assert optional_keys_in(function(body), "Net") == keys


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("return getattr(config, 'reg', 0.1)", {"config": {"reg": "0.1"}}),
        ("return getattr(self.config, 'act', None)", {".config": {"act": "None"}}),
        ("return getattr(config, name, 0.1)", {}),
    ],
)
def test_attributes_that_may_lack_and_what_stands_for_them(body, fields):
    assert optional_fields_in(function(body), "Net") == fields


@pytest.mark.parametrize(
    ("mark", "expected"),
    [("@property\n", True), ("@state.setter\n", True), ("@staticmethod\n", False), ("", False)],
)
def test_what_is_read_as_an_attribute_is_no_function(mark, expected):
    (node,) = ast.parse(f"{mark}def state(self): ...").body
    assert is_property(node) is expected


def test_lists_of_pairs():
    assert [*pairs_in(function("for x, y in p: pass"))] == ["p"]
    assert [*pairs_in(function("return sum(x for x, y in config)"))] == ["config"]
    assert [*pairs_in(function("for x, y in zip(p, config): pass"))] == []
    assert [*pairs_in(function("return sum(w for w, _ in p)"))] == []


@pytest.mark.parametrize(
    ("body", "abstract"),
    [
        ("raise NotImplementedError", True),
        ("'Says.'; raise NotImplementedError()", True),
        ("return 1", False),
    ],
)
def test_a_method_that_others_are_to_write_is_abstract(body, abstract):
    assert is_abstract(function(body)) == abstract


def test_a_decorated_method_is_abstract_too():
    (node,) = ast.parse("@abc.abstractmethod\ndef gradient(self, X): ...").body
    assert is_abstract(node)


@pytest.mark.parametrize("text", ["3 * 32 * 32", "784 + 1", "28 * 28 - 0.5"])
def test_numbers_that_are_multiplied_or_added_are_literals(text):
    assert literal(ast.parse(text, mode="eval").body) == text


@pytest.mark.parametrize("text", ["3 * n", "'a' * 3", "2 ** 1000000", "f(3) + 1"])
def test_other_expressions_are_none(text):
    assert literal(ast.parse(text, mode="eval").body) == ""


def test_what_is_taken_apart_and_put_together_is_known_by_its_names():
    node = ast.parse(
        "def f(d, cache):\n    x, m = cache\n    a, b[0] = d\n    kept = (x, d)\n    return x, kept, (m, x)"
    ).body[0]
    assert taken_apart_in(node) == {"cache": ("x", "m")}
    assert put_together_in(node, node.body[-1].value.elts) == [("x", "d"), ("m", "x")]


def test_what_is_changed_in_place_is_known():
    node = ast.parse(
        "def f(a, b, c, d):\n    a[0] = 1\n    b *= 2\n    c[1:], x = 3, b\n    d = d + a\n    d.x = 1"
    ).body[0]
    assert changed_in(node) == {"a", "b", "c"}


def test_an_argument_may_be_taken_apart_into_attributes():
    (node,) = ast.parse(
        "def f(self, rates, other):\n    self.low, self.high = rates\n    self.a[0], b = other\n"
    ).body
    assert taken_apart_in(node) == {"rates": ("low", "high")}


@pytest.mark.parametrize("body", ["return a + b", "a += b", "c = np.tanh(x + a + (y + b))"])
def test_arguments_that_are_added_to_each_other(body):
    assert {*added_in(ast.parse(f"def f(a, b):\n    {body}").body[0], {"a", "b"})} == {frozenset("ab")}


@pytest.mark.parametrize("body", ["return a - b", "return 2 * a + 3 * b", "return a + a"])
def test_arguments_that_are_not(body):
    assert not [*added_in(ast.parse(f"def f(a, b):\n    {body}").body[0], {"a", "b"})]


@pytest.mark.parametrize(
    ("body", "numbered"),
    [
        ("for q in p: q[0]", ["q", "p[]"]),
        ("for i, q in enumerate(self.p): q[1]", ["q", ".p[]"]),
        ("p[1]", ["p"]),
        ("p[1] = config", []),
        ("p[i] + p[1:]", []),
    ],
)
def test_what_is_looked_up_in_by_numbers(body, numbered):
    assert [*numbered_in(function(body), "Net")] == numbered
