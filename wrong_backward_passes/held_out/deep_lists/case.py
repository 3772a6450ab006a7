def case(program, rng, size):
    widths = [(4, 5, 5), (3, 6, 6, 6)][size]
    count = len(widths) - 1
    x, y = rng.normal(size=(widths[0], 1)), rng.random((widths[-1], 1))
    at = {f"W{i}": rng.normal(size=(widths[i + 1], widths[i])) for i in range(count)}
    at |= {f"b{i}": rng.normal(size=(widths[i + 1], 1)) for i in range(count)}

    def lists(p):
        return [p[f"W{i}"] for i in range(count)], [p[f"b{i}"] for i in range(count)]

    def gradient(p):
        dw, db = program.backprop(*lists(p), x, y)
        return {f"W{i}": g for i, g in enumerate(dw)} | {f"b{i}": g for i, g in enumerate(db)}

    return at, lambda p: program.quadratic_cost(*lists(p), x, y), gradient
