import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.original_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T).reshape(self.original_shape)


class Dropout:
    def __init__(self, ratio=0.5, seed=None):
        self.ratio = ratio
        self.rng = np.random.RandomState(seed)
        self.keep = None

    def forward(self, x, train_flg=True):
        if train_flg:
            self.keep = self.rng.rand(*x.shape) > self.ratio
            return x * self.keep
        self.keep = None
        return x * (1.0 - self.ratio)

    def backward(self, dout):
        if self.keep is None:
            return dout * (1.0 - self.ratio)
        return dout * self.keep


class Net:
    """affine - relu - dropout - affine; squared error plus weight decay."""

    def __init__(self, W1, b1, W2, b2, ratio, decay, seed=None):
        self.fc1, self.fc2 = Affine(W1, b1), Affine(W2, b2)
        self.drop = Dropout(ratio, seed)
        self.decay = decay

    def loss(self, x, t, train_flg=True):
        a = self.fc1.forward(x)
        self.positive = a > 0
        h = self.drop.forward(a * self.positive, train_flg)
        self.diff = self.fc2.forward(h) - t
        reg = 0.5 * self.decay * (np.sum(self.fc1.W ** 2) + np.sum(self.fc2.W ** 2))
        return 0.5 * np.sum(self.diff ** 2) / len(x) + reg

    def gradient(self):
        dout = self.diff / len(self.diff)
        dh = self.fc2.backward(dout)
        da = self.drop.backward(dh) * self.positive
        dx = self.fc1.backward(da)
        return {
            "W1": self.fc1.dW + self.decay * self.fc1.W,
            "b1": self.fc1.db,
            "W2": self.fc2.dW + self.decay * self.fc2.W,
            "b2": self.fc2.db,
            "x": dx,
        }
