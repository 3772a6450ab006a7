import numpy as np


def case(program, rng, size):
    widths, n = [((3, 5, 3), 6), ((4, 6, 6, 3), 9)][size]
    net = program.DropoutNet(widths)
    net.draw_masks(n, np.random.RandomState(int(rng.integers(1000))))
    x, t = rng.normal(size=(n, widths[0])), np.eye(widths[-1])[rng.integers(widths[-1], size=n)]
    at = {f"W{i}": W for i, (W, _) in enumerate(net.layers)} | {f"b{i}": rng.normal(size=b.shape) for i, (_, b) in enumerate(net.layers)}

    def put(p):
        net.layers = [(p[f"W{i}"], p[f"b{i}"]) for i in range(len(widths) - 1)]
        return net

    def gradient(p):
        found = put(p).gradients(x, t)
        return {f"W{i}": g for i, (g, _) in enumerate(found)} | {f"b{i}": g for i, (_, g) in enumerate(found)}

    return at, lambda p: put(p).loss(x, t), gradient
