def case(program, rng, size):
    users, items, d, n = [(4, 5, 2, 9), (5, 4, 3, 14)][size]
    ratings = [(int(rng.integers(users)), int(rng.integers(items)), float(rng.integers(1, 6))) for _ in range(n)]
    at = {"P": rng.normal(size=(users, d)), "Q": rng.normal(size=(items, d)), "bu": rng.normal(size=users), "bi": rng.normal(size=items)}
    return at, lambda p: program.objective(*p.values(), ratings, reg=0.3), lambda p: dict(zip(p, program.gradient(*p.values(), ratings, reg=0.3)))
