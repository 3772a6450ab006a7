def case(program, rng, size):
    t, n, d, h = [(3, 2, 3, 3), (4, 3, 2, 4)][size]
    layer, dout = program.LSTMSchicht(d, h, rng), rng.normal(size=(t, n, h))

    def cost(p):
        layer.gewichte = {name: p[name] for name in "ifog"}
        return (layer.vorwaerts(p["x"]) * dout).sum()

    def gradient(p):
        cost(p)
        dx, grad = layer.rueckwaerts(dout)
        return grad | {"x": dx}

    return {"x": rng.normal(size=(t, n, d))} | {name: 2 * w for name, w in layer.gewichte.items()}, cost, gradient
