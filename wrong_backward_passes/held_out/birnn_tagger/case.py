def case(program, rng, size):
    t, d, h, k = [(4, 3, 4, 3), (6, 2, 5, 4)][size]
    x, tags = rng.normal(size=(t, d)), rng.integers(k, size=t)
    net = program.BiRNNTagger(d, h, k, rng)

    def put(p):
        net.params = p
        return net

    return {name: 2 * value for name, value in net.params.items()}, lambda p: put(p).loss(x, tags), lambda p: put(p).grads(x, tags)
