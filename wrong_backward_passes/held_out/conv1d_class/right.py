import numpy as np


class Conv1D:
    """Valid 1-D convolution over time. Input (batch, time, channels)."""

    def __init__(self, kernel_size, c_in, c_out, rng=np.random):
        self.k = kernel_size
        self.W = rng.normal(size=(kernel_size, c_in, c_out)) * 0.1
        self.b = np.zeros(c_out)

    def forward(self, x):
        self.x = x
        T_out = x.shape[1] - self.k + 1
        out = np.zeros((x.shape[0], T_out, self.b.size)) + self.b
        for offset in range(self.k):
            out += x[:, offset:offset + T_out, :] @ self.W[offset]
        return out

    def backward(self, dout):
        T_out = dout.shape[1]
        dx = np.zeros_like(self.x)
        self.dW = np.zeros_like(self.W)
        for offset in range(self.k):
            patch = self.x[:, offset:offset + T_out, :]
            self.dW[offset] = np.tensordot(patch, dout, axes=([0, 1], [0, 1]))
            dx[:, offset:offset + T_out, :] += dout @ self.W[offset].T
        self.db = dout.sum(axis=(0, 1))
        return dx
