def case(program, rng, size):
    t, d, h = [(3, 3, 4), (5, 2, 5)][size]
    net = program.GRU(d, h, rng)
    xs, douts = list(rng.normal(size=(t, d, 1))), list(rng.normal(size=(t, h, 1)))

    def cost(p):
        net.p = p
        return sum((a * b).sum() for a, b in zip(net.run(xs), douts))

    def gradient(p):
        cost(p)
        return net.backprop_through_time(douts)

    return {name: 2 * value for name, value in net.p.items()}, cost, gradient
