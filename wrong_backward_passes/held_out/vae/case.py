def case(program, rng, size):
    n, d, h, k = [(5, 4, 3, 2), (7, 5, 6, 3)][size]
    x, eps = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    at = {"We": rng.normal(size=(d, h)), "Wmu": rng.normal(size=(h, k)), "Wlv": 0.5 * rng.normal(size=(h, k)), "Wd": rng.normal(size=(k, d))}
    return at, lambda p: program.negative_elbo(p, x, eps), lambda p: program.elbo_gradients(p, x, eps)
