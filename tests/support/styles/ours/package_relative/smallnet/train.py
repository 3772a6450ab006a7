from .model import Model


def fit(model: Model, inputs, targets, rate=0.1, steps=100):
    for _ in range(steps):
        grad_w, grad_b = model.gradients(inputs, targets)
        for w, b, dw, db in zip(model.weights, model.biases, grad_w, grad_b):
            w -= rate * dw
            b -= rate * db
    return model.loss(inputs, targets)
