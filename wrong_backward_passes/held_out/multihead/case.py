def case(program, rng, size):
    n, t, d, heads = [(2, 3, 4, 2), (2, 4, 6, 3)][size]
    layer, dout = program.FlerhuvadUppmarksamhet(d, heads), rng.normal(size=(n, t, d))
    at = {"x": rng.normal(size=(n, t, d)), "Wqkv": rng.normal(size=(d, 3 * d)), "Wo": rng.normal(size=(d, d))}

    def cost(p):
        layer.Wqkv, layer.Wo = p["Wqkv"], p["Wo"]
        return (layer.fram(p["x"]) * dout).sum()

    def gradient(p):
        cost(p)
        return {"x": layer.bak(dout), "Wqkv": layer.dWqkv, "Wo": layer.dWo}

    return at, cost, gradient
