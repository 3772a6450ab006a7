def case(program, rng, size):
    v, d, b, m = [(6, 3, 4, 4), (8, 4, 6, 6)][size]
    contexts, centers = rng.integers(v, size=(b, m)), rng.integers(v, size=b)
    at = {"V": rng.normal(size=(v, d)), "U": rng.normal(size=(v, d))}
    return at, lambda p: program.cbow_cost(*p.values(), contexts, centers), lambda p: dict(zip(p, program.cbow_grads(*p.values(), contexts, centers)))
