def case(program, rng, size):
    v, t, n, c, heads, depth = [(5, 3, 2, 4, 2, 1), (6, 4, 2, 6, 2, 2)][size]
    net = program.GPT(v, t + 1, c, heads, depth, seed=int(rng.integers(1000)))
    ids, targets = rng.integers(v, size=(n, t)), rng.integers(v, size=(n, t))
    ids[0, 1] = ids[0, 0]
    places = [(layer, name) for layer in net.layers() for name in layer.params]

    def put(p):
        for (layer, name), value in zip(places, p.values()):
            layer.params[name] = value
        return net

    def gradient(p):
        put(p).loss(ids, targets)
        net.backward()
        return {key: layer.grads[name] for key, (layer, name) in zip(p, places)}

    at = {f"{i}.{name}": layer.params[name] + 0.2 * rng.normal(size=layer.params[name].shape) for i, (layer, name) in enumerate(places)}
    return at, lambda p: put(p).loss(ids, targets), gradient
