import numpy as np


def case(program, rng, size):
    k, m, t = [(4, 3, 4), (6, 5, 6)][size]
    X, Y = np.eye(k)[:, rng.integers(k, size=t)], np.eye(k)[:, rng.integers(k, size=t)]
    h0 = rng.normal(size=(m, 1))
    net = program.RNN(k, m)

    def put(p):
        vars(net).update(p)
        return net

    at = {name: getattr(net, name) + 0.3 * rng.normal(size=getattr(net, name).shape) for name in "UWVbc"}
    return at, lambda p: put(p).kostnad(X, Y, h0), lambda p: put(p).gradienter(X, Y, h0)
