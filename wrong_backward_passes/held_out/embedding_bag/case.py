def case(program, rng, size):
    b, t, v, d, k = [(4, 5, 6, 3, 3), (6, 7, 8, 4, 3)][size]
    tokens, labels = rng.integers(v, size=(b, t)), rng.integers(k, size=b)
    net = program.BagOfWords(v, d, k)

    def put(p):
        net.E, net.W = p["E"], p["W"]
        return net

    at = {"E": rng.normal(size=(v, d)), "W": rng.normal(size=(d, k))}
    return at, lambda p: put(p).loss(tokens, labels), lambda p: put(p).grads(tokens, labels)
