NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def case(program, rng, size):
    n, d, h, k = [(6, 4, 5, 3), (8, 3, 7, 4)][size]
    X, y = rng.normal(size=(n, d)), rng.integers(k, size=n)
    net = program.MLP(d, h, k, seed=int(rng.integers(1000)))
    at = {name: getattr(net, name) + 0.2 * rng.normal(size=getattr(net, name).shape) for name in NAMES}

    def cost(p):
        vars(net).update(p)
        return net.loss(X, y)

    def gradient(p):
        cost(p)
        net.backward(y)
        return {name: getattr(net, "d" + name) for name in NAMES}

    return at, cost, gradient
