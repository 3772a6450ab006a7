def case(program, rng, size):
    n, d, h, k, depth = [(5, 3, 4, 2, 1), (7, 4, 5, 3, 2)][size]
    x, t = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    net = program.Network(d, h, k, depth, l2=0.5, seed=int(rng.integers(1000)))
    dense = net.dense_layers()
    at = {f"w{i}": layer.w for i, layer in enumerate(dense)} | {f"b{i}": 0.1 * rng.normal(size=layer.b.shape) for i, layer in enumerate(dense)}

    def put(p):
        for i, layer in enumerate(dense):
            layer.w, layer.b = p[f"w{i}"], p[f"b{i}"]

    def cost(p):
        put(p)
        return net.loss(x, t)

    def gradient(p):
        put(p)
        net.backprop(x, t)
        return {f"w{i}": layer.dw for i, layer in enumerate(dense)} | {f"b{i}": layer.db for i, layer in enumerate(dense)}

    return at, cost, gradient
