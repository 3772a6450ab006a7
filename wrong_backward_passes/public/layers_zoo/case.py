def case(program, rng, size):
    n, d, h, k = [(5, 3, 4, 2), (7, 2, 5, 3)][size]
    x, t = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    net = program.build(d, h, k)
    dense = [layer for layer in net.layers if hasattr(layer, "weights")]
    at = {f"W{i}": rng.normal(size=layer.weights.shape) for i, layer in enumerate(dense)}
    at |= {f"b{i}": rng.normal(size=layer.bias.shape) for i, layer in enumerate(dense)}

    def put(p):
        for i, layer in enumerate(dense):
            layer.weights, layer.bias = p[f"W{i}"], p[f"b{i}"]
        return net

    def gradient(p):
        put(p).backward(x, t)
        return {f"W{i}": layer.grad_weights for i, layer in enumerate(dense)} | {f"b{i}": layer.grad_bias for i, layer in enumerate(dense)}

    return at, lambda p: put(p).loss(x, t), gradient
