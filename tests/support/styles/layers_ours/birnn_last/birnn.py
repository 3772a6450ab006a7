"""Bidirectional tanh RNN; both final states side by side go to a softmax."""
import numpy as np


def init(D=3, H=4, C=3, seed=0):
    rng = np.random.default_rng(seed)
    p = {}
    for d in ("f", "b"):
        p["Wx_" + d] = rng.normal(size=(D, H)) * 0.4
        p["Wh_" + d] = rng.normal(size=(H, H)) * 0.4
        p["bh_" + d] = np.zeros(H)
    p["V"] = rng.normal(size=(2 * H, C)) * 0.4
    p["c"] = np.zeros(C)
    return p


def run(xs, Wx, Wh, bh):
    h = np.zeros((xs[0].shape[0], Wh.shape[0]))
    states = [h]
    for x in xs:
        h = np.tanh(x @ Wx + h @ Wh + bh)
        states.append(h)
    return states


def run_back(dh, xs, states, Wx, Wh):
    dWx, dWh, dbh = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[0])
    for t in reversed(range(len(xs))):
        da = dh * (1 - states[t + 1] ** 2)
        dWx += xs[t].T @ da
        dWh += states[t].T @ da
        dbh += da.sum(0)
        dh = da @ Wh.T
    return dWx, dWh, dbh


def cost_and_grads(p, X, y):
    """X: (N, T, D), y: (N,)"""
    N, T, _ = X.shape
    ahead = [X[:, t] for t in range(T)]
    behind = ahead[::-1]
    sf = run(ahead, p["Wx_f"], p["Wh_f"], p["bh_f"])
    sb = run(behind, p["Wx_b"], p["Wh_b"], p["bh_b"])
    both = np.hstack([sf[-1], sb[-1]])
    s = both @ p["V"] + p["c"]
    s = s - s.max(1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(1, keepdims=True))
    cost = -logp[np.arange(N), y].mean()

    g = {}
    ds = np.exp(logp)
    ds[np.arange(N), y] -= 1
    ds /= N
    g["V"] = both.T @ ds
    g["c"] = ds.sum(0)
    df, db = np.split(ds @ p["V"].T, 2, axis=1)
    g["Wx_f"], g["Wh_f"], g["bh_f"] = run_back(df, ahead, sf, p["Wx_f"], p["Wh_f"])
    g["Wx_b"], g["Wh_b"], g["bh_b"] = run_back(db, behind, sb, p["Wx_b"], p["Wh_b"])
    return cost, g


if __name__ == "__main__":
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(8, 4, 3)), rng.integers(0, 3, size=8)
    p = init()
    for step in range(100):
        cost, g = cost_and_grads(p, X, y)
        for name in p:
            p[name] -= 0.3 * g[name]
    print(cost)
