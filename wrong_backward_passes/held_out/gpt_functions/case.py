def case(program, rng, size):
    v, t, n, layers, c, heads = [(5, 3, 2, 1, 4, 2), (7, 4, 2, 2, 6, 3)][size]
    ids, targets = rng.integers(v, size=(n, t)), rng.integers(v, size=(n, t))
    at = program.init(rng, v, t + 1, layers, c)
    at = {name: value + 0.3 * rng.normal(size=value.shape) for name, value in at.items()}
    rest = ids, targets, layers, heads
    return at, lambda p: program.loss_fn(p, *rest), lambda p: program.grad_fn(p, *rest)
