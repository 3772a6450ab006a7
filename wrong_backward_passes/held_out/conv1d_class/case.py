def case(program, rng, size):
    n, t, c, f, k = [(2, 6, 2, 3, 3), (3, 8, 3, 2, 4)][size]
    layer = program.Conv1D(k, c, f, rng)
    dout = rng.normal(size=(n, t - k + 1, f))
    at = {"x": rng.normal(size=(n, t, c)), "W": rng.normal(size=(k, c, f)), "b": rng.normal(size=f)}

    def cost(p):
        layer.W, layer.b = p["W"], p["b"]
        return (layer.forward(p["x"]) * dout).sum()

    def gradient(p):
        cost(p)
        dx = layer.backward(dout)
        return {"x": dx, "W": layer.dW, "b": layer.db}

    return at, cost, gradient
