"""The shapes in which a file makes its arrays."""

import ast

import pytest

from chainrule.gradcheck.program.made_shapes import contradicts, made_shapes

COLUMN = {(None, 1)}


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("w = np.zeros((d, 1))", COLUMN),
        ("w = np.zeros(d)", {(None,)}),
        ("w = np.zeros(X.shape[1])", {(None,)}),
        ("self.w = 0.01 * np.random.randn(d, 1) / np.sqrt(d)", COLUMN),
        ("params['w'] = rng.normal(0, 0.1, size=(d, 1)).astype(float)", COLUMN),
        ("w = np.array([[0.1], [0.2]])", COLUMN),
        ("w = np.random.rand(d) if flat else np.zeros((d, 1))", {(None,), (None, 1)}),
        ("w = np.zeros((d, 1))\nfor _ in range(9):\n    w = w - eta * dw", COLUMN),
        ("w = None\nw = np.zeros((d, 1))", COLUMN),
        ("start = np.zeros((d, 1))\nw = start.copy()", COLUMN),
        ("def init(d): return np.zeros((d, 1)), 0.0\nw, b = init(3)", COLUMN),
        ("def init(d):\n    w = np.ones((d, 1))\n    return w\nnet.w = init(3)", COLUMN),
        ("def cost(X, w): ...\nv = np.zeros((3, 1))\ncost(X, v)\ncost(X, w=v)", COLUMN),
        ("class Net:\n    def __init__(self, w): ...\nNet(np.zeros((3, 1)))", COLUMN),
        ("class Net:\n    def cost(self, w): ...\nv = np.zeros((3, 1))\nnet.cost(v)", COLUMN),
    ],
)
def test_the_shapes_of_what_a_name_holds(text, shapes):
    assert made_shapes([ast.parse(text)])["w"] == shapes


@pytest.mark.parametrize(
    "text",
    [
        "w = load()",
        "w = np.zeros((d, 1)); w = w.squeeze()",
        "w = np.zeros((d, 1)); w, b = unpack(theta)",
        "w = v[idx]",
        "w = v[:, idx]",
        "w = np.zeros(shape)",
        "w = np.zeros(v.shape)",
        "w = np.random.randn(*sizes)",
        "w = 0",
        "w = [0.0 for _ in range(d)]",
        "w = A @ np.zeros((d, 1))",
        "w = v\nv = w",
        "w = np.zeros(d)\nfor w, b in layers: ...",
        "w = np.zeros(d)\nlosses = [cost(X, w) for w in weights]",
        "def cost(w, X): ...\nw = np.zeros((d, 1))\nminimize(cost, w)",
    ],
)
def test_what_is_not_known_of_one_place_is_not_known_of_the_name(text):
    assert "w" not in made_shapes([ast.parse(text)])


def test_numbers_are_biases_and_settings_are_none():
    shapes = made_shapes(
        [ast.parse("b = 0.0; bias = True; b1 = np.zeros((1, h)); net = {'b2': np.zeros(h)}")]
    )
    assert shapes == {"b": {()}, "b1": {(1, None)}, "b2": {(None,)}}


def test_keys_that_count_layers_are_those_of_each():
    made = made_shapes(
        [
            ast.parse(
                "for i in range(n):\n    p['W' + str(i)] = np.zeros((d, h)); p[f'b{i}'] = np.zeros((h, 1))"
            )
        ]
    )
    assert made == {"W#": {(None, None)}, "b#": {(None, 1)}}
    assert not contradicts(made, "p.b", (5,))
    assert not contradicts(made, "p.b2", (5, 1))
    assert contradicts(made, "p.b2", (5,))


@pytest.mark.parametrize(
    ("shape", "are_others"),
    [((6, 1), False), ((6, 3), False), ((6,), True), ((1, 1), False), ((), True)],
)
def test_a_column_is_no_vector(shape, are_others):
    assert contradicts({"w": frozenset(COLUMN)}, "w", shape) == are_others


def test_one_entry_is_one_in_any_number_of_axes_but_no_bare_number():
    made = {"b": frozenset({(1,)})}
    assert [contradicts(made, "b", shape) for shape in ((1,), (1, 1), (), (3, 1))] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    "made", ["np.zeros(10, float)", "np.ones(k, np.float64)", "np.random.randint(0, 2, n, int)"]
)
def test_a_type_is_no_size(made):
    assert [len(shape) for shape in made_shapes([ast.parse(f"w = {made}")])["w"]] == [1]


def test_names_that_hold_each_other_hold_the_same():
    text = "a = c; b = a; c = np.zeros((d, 1)); c = b"
    assert made_shapes([ast.parse(text)]) == dict.fromkeys("abc", frozenset({(None, 1)}))
