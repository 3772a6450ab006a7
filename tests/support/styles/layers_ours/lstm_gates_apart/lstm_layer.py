import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


class LSTM(object):
    def __init__(self, n_in, n_hidden, seed=0):
        rng = np.random.RandomState(seed)
        z = n_in + n_hidden
        self.n_in, self.n_hidden = n_in, n_hidden
        self.p = {}
        for gate in "fico":
            self.p["W" + gate] = rng.randn(z, n_hidden) * 0.1
            self.p["b" + gate] = np.ones(n_hidden) if gate == "f" else np.zeros(n_hidden)
        self.d = {}
        self.tape = []

    def forward(self, xs, h, c):
        p = self.p
        self.tape = []
        hs = []
        for x in xs:
            z = np.concatenate((h, x), axis=1)
            f = sigmoid(z @ p["Wf"] + p["bf"])
            i = sigmoid(z @ p["Wi"] + p["bi"])
            cbar = np.tanh(z @ p["Wc"] + p["bc"])
            o = sigmoid(z @ p["Wo"] + p["bo"])
            c_old = c
            c = f * c_old + i * cbar
            h = o * np.tanh(c)
            self.tape.append((z, f, i, cbar, o, c_old, c))
            hs.append(h)
        return np.stack(hs), c

    def backward(self, dhs, dc_last=None):
        p, H = self.p, self.n_hidden
        self.d = {k: np.zeros_like(v) for k, v in p.items()}
        N = dhs.shape[1]
        dh_next = np.zeros((N, H))
        dc_next = np.zeros((N, H)) if dc_last is None else dc_last
        dxs = np.zeros((len(self.tape), N, self.n_in))

        for t in reversed(range(len(self.tape))):
            z, f, i, cbar, o, c_old, c = self.tape[t]
            dh = dhs[t] + dh_next
            tc = np.tanh(c)

            do = dh * tc * o * (1 - o)
            dc = dc_next + dh * o * (1 - tc * tc)
            dcbar = dc * i * (1 - cbar * cbar)
            di = dc * cbar * i * (1 - i)
            df = dc * c_old * f * (1 - f)

            self.d["Wf"] += z.T @ df
            self.d["Wi"] += z.T @ di
            self.d["Wc"] += z.T @ dcbar
            self.d["Wo"] += z.T @ do
            self.d["bf"] += df.sum(axis=0)
            self.d["bi"] += di.sum(axis=0)
            self.d["bc"] += dcbar.sum(axis=0)
            self.d["bo"] += do.sum(axis=0)

            dz = df @ p["Wf"].T + di @ p["Wi"].T + dcbar @ p["Wc"].T + do @ p["Wo"].T
            dh_next = dz[:, :H]
            dxs[t] = dz[:, H:]
            dc_next = dc * f
        return dxs, dh_next, dc_next
