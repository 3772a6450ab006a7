"""What does not agree, and may be right all the same."""

from support.layers import checked, read

LOSS = """
def loss_and_grads(W, b, X, Y):
    P = X @ W + b
    G = (P - Y) / len(X)
    dW, db = X.T @ G, G.sum(axis=0)
    return 0.5 * ((P - Y) ** 2).sum() / len(X), dW, db
"""


def test_a_gradient_that_is_clipped_is_not_convicted():
    clipped = LOSS.replace(
        "    return", "    dW, db = np.clip(dW, -0.01, 0.01), np.clip(db, -0.01, 0.01)\n    return"
    )
    assert checked(LOSS)[0].right
    (reading,), _ = read(clipped)
    assert not reading.text
    assert "clipped to [-0.01, 0.01]" in reading.why
