def case(program, rng, size):
    shape = [(4, 5), (2, 3, 6)][size]
    layer, dout = program.LayerNorm(shape[-1]), rng.normal(size=shape)
    at = {"x": rng.normal(size=shape), "scale": rng.normal(size=shape[-1]), "shift": rng.normal(size=shape[-1])}

    def cost(p):
        layer.scale, layer.shift = p["scale"], p["shift"]
        return (layer(p["x"]) * dout).sum()

    def gradient(p):
        cost(p)
        return {"x": layer.backward(dout), "scale": layer.d_scale, "shift": layer.d_shift}

    return at, cost, gradient
