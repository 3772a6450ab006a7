def case(program, rng, size):
    d, e, m, n = [(3, 4, 2, 5), (4, 2, 6, 4)][size]
    dout = rng.normal(size=(e, m))
    at = {"queries": rng.normal(size=(d, m)), "keys": rng.normal(size=(d, n)), "values": rng.normal(size=(e, n))}
    return at, lambda p: (program.attend(*p.values())[0] * dout).sum(), lambda p: dict(zip(p, program.attend_backward(dout, program.attend(*p.values())[1])))
