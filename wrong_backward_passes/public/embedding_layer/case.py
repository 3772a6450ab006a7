def case(program, rng, size):
    v, d, shape = [(4, 3, (3, 3)), (6, 4, (2, 8))][size]
    idx = rng.integers(v, size=shape)
    idx[0, :3] = 0, 1, 1
    dout = rng.normal(size=(*shape, d))
    layer = program.Embedding(v, d)

    def cost(p):
        layer.weight = p["weight"]
        return (layer.forward(idx) * dout).sum()

    def gradient(p):
        cost(p)
        layer.backward(dout)
        return {"weight": layer.grad}

    return {"weight": rng.normal(size=(v, d))}, cost, gradient
