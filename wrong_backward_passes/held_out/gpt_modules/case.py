def case(program, rng, size):
    v, t, d, depth = [(5, 4, 4, 1), (7, 5, 6, 2)][size]
    net = program.TinyGPT(v, t + 1, d, depth, seed=int(rng.integers(1000)))
    tokens = rng.integers(v, size=t + 1)
    tokens[1] = tokens[0]

    def put(p):
        for param, value in zip(net.parameters(), p.values()):
            param.value = value
        return net

    def gradient(p):
        put(p).loss(tokens)
        net.backward()
        return {name: param.grad for name, param in zip(p, net.parameters())}

    at = {f"p{i}": param.value + 0.1 * rng.normal(size=param.value.shape) for i, param in enumerate(net.parameters())}
    return at, lambda p: put(p).loss(tokens), gradient
