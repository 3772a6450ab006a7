def case(program, rng, size):
    v, d = [(5, 3), (7, 4)][size]
    X = rng.poisson(2.0, size=(v, v)).astype(float)
    at = {"W": rng.normal(size=(v, d)), "C": rng.normal(size=(v, d)), "bw": rng.normal(size=v), "bc": rng.normal(size=v)}
    return at, lambda p: program.glove_cost(*p.values(), X), lambda p: dict(zip(p, program.glove_gradient(*p.values(), X)))
