import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(x, h_prev, c_prev, W, b):
    """W (D + H, 4H), gates in the order input, forget, output, candidate"""
    H = h_prev.shape[1]
    concat = np.hstack([x, h_prev])
    a = concat @ W + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H:2 * H])
    o = sigmoid(a[:, 2 * H:3 * H])
    g = np.tanh(a[:, 3 * H:])
    c = f * c_prev + i * g
    tc = np.tanh(c)
    h = o * tc
    return h, c, dict(concat=concat, i=i, f=f, o=o, g=g, c_prev=c_prev, c=c, tc=tc, W=W)


def lstm_step_backward(dh, dc, m):
    do = dh * m["tc"]
    dc = dc + dh * m["o"] * (1 - m["tc"] ** 2)
    di = dc * m["g"]
    dg = dc * m["i"]
    df = dc * m["c"]
    dc_prev = dc * m["f"]
    da = np.hstack([
        di * m["i"] * (1 - m["i"]),
        df * m["f"] * (1 - m["f"]),
        do * m["o"] * (1 - m["o"]),
        dg * (1 - m["g"] ** 2),
    ])
    dW = m["concat"].T @ da
    db = da.sum(axis=0)
    dconcat = da @ m["W"].T
    D = dconcat.shape[1] - dh.shape[1]
    return dconcat[:, :D], dconcat[:, D:], dc_prev, dW, db


def lstm_sequence(xs, h0, W, b):
    h, c = h0, np.zeros_like(h0)
    hs, caches = [], []
    for x in xs:
        h, c, m = lstm_step(x, h, c, W, b)
        hs.append(h)
        caches.append(m)
    return np.array(hs), caches


def lstm_sequence_backward(dhs, caches):
    dW, db = 0, 0
    dh_next = np.zeros_like(dhs[0])
    dc_next = np.zeros_like(dhs[0])
    dxs = [None] * len(dhs)
    for t in range(len(dhs) - 1, -1, -1):
        dxs[t], dh_next, dc_next, dWt, dbt = lstm_step_backward(dhs[t] + dh_next, dc_next, caches[t])
        dW = dW + dWt
        db = db + dbt
    return np.array(dxs), dh_next, dW, db
