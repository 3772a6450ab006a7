import numpy as np


class BiRNNTagger:
    """Tags every step of a sequence (T, D) with one of K labels."""

    def __init__(self, D, H, K, rng):
        self.params = {
            "Wf": rng.normal(0, 0.4, (D, H)), "Uf": rng.normal(0, 0.4, (H, H)),
            "Wb": rng.normal(0, 0.4, (D, H)), "Ub": rng.normal(0, 0.4, (H, H)),
            "V": rng.normal(0, 0.4, (2 * H, K)),
        }

    @staticmethod
    def scan(x, W, U):
        states = []
        h = np.zeros(U.shape[0])
        for row in x:
            h = np.tanh(row @ W + h @ U)
            states.append(h)
        return np.array(states)

    @staticmethod
    def scan_back(x, states, dstates, U):
        dW = 0.0
        dU = np.zeros_like(U)
        dnext = np.zeros(U.shape[0])
        for t in range(len(x) - 1, -1, -1):
            da = (dstates[t] + dnext) * (1 - states[t] ** 2)
            dW = dW + np.outer(x[t], da)
            if t > 0:
                dU += np.outer(states[t - 1], da)
            dnext = U.T @ da
        return dW, dU

    def forward(self, x):
        p = self.params
        fw = self.scan(x, p["Wf"], p["Uf"])
        bw = self.scan(x[::-1], p["Wb"], p["Ub"])[::-1]
        both = np.concatenate([fw, bw], axis=1)
        s = both @ p["V"]
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return fw, bw, both, e / e.sum(axis=1, keepdims=True)

    def loss(self, x, tags):
        probs = self.forward(x)[-1]
        return -np.log(probs[np.arange(len(tags)), tags]).sum()

    def grads(self, x, tags):
        p = self.params
        fw, bw, both, probs = self.forward(x)
        ds = probs.copy()
        ds[np.arange(len(tags)), tags] -= 1
        g = {"V": both.T @ ds}
        dboth = ds @ p["V"].T
        dfw, dbw = np.split(dboth, 2, axis=1)
        g["Wf"], g["Uf"] = self.scan_back(x, fw, dfw, p["Uf"])
        g["Wb"], g["Ub"] = self.scan_back(x[::-1], bw[::-1], dbw[::-1], p["Ub"])
        return g
