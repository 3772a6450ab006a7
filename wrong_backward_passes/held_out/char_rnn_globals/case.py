NAMES = ("U", "W", "O", "bh", "bo")


def case(program, rng, size):
    v, h, t = [(5, 4, 4), (7, 6, 6)][size]
    program.V, program.H = v, h
    inputs, targets = rng.integers(v, size=t).tolist(), rng.integers(v, size=t).tolist()
    start = rng.normal(size=(h, 1))
    shapes = {"U": (h, v), "W": (h, h), "O": (v, h), "bh": (h, 1), "bo": (v, 1)}

    def run(p):
        vars(program).update(p)
        return program.loss_and_grads(inputs, targets, start)

    return {name: 0.5 * rng.normal(size=shapes[name]) for name in NAMES}, lambda p: run(p)[0], lambda p: dict(zip(NAMES, run(p)[1]))
