import numpy as np


def init_params(vocab_size, hidden_size, seed=0, scale=0.01):
    r = np.random.RandomState(seed)
    return {
        "Wxh": r.randn(hidden_size, vocab_size) * scale,
        "Whh": r.randn(hidden_size, hidden_size) * scale,
        "Why": r.randn(vocab_size, hidden_size) * scale,
        "bh": np.zeros((hidden_size, 1)),
        "by": np.zeros((vocab_size, 1)),
    }


def lossFun(inputs, targets, hprev, params):
    """
    inputs, targets: lists of integers, hprev: (H, 1)
    returns the loss, the gradients on the parameters and the last hidden state
    """
    Wxh, Whh, Why = params["Wxh"], params["Whh"], params["Why"]
    V = Wxh.shape[1]
    xs, hs, ps = {}, {-1: np.copy(hprev)}, {}
    loss = 0.0
    for t, (ix, tgt) in enumerate(zip(inputs, targets)):
        xs[t] = np.zeros((V, 1))
        xs[t][ix] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + params["bh"])
        y = Why @ hs[t] + params["by"]
        e = np.exp(y - y.max())
        ps[t] = e / e.sum()
        loss += -np.log(ps[t][tgt, 0])

    grads = {k: np.zeros_like(v) for k, v in params.items()}
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        grads["Why"] += dy @ hs[t].T
        grads["by"] += dy
        dh = Why.T @ dy + dhnext
        draw = (1 - hs[t] ** 2) * dh
        grads["bh"] += draw
        grads["Wxh"] += draw @ xs[t].T
        grads["Whh"] += draw @ hs[t - 1].T
        dhnext = Whh.T @ draw
    return loss, grads, hs[len(inputs) - 1]


def sample(h, seed_ix, n, params, rng):
    V = params["by"].shape[0]
    ix, out = seed_ix, []
    for _ in range(n):
        x = np.zeros((V, 1))
        x[ix] = 1
        h = np.tanh(params["Wxh"] @ x + params["Whh"] @ h + params["bh"])
        y = params["Why"] @ h + params["by"]
        p = np.exp(y - y.max())
        ix = rng.choice(V, p=(p / p.sum()).ravel())
        out.append(ix)
    return out


if __name__ == "__main__":
    text = "hello there, hello you"
    chars = sorted(set(text))
    ids = [chars.index(c) for c in text]
    P = init_params(len(chars), 16)
    h = np.zeros((16, 1))
    for it in range(50):
        loss, g, _ = lossFun(ids[:-1], ids[1:], h, P)
        for k in P:
            P[k] -= 0.05 * np.clip(g[k], -5, 5)
    print(loss, "".join(chars[i] for i in sample(h, ids[0], 20, P, np.random)))
