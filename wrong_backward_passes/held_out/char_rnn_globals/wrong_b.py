"""Character-level language model with a plain recurrent net, one sequence at a time."""
import numpy as np

text = "the quick brown fox jumps over the lazy dog and runs away from the quick cat. "
vocabulary = sorted(set(text))
to_index = {ch: i for i, ch in enumerate(vocabulary)}
V = len(vocabulary)
H = 16

rng = np.random.default_rng(7)
U = rng.normal(0, 0.1, (H, V))
W = rng.normal(0, 0.1, (H, H))
O = rng.normal(0, 0.1, (V, H))
bh = np.zeros((H, 1))
bo = np.zeros((V, 1))


def loss_and_grads(inputs, targets, h_start):
    """inputs, targets: lists of indices. Returns loss, gradients, last state."""
    x, h, p = {}, {-1: h_start}, {}
    loss = 0.0
    for t, index in enumerate(inputs):
        x[t] = np.zeros((V, 1))
        x[t][index] = 1
        h[t] = np.tanh(U @ x[t] + W @ h[t - 1] + bh)
        scores = O @ h[t] + bo
        p[t] = np.exp(scores - scores.max())
        p[t] /= p[t].sum()
        loss -= np.log(p[t][targets[t], 0])

    dU, dW, dO = np.zeros_like(U), np.zeros_like(W), np.zeros_like(O)
    dbh, dbo = np.zeros_like(bh), np.zeros_like(bo)
    dh_later = np.zeros((H, 1))
    for t in range(len(inputs) - 1, -1, -1):
        dscores = p[t].copy()
        dscores[targets[t]] -= 1
        dO += dscores @ h[t].T
        dbo = dscores
        dh = O.T @ dscores + dh_later
        draw = (1 - h[t] ** 2) * dh
        dbh += draw
        dU += draw @ x[t].T
        dW += draw @ h[t].T
        dh_later = W.T @ draw
    return loss, (dU, dW, dO, dbh, dbo), h[len(inputs) - 1]


def main():
    state = np.zeros((H, 1))
    length = 12
    for start in range(0, len(text) - length - 1, length):
        inputs = [to_index[c] for c in text[start:start + length]]
        targets = [to_index[c] for c in text[start + 1:start + length + 1]]
        loss, grads, state = loss_and_grads(inputs, targets, state)
        for param, grad in zip((U, W, O, bh, bo), grads):
            param -= 0.05 * np.clip(grad, -5, 5)
    print(loss)


if __name__ == "__main__":
    main()
