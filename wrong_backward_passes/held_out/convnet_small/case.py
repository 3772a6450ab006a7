def case(program, rng, size):
    n, image, filters, k = [(2, (2, 6, 6), 3, 3), (3, (1, 8, 6), 2, 4)][size]
    x, y = rng.normal(size=(n, *image)), rng.integers(k, size=n)
    net = program.ConvNet(image, filters, k, seed=int(rng.integers(1000)))
    conv, linear = net.layers[0], net.layers[-1]
    at = {"x": x, "Wc": conv.W, "bc": 0.1 * rng.normal(size=filters), "Wl": linear.W, "bl": rng.normal(size=k)}

    def cost(p):
        conv.W, conv.b, linear.W, linear.b = p["Wc"], p["bc"], p["Wl"], p["bl"]
        return net.loss(p["x"], y)

    def gradient(p):
        cost(p)
        return {"x": net.backward(y), "Wc": conv.dW, "bc": conv.db, "Wl": linear.dW, "bl": linear.db}

    return at, cost, gradient
