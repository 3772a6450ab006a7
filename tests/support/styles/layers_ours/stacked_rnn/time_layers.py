import numpy as np


class RNNCell:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b)
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next * h_next)
        grads = [np.dot(x.T, dt), np.dot(h_prev.T, dt), dt.sum(axis=0)]
        return np.dot(dt, Wx.T), np.dot(dt, Wh.T), grads


class TimeRNN:
    """Runs over xs of shape (N, T, D); keeps the gradients in self.grads and self.dh0."""

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
        self.cells = []
        self.dh0 = None

    def forward(self, xs, h0):
        N, T, D = xs.shape
        H = self.params[1].shape[0]
        hs = np.empty((N, T, H))
        self.cells = []
        h = h0
        for t in range(T):
            cell = RNNCell(*self.params)
            h = cell.forward(xs[:, t, :], h)
            hs[:, t, :] = h
            self.cells.append(cell)
        return hs

    def backward(self, dhs):
        N, T, H = dhs.shape
        D = self.params[0].shape[0]
        dxs = np.empty((N, T, D))
        total = [np.zeros_like(p) for p in self.params]
        dh = np.zeros((N, H))
        for t in reversed(range(T)):
            dx, dh, grads = self.cells[t].backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, g in enumerate(grads):
                total[i] += g
        for i, g in enumerate(total):
            self.grads[i][...] = g
        self.dh0 = dh
        return dxs


class StackedRNN:
    def __init__(self, weights):
        self.layers = [TimeRNN(*w) for w in weights]

    def forward(self, xs, h0s):
        for layer, h0 in zip(self.layers, h0s):
            xs = layer.forward(xs, h0)
        return xs

    def backward(self, dxs):
        for layer in reversed(self.layers):
            dxs = layer.backward(dxs)
        return dxs
