def case(program, rng, size):
    n, h, w, c, f, k = [(2, 6, 6, 2, 3, 3), (3, 6, 8, 1, 2, 4)][size]
    images, labels = rng.normal(size=(n, h, w, c)), rng.integers(k, size=n)
    net = program.SmallLeNet(h, w, c, f, k)

    def put(p):
        vars(net).update(p)
        return net

    at = {name: getattr(net, name) + 0.3 * rng.normal(size=getattr(net, name).shape) for name in ("K", "kb", "F", "fb")}
    return at, lambda p: put(p).loss(images, labels), lambda p: put(p).gradients(images, labels)
