import numpy as np


def sigma(x):
    return 1 / (1 + np.exp(-x))


class LSTMSchicht:
    """Eingabe (T, N, D), Ausgabe alle Zustände (T, N, H)"""

    def __init__(self, D, H, rng):
        self.gewichte = {tor: rng.normal(0, 0.4, (D + H, H)) for tor in "ifog"}
        self.H = H

    def vorwaerts(self, x):
        T, N, D = x.shape
        h, c = np.zeros((N, self.H)), np.zeros((N, self.H))
        self.band, ausgabe = [], []
        for t in range(T):
            e = np.concatenate([x[t], h], axis=1)
            i, f, o = (sigma(e @ self.gewichte[tor]) for tor in "ifo")
            g = np.tanh(e @ self.gewichte["g"])
            c_alt = c
            c = f * c_alt + i * g
            h = o * np.tanh(c)
            self.band.append((e, i, f, o, g, c_alt, c))
            ausgabe.append(h)
        return np.stack(ausgabe)

    def rueckwaerts(self, dh_alle):
        grad = {tor: np.zeros_like(w) for tor, w in self.gewichte.items()}
        T, N, H = dh_alle.shape
        D = self.gewichte["i"].shape[0] - H
        dx = np.zeros((T, N, D))
        dh, dc = np.zeros((N, H)), np.zeros((N, H))
        for t in range(T - 1, -1, -1):
            e, i, f, o, g, c_alt, c = self.band[t]
            dh = dh + dh_alle[t]
            tc = np.tanh(c)
            dc = (dc + dh * o * (1 - tc ** 2)) * f
            dtor = {
                "i": dc * g * i * (1 - i),
                "f": dc * c_alt * f * (1 - f),
                "o": dh * tc * o * (1 - o),
                "g": dc * i * (1 - g ** 2),
            }
            de = 0
            for tor, d in dtor.items():
                grad[tor] += e.T @ d
                de = de + d @ self.gewichte[tor].T
            dx[t], dh = de[:, :D], de[:, D:]
        return dx, grad
