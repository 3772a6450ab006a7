def case(program, rng, size):
    n, d, h = [(6, 3, 3), (10, 4, 4)][size]
    left, right, same = rng.normal(size=(n, d)), rng.normal(size=(n, d)), rng.permutation(n) % 2
    at = {"W": 0.4 * rng.normal(size=(d, h)), "b": rng.normal(size=h)}
    return at, lambda p: program.contrastive_loss(*p.values(), left, right, same), lambda p: dict(zip(p, program.contrastive_grads(*p.values(), left, right, same)))
