import numpy as np


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


class TiedAutoencoder:
    """code = sigmoid(x W + b_enc), x_rec = sigmoid(code W' + b_dec)

    loss: cross-entropy, summed over the pixels, mean over the batch,
    plus lam * KL(rho || mean activation) for every hidden unit.
    """

    rho = 0.1

    def __init__(self, n_visible, n_hidden, lam=0.1, seed=0):
        rng = np.random.RandomState(seed)
        bound = np.sqrt(6.0 / (n_visible + n_hidden))
        self.W = rng.uniform(-bound, bound, size=(n_visible, n_hidden))
        self.b_enc = np.zeros(n_hidden)
        self.b_dec = np.zeros(n_visible)
        self.lam = lam

    def encode(self, X):
        return sigmoid(X @ self.W + self.b_enc)

    def decode(self, H):
        return sigmoid(H @ self.W.T + self.b_dec)

    def loss(self, X):
        self.X = X
        self.H = self.encode(X)
        self.R = self.decode(self.H)
        N = X.shape[0]
        ce = -np.sum(X * np.log(self.R) + (1 - X) * np.log(1 - self.R)) / N
        self.rho_hat = self.H.mean(axis=0)
        r, q = self.rho, self.rho_hat
        kl = np.sum(r * np.log(r / q) + (1 - r) * np.log((1 - r) / (1 - q)))
        return ce + self.lam * kl

    def backward(self):
        X, H, R = self.X, self.H, self.R
        N = X.shape[0]
        d_dec = (R - X) / N
        dH = d_dec @ self.W
        r, q = self.rho, self.rho_hat
        dH += self.lam * ((1 - r) / (1 - q) - r / q) / N
        d_enc = dH * H * (1 - H)
        dW = X.T @ d_enc                    # W as the encoder
        dW += d_dec.T @ H                   # W as the decoder
        return {"W": dW, "b_enc": d_enc.sum(axis=0), "b_dec": d_dec.sum(axis=0)}
