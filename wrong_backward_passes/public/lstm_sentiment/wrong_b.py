# Clasificación de frases con una LSTM; frases (N, T) enteros, etiquetas (N,)
import numpy as np


def sigmoide(x):
    return 1 / (1 + np.exp(-x))


def adelante(p, frases):
    N, T = frases.shape
    H = p["Wh"].shape[0]
    h = np.zeros((N, H))
    c = np.zeros((N, H))
    pasos = []
    for t in range(T):
        x = p["E"][frases[:, t]]
        a = x @ p["Wx"] + h @ p["Wh"] + p["b"]
        i, f, o = sigmoide(a[:, :H]), sigmoide(a[:, H:2 * H]), sigmoide(a[:, 2 * H:3 * H])
        g = np.tanh(a[:, 3 * H:])
        c_nueva = f * c + i * g
        tc = np.tanh(c_nueva)
        pasos.append((x, h, c, i, f, o, g, tc))
        h, c = o * tc, c_nueva
    prob = sigmoide(h @ p["v"])
    return prob, h, pasos


def perdida(p, frases, y):
    prob = adelante(p, frases)[0]
    return -np.mean(y * np.log(prob) + (1 - y) * np.log(1 - prob))


def gradientes(p, frases, y):
    prob, h_final, pasos = adelante(p, frases)
    g_ = {k: np.zeros_like(v) for k, v in p.items()}
    ds = (prob - y) / len(y)
    g_["v"] = h_final.T @ ds
    dh = np.outer(ds, p["v"])
    dc = np.zeros_like(dh)
    for t in reversed(range(len(pasos))):
        x, h, c, i, f, o, g, tc = pasos[t]
        do = dh * tc
        dc = dc * f + dh * o * (1 - tc ** 2)
        da = np.concatenate([dc * g * i * (1 - i), dc * c * f * (1 - f), do * o * (1 - o), dc * i * (1 - g ** 2)], axis=1)
        g_["Wx"] += x.T @ da
        g_["Wh"] += h.T @ da
        g_["b"] += da.sum(axis=0)
        np.add.at(g_["E"], frases[:, t], da @ p["Wx"].T)
        dh = da @ p["Wh"].T
    return g_
