import numpy as np


class TiedAutoencoder(object):

    def __init__(self, n_visible, n_code, seed=0):
        rs = np.random.RandomState(seed)
        self.W = rs.uniform(-0.5, 0.5, size=(n_visible, n_code))
        self.b_code = np.zeros(n_code)
        self.b_visible = np.zeros(n_visible)

    def encode(self, x):
        return 1. / (1. + np.exp(-(np.dot(x, self.W) + self.b_code)))

    def decode(self, code):
        return np.dot(code, self.W.T) + self.b_visible

    def reconstruction_error(self, x):
        diff = self.decode(self.encode(x)) - x
        return 0.5 * np.sum(diff ** 2) / len(x)

    def gradients(self, x):
        code = self.encode(x)
        diff = (self.decode(code) - x) / len(x)
        g_b_visible = diff.sum(axis=0)
        g_W_decoder = np.dot(diff.T, code)
        back = np.dot(diff, self.W) * code * (1. - code)
        g_b_code = back.sum(axis=0)
        g_W_encoder = np.dot(x.T, back)
        return g_W_encoder + g_W_decoder, g_b_code, g_b_visible
