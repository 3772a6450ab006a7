import numpy as np


def _sig(z):
    return 1 / (1 + np.exp(-z))


class LSTM:
    def __init__(self, D, H, seed=0):
        rng = np.random.default_rng(seed)
        self.D, self.H = D, H
        self.W = rng.standard_normal((D + H, 4 * H)) / np.sqrt(D + H)
        self.b = np.zeros(4 * H)
        self.b[H:2 * H] = 1.0                    # forget bias

    def forward(self, xs, state=None):
        T, N, _ = xs.shape
        H = self.H
        h, c = state if state is not None else (np.zeros((N, H)), np.zeros((N, H)))
        self.tape = []
        hs = np.empty((T, N, H))
        for t in range(T):
            z = np.concatenate([xs[t], h], axis=1)
            A = z @ self.W + self.b
            i, f, o = _sig(A[:, :H]), _sig(A[:, H:2*H]), _sig(A[:, 2*H:3*H])
            g = np.tanh(A[:, 3*H:])
            c_prev = c
            c = f * c_prev + i * g
            h = o * np.tanh(c)
            hs[t] = h
            self.tape.append((z, i, f, o, g, c_prev, c))
        return hs, (h, c)

    def backward(self, dhs, dc_last=None):
        T, N, H = dhs.shape
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        dxs = np.empty((T, N, self.D))
        dh_next = np.zeros((N, H))
        dc_next = np.zeros((N, H)) if dc_last is None else dc_last
        for t in reversed(range(T)):
            z, i, f, o, g, c_prev, c = self.tape[t]
            dh = dhs[t] + dh_next
            tc = np.tanh(c)
            dc = dc_next + dh * o * (1 - tc * tc)
            dA = np.empty((N, 4 * H))
            dA[:, :H] = dc * g * i * (1 - i)
            dA[:, H:2*H] = dc * c_prev * f * (1 - f)
            dA[:, 2*H:3*H] = dh * tc * o * (1 - o)
            dA[:, 3*H:] = dc * i * (1 - g * g)
            self.dW += z.T @ dA
            self.db += dA.sum(axis=0)
            dz = dA @ self.W.T
            dxs[t], dh_next = dz[:, :self.D], dz[:, self.D:]
            dc_next = dc * f
        return dxs, (dh_next, dc_next)
