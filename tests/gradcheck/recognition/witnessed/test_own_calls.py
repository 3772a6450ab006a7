"""A net on surnames that are not there, whose slow numeric gradient comes first, and whose filters' gradients come back
in an array of objects."""

import pytest

from support.witnessing import verdict as verdict_of

CONVOLUTIONS = """
import numpy as np

def windows(x, k):
    return np.lib.stride_tricks.sliding_window_view(x, k, axis=0)

class ConvNet:
    def __init__(self, widths, length, d, K):
        self.filters = [np.random.randn(widths[0], d, 4), np.random.randn(widths[1], 4, 3)]
        self.W = np.random.randn(K, 3 * (length - sum(widths) + 2))

    def evaluate(self, X):
        xs = [X]
        for F in self.filters:
            xs.append(np.maximum(np.einsum("tdnk,kdf->tfn", windows(xs[-1], len(F)), F), 0))
        E = np.exp(self.W @ xs[-1].reshape(-1, X.shape[2]))
        return E / E.sum(axis=0), xs

    def compute_cost(self, X, Y):
        return -np.mean(np.log(np.sum(Y * self.evaluate(X)[0], axis=0)))

    def compute_gradients(self, X_batch, Y_batch):
        P, xs = self.evaluate(X_batch)
        G, grads = (P - Y_batch) / Y_batch.shape[1], np.empty(2, dtype=object)
        grad_W = G @ xs[-1].reshape(-1, G.shape[1]).T
        G = (self.W.T @ G).reshape(xs[-1].shape) * (xs[-1] > 0)
        for i in (1, 0):
            F, x = self.filters[i], xs[i]
            grads[i] = np.einsum("tfn,tdnk->kdf", G, windows(x, len(F)))
            back = np.zeros_like(x)
            for j in range(len(F)):
                back[j : j + len(G)] += np.einsum("tfn,df->tdn", G, F[j])
            G = back * (x > 0)
        return grads, grad_W

    def compute_grad_num(self, X_batch, Y_batch):
        while True:
            self.compute_cost(X_batch, Y_batch)

def main():
    with open("data/ascii_names.txt") as file:
        names, numbers = zip(*(line.split() for line in file))
    letters = sorted(set("".join(names)))
    X = np.zeros((max(map(len, names)), len(letters), len(names)))
    for n, name in enumerate(names):
        X[range(len(name)), [letters.index(each) for each in name], n] = 1
    Y = np.eye(18)[np.array(numbers, dtype=int) - 1].T
    net = ConvNet((3, 2), len(X), len(letters), len(Y))
    num = net.compute_grad_num(X[..., :6], Y[:, :6])
    grads, grad_W = net.compute_gradients(X[..., :6], Y[:, :6])
    print([abs(a - b).max() for a, b in zip(num, [*grads, grad_W])])

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(("mask", "verdict"), [("back * (x > 0)", "right"), ("back", "wrong")])
def test_it_is_checked_as_it_checks_itself(mask, verdict):
    assert verdict_of(CONVOLUTIONS.replace("back * (x > 0)", mask)) == verdict
