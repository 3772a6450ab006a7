def case(program, rng, size):
    v, d, b, k = [(6, 3, 5, 3), (9, 4, 8, 4)][size]
    data = rng.integers(v, size=b), rng.integers(v, size=b), rng.integers(v, size=(b, k))
    data[0][1] = data[0][0]
    at = {"vin": rng.normal(size=(v, d)), "vout": rng.normal(size=(v, d))}
    return at, lambda p: program.sgns_loss(*p.values(), *data), lambda p: dict(zip(p, program.sgns_grads(*p.values(), *data)))
