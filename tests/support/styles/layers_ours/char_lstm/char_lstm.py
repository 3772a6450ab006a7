import numpy as np


def init_model(V, H, seed=1):
    rs = np.random.RandomState(seed)
    Z = H + V
    model = {}
    for g in ("f", "i", "g", "o"):
        model["W_" + g] = rs.randn(H, Z) / np.sqrt(Z)
        model["b_" + g] = np.zeros((H, 1))
    model["W_y"] = rs.randn(V, H) / np.sqrt(H)
    model["b_y"] = np.zeros((V, 1))
    return model


def sig(x):
    return 1.0 / (1.0 + np.exp(-x))


def loss_fun(inputs, targets, h_prev, c_prev, model):
    """Mean loss per character, gradients in a dictionary, and the last states."""
    H, V = h_prev.shape[0], model["b_y"].shape[0]
    T = len(inputs)
    z, f, i, g, o, c, h, p = {}, {}, {}, {}, {}, {}, {}, {}
    h[-1], c[-1] = h_prev, c_prev
    loss = 0.0

    for t in range(T):
        x = np.zeros((V, 1))
        x[inputs[t]] = 1.0
        z[t] = np.vstack((h[t - 1], x))
        f[t] = sig(np.dot(model["W_f"], z[t]) + model["b_f"])
        i[t] = sig(np.dot(model["W_i"], z[t]) + model["b_i"])
        g[t] = np.tanh(np.dot(model["W_g"], z[t]) + model["b_g"])
        o[t] = sig(np.dot(model["W_o"], z[t]) + model["b_o"])
        c[t] = f[t] * c[t - 1] + i[t] * g[t]
        h[t] = o[t] * np.tanh(c[t])
        y = np.dot(model["W_y"], h[t]) + model["b_y"]
        p[t] = np.exp(y - y.max())
        p[t] /= p[t].sum()
        loss -= np.log(p[t][targets[t], 0]) / T

    d = {k: np.zeros_like(v) for k, v in model.items()}
    dh_next, dc_next = np.zeros((H, 1)), np.zeros((H, 1))
    for t in reversed(range(T)):
        dy = p[t].copy()
        dy[targets[t]] -= 1
        dy /= T
        d["W_y"] += np.dot(dy, h[t].T)
        d["b_y"] += dy

        dh = np.dot(model["W_y"].T, dy) + dh_next
        tanh_c = np.tanh(c[t])
        dc = dh * o[t] * (1 - tanh_c ** 2) + dc_next

        do = dh * tanh_c * o[t] * (1 - o[t])
        dg = dc * i[t] * (1 - g[t] ** 2)
        di = dc * g[t] * i[t] * (1 - i[t])
        df = dc * c[t - 1] * f[t] * (1 - f[t])

        dz = 0
        for name, da in (("f", df), ("i", di), ("g", dg), ("o", do)):
            d["W_" + name] += np.dot(da, z[t].T)
            d["b_" + name] += da
            dz = dz + np.dot(model["W_" + name].T, da)
        dh_next = dz[:H]
        dc_next = f[t] * dc

    return loss, d, h[T - 1], c[T - 1]
