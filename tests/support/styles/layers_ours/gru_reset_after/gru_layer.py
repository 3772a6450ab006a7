import numpy as np


class GRULayer:
    """GRU whose reset gate acts on (W_hn h + b_hn):

        r = sig(W_ir x + b_ir + W_hr h + b_hr)
        z = sig(W_iz x + b_iz + W_hz h + b_hz)
        n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
        h' = (1 - z) * n + z * h
    """

    def __init__(self, Wi, Wh, bi, bh):
        self.Wi, self.Wh, self.bi, self.bh = Wi, Wh, bi, bh
        self.H = Wh.shape[1]

    def __call__(self, x, h):
        H = self.H
        self.x, self.steps, outputs = x, [], []
        for t in range(x.shape[1]):
            gi = x[:, t] @ self.Wi.T + self.bi
            gh = h @ self.Wh.T + self.bh
            r = 1 / (1 + np.exp(-(gi[:, :H] + gh[:, :H])))
            z = 1 / (1 + np.exp(-(gi[:, H:2*H] + gh[:, H:2*H])))
            hn = gh[:, 2*H:]
            n = np.tanh(gi[:, 2*H:] + r * hn)
            self.steps.append((h, r, z, hn, n))
            h = (1 - z) * n + z * h
            outputs.append(h)
        return np.stack(outputs, 1), h

    def backprop(self, grad_out, grad_last):
        x = self.x
        self.grad_Wi, self.grad_bi = np.zeros_like(self.Wi), np.zeros_like(self.bi)
        self.grad_Wh, self.grad_bh = np.zeros_like(self.Wh), np.zeros_like(self.bh)
        grad_x = np.zeros_like(x)
        grad_h = grad_last
        for t in reversed(range(x.shape[1])):
            h, r, z, hn, n = self.steps[t]
            g = grad_h + grad_out[:, t]
            d_n = g * (1 - z) * (1 - n ** 2)          # before tanh
            d_z = g * (h - n) * z * (1 - z)
            d_r = d_n * hn * r * (1 - r)

            d_gi = np.concatenate([d_r, d_z, d_n], axis=1)
            d_gh = np.concatenate([d_r, d_z, d_n * r], axis=1)

            self.grad_Wi += d_gi.T @ x[:, t]
            self.grad_bi += d_gi.sum(0)
            self.grad_Wh += d_gh.T @ h
            self.grad_bh += d_gh.sum(0)
            grad_x[:, t] = d_gi @ self.Wi
            grad_h = g * z + d_gh @ self.Wh
        return grad_x, grad_h
