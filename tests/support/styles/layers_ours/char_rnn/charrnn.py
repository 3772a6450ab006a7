"""A character RNN in one function; the weights are globals, vectors are columns."""
import numpy as np

text = "to be, or not to be: that is the question"
chars = sorted(set(text))
vocab_size = len(chars)
char_to_ix = {ch: i for i, ch in enumerate(chars)}

hidden_size = 16
np.random.seed(0)
Wxh = np.random.randn(hidden_size, vocab_size) * 0.01  # input to hidden
Whh = np.random.randn(hidden_size, hidden_size) * 0.01  # hidden to hidden
Why = np.random.randn(vocab_size, hidden_size) * 0.01  # hidden to output
bh = np.zeros((hidden_size, 1))
by = np.zeros((vocab_size, 1))


def lossFun(inputs, targets, hprev):
    """
    inputs and targets are lists of integers, hprev is (H, 1).
    returns the loss, the gradients and the last hidden state
    """
    xs, hs, ps = {}, {}, {}
    hs[-1] = hprev
    loss = 0
    # forward
    for t, ix in enumerate(inputs):
        xs[t] = np.zeros((vocab_size, 1))
        xs[t][ix] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + bh)
        scores = Why @ hs[t] + by
        scores = scores - scores.max()
        ps[t] = np.exp(scores) / np.exp(scores).sum()
        loss += -np.log(ps[t][targets[t], 0])

    # backward
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hs[0])
    for t in range(len(inputs) - 1, -1, -1):
        dy = ps[t].copy()
        dy[targets[t]] -= 1
        dWhy += dy @ hs[t].T
        dby += dy
        dh = Why.T @ dy + dhnext
        draw = (1 - hs[t] ** 2) * dh
        dbh += draw
        dWxh += draw @ xs[t].T
        dWhh += draw @ hs[t - 1].T
        dhnext = Whh.T @ draw
    return loss, dWxh, dWhh, dWhy, dbh, dby, hs[len(inputs) - 1]


if __name__ == "__main__":
    ids = [char_to_ix[c] for c in text]
    h = np.zeros((hidden_size, 1))
    for step in range(200):
        loss, dWxh, dWhh, dWhy, dbh, dby, _ = lossFun(ids[:-1], ids[1:], h)
        for w, dw in ((Wxh, dWxh), (Whh, dWhh), (Why, dWhy), (bh, dbh), (by, dby)):
            w -= 0.01 * np.clip(dw, -5, 5)
    print("loss", loss)
