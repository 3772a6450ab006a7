"""Whether a file says that its nets have one output."""

import ast

import pytest

from chainrule.gradcheck.program.output_units import has_one_output, makes_matrices, of_several


@pytest.mark.parametrize(
    "text",
    [
        "w = np.zeros(X.shape[1])",
        "self.weights = np.zeros((n_features, 1))",
        "W2 = np.random.randn(1, hidden) * 0.01",
        "params['W2'] = rng.normal(size=(hidden, 1))",
        "theta, bias = np.ones(3), 0.0",
        "def fit(self):\n    self.b = 0",
        "y = data[:, -1].reshape(-1, 1)",
        "w = np.random.normal(0, 0.1, (d, 1))",
        "w = np.full((d, 1), 0.5)",
        "net = {'W1': np.zeros((d, 16)), 'w2': rng.normal(0, 0.3, size=(16, 1))}",
        "net = dict(W=np.zeros((1, d)))",
        "self.W.append(np.random.randn(n, 1))",
        "w = np.random.uniform(-1, 1, d)",
    ],
)
def test_one_output_is_told(text):
    assert has_one_output([ast.parse(text)])


@pytest.mark.parametrize(
    "text",
    [
        "W = np.zeros((d, 10))",
        "W = np.random.normal(0, 1, (10, d))",
        "W = np.random.uniform(0, 1, (10, d))",
        "b = np.zeros((1, 10))",
        "X = X.reshape(-1, 1)",
        "n = 1",
        "train(b=0)",
        "self.bias = True",
        "settings = {'bias': False}",
        "net = {**others, 'W': np.zeros((d, 10))}",
        "W = 0.01 * initial(1, d)",
    ],
)
def test_other_shapes_do_not_tell_it(text):
    assert not has_one_output([ast.parse(text)])


@pytest.mark.parametrize(
    ("text", "are_matrices"),
    [
        ("W = rng.normal(0, 0.1, (d, units))", True),
        ("self.W1 = np.random.randn(d, 1); self.W2 = np.zeros((1, 1))", True),
        ("W = np.zeros((d, 10)); w = np.zeros(d)", False),
        ("W = load(d, 10)", False),
        ("X = np.zeros((d, 10))", False),
    ],
)
def test_weights_are_matrices_where_none_is_made_as_a_vector(text, are_matrices):
    assert makes_matrices([ast.parse(text)]) == are_matrices


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("b1 = np.random.rand(10, 1) - 0.5; self.b2 = np.zeros(k)", {"b1", "b2"}),
        ("params['b1'] = np.zeros((h, 1)); b = np.zeros((1, 1)); c = np.zeros(3)", {"b1"}),
        ("b = np.zeros(3); b = 0.0", set()),
        ("b = np.random.randn(); b = load(3)", set()),
    ],
)
def test_biases_are_of_several_entries_where_all_that_are_made_are(text, names):
    assert of_several([ast.parse(text)]) == names
