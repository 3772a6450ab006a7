def case(program, rng, size):
    d, h, t = [(3, 4, 3), (2, 5, 5)][size]
    net = program.RNN(d, h)
    xs, dout = list(rng.normal(size=(t, d, 1))), rng.normal(size=(h, 1))

    def cost(p):
        vars(net).update(p)
        return (net.forward(xs) * dout).sum()

    def gradient(p):
        cost(p)
        net.backward(dout)
        return {name: getattr(net, "d" + name) for name in p}

    return {"Wxh": rng.normal(size=(h, d)), "Whh": 0.6 * rng.normal(size=(h, h)), "bh": rng.normal(size=(h, 1))}, cost, gradient
