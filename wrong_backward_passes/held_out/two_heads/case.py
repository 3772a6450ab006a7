def case(program, rng, size):
    n, d, h, k = [(6, 3, 4, 3), (9, 5, 6, 4)][size]
    x, y, v = rng.normal(size=(n, d)), rng.integers(k, size=n), rng.normal(size=n)
    at = {"Wt": rng.normal(size=(d, h)), "bt": rng.normal(size=h), "Wc": rng.normal(size=(h, k)), "wr": rng.normal(size=h)}
    return at, lambda p: program.total_loss(p, x, y, v), lambda p: program.total_grads(p, x, y, v)
