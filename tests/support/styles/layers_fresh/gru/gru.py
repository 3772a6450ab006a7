import numpy as np


class GRU(object):
    """
    z = sigm(x Wz + h Uz + bz)
    r = sigm(x Wr + h Ur + br)
    n = tanh(x Wh + (r * h) Uh + bh)
    h' = (1 - z) * n + z * h
    """

    def __init__(self, input_dim, hidden_dim, seed=0):
        rng = np.random.RandomState(seed)
        self.params = {}
        for gate in "zrh":
            self.params["W" + gate] = rng.uniform(-0.6, 0.6, (input_dim, hidden_dim))
            self.params["U" + gate] = rng.uniform(-0.6, 0.6, (hidden_dim, hidden_dim))
            self.params["b" + gate] = np.zeros(hidden_dim)
        self.grads = {}

    @staticmethod
    def sigm(a):
        return 1.0 / (1.0 + np.exp(-a))

    def forward(self, xs, h0):
        P = self.params
        h = h0
        self.cache = []
        outs = np.zeros(xs.shape[:2] + (h0.shape[1],))
        for t in range(xs.shape[1]):
            x = xs[:, t, :]
            z = self.sigm(x @ P["Wz"] + h @ P["Uz"] + P["bz"])
            r = self.sigm(x @ P["Wr"] + h @ P["Ur"] + P["br"])
            n = np.tanh(x @ P["Wh"] + (r * h) @ P["Uh"] + P["bh"])
            h_new = (1 - z) * n + z * h
            self.cache.append((x, h, z, r, n))
            outs[:, t, :] = h_new
            h = h_new
        return outs

    def backward(self, douts):
        P = self.params
        G = {k: np.zeros_like(v) for k, v in P.items()}
        N, T, H = douts.shape
        dxs = np.zeros((N, T, P["Wz"].shape[0]))
        dh = np.zeros((N, H))
        for t in range(T)[::-1]:
            x, h, z, r, n = self.cache[t]
            dnew = douts[:, t, :] + dh
            dz = dnew * (h - n)
            dn = dnew * (1 - z)
            dh = dnew * z

            dan = dn * (1 - n ** 2)
            drh = dan @ P["Uh"].T
            dr = drh * h
            dh = dh + drh * r
            dar = dr * r * (1 - r)
            daz = dz * z * (1 - z)
            dh = dh + dar @ P["Ur"].T + daz @ P["Uz"].T

            dxs[:, t, :] = dan @ P["Wh"].T + dar @ P["Wr"].T + daz @ P["Wz"].T
            G["Wh"] += x.T @ dan
            G["Wr"] += x.T @ dar
            G["Wz"] += x.T @ daz
            G["Uh"] += (r * h).T @ dan
            G["Ur"] += h.T @ dar
            G["Uz"] += h.T @ daz
            for gate, da in (("h", dan), ("r", dar), ("z", daz)):
                G["b" + gate] += da.sum(axis=0)
        self.grads = G
        return dxs, dh
