"""A language model of two LSTM layers over characters, trained by backpropagation through time."""
import numpy as np

VOCAB = 30
EMBED = 16
HIDDEN = 24


def init_params(seed=0):
    rng = np.random.default_rng(seed)
    params = {"E": rng.normal(0, 0.1, (VOCAB, EMBED))}
    for layer, size in ((1, EMBED), (2, HIDDEN)):
        params[f"Wx{layer}"] = rng.normal(0, 1 / np.sqrt(size), (size, 4 * HIDDEN))
        params[f"Wh{layer}"] = rng.normal(0, 1 / np.sqrt(HIDDEN), (HIDDEN, 4 * HIDDEN))
        params[f"b{layer}"] = np.zeros(4 * HIDDEN)
    params["Wy"] = rng.normal(0, 1 / np.sqrt(HIDDEN), (HIDDEN, VOCAB))
    params["by"] = np.zeros(VOCAB)
    return params


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_forward(xs, Wx, Wh, b):
    """xs (B, T, D); gives every hidden state (B, T, H)."""
    B, T, _ = xs.shape
    H = Wh.shape[0]
    h, c = np.zeros((B, H)), np.zeros((B, H))
    hs, steps = np.zeros((B, T, H)), []
    for t in range(T):
        a = xs[:, t] @ Wx + h @ Wh + b
        i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
        g = np.tanh(a[:, 3 * H :])
        c_prev, h_prev = c, h
        c = f * c_prev + i * g
        tc = np.tanh(c)
        h = o * tc
        hs[:, t] = h
        steps.append((i, f, o, g, c_prev, h_prev, tc))
    return hs, (xs, Wx, Wh, steps)


def lstm_backward(dhs, cache):
    xs, Wx, Wh, steps = cache
    dxs, dWx, dWh = np.zeros_like(xs), np.zeros_like(Wx), np.zeros_like(Wh)
    db = np.zeros(Wx.shape[1])
    dh_next = np.zeros_like(dhs[:, 0])
    dc_next = np.zeros_like(dhs[:, 0])
    for t in reversed(range(len(steps))):
        i, f, o, g, c_prev, h_prev, tc = steps[t]
        dh = dhs[:, t] + dh_next
        do = dh * tc
        dc = dc_next + dh * o * (1 - tc**2)
        di, df, dg = dc * g, dc * c_prev, dc * i
        da = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)])
        dWx += xs[:, t].T @ da
        dWh += h_prev.T @ da
        db += da.sum(axis=0)
        dxs[:, t] = da @ Wx.T
        dh_next = da @ Wh.T
        dc_next = dc * f
    return dxs, dWx, dWh, db


def loss_and_grads(params, inputs, targets):
    B, T = inputs.shape
    xs = params["E"][inputs]
    h1, cache1 = lstm_forward(xs, params["Wx1"], params["Wh1"], params["b1"])
    h2, cache2 = lstm_forward(h1, params["Wx2"], params["Wh2"], params["b2"])
    scores = h2 @ params["Wy"] + params["by"]
    scores = scores - scores.max(axis=2, keepdims=True)
    probs = np.exp(scores)
    probs /= probs.sum(axis=2, keepdims=True)
    rows, steps = np.indices((B, T))
    loss = -np.log(probs[rows, steps, targets]).sum() / (B * T)

    grads = {}
    dscores = probs.copy()
    dscores[rows, steps, targets] -= 1
    dscores /= B * T
    grads["Wy"] = np.einsum("bth,btv->hv", h2, dscores)
    grads["by"] = dscores.sum(axis=(0, 1))
    dh2 = dscores @ params["Wy"].T
    dh1, grads["Wx2"], grads["Wh2"], grads["b2"] = lstm_backward(dh2, cache2)
    dxs, grads["Wx1"], grads["Wh1"], grads["b1"] = lstm_backward(dh1, cache1)
    grads["E"] = np.zeros_like(params["E"])
    np.add.at(grads["E"], inputs, dxs)
    return loss, grads


def train(text, steps=200, rate=0.5, batch=8, length=16, seed=0):
    rng = np.random.default_rng(seed)
    params = init_params(seed)
    for step in range(steps):
        starts = rng.integers(0, len(text) - length - 1, batch)
        inputs = np.stack([text[s : s + length] for s in starts])
        targets = np.stack([text[s + 1 : s + length + 1] for s in starts])
        loss, grads = loss_and_grads(params, inputs, targets)
        for name in params:
            params[name] -= rate * grads[name]
        if step % 20 == 0:
            print(step, loss)
    return params


if __name__ == "__main__":
    train(np.random.default_rng(1).integers(0, VOCAB, 4000))
