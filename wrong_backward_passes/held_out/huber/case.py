def case(program, rng, size):
    n, d = [(12, 3), (15, 4)][size]
    A, t = rng.normal(size=(n, d)), 2 * rng.normal(size=n)
    at = {"w": rng.normal(size=d)}
    return (
        at,
        lambda p: program.huber_objective(p["w"], A, t, 0.7)[0],
        lambda p: {"w": program.huber_objective(p["w"], A, t, 0.7)[1]},
    )
