def case(program, rng, size):
    n, d, h, k = [(6, 4, 5, 2), (8, 3, 7, 3)][size]
    x, t, mask = rng.normal(size=(n, d)), rng.normal(size=(n, k)), program.draw_mask(rng, (n, h))
    at = {"w1": rng.normal(size=(h, d)), "c1": rng.normal(size=h), "w2": rng.normal(size=(k, h)), "c2": rng.normal(size=k)}

    def gradient(p):
        return dict(zip(p, program.grad_fn(tuple(p.values()), x, t, mask)))

    return at, lambda p: program.cost_fn(tuple(p.values()), x, t, mask), gradient
