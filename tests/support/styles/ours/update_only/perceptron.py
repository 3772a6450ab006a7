import numpy as np
from sklearn.datasets import load_digits


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.lr = learning_rate
        self.wih = np.random.normal(0.0, input_nodes ** -0.5, (hidden_nodes, input_nodes))
        self.who = np.random.normal(0.0, hidden_nodes ** -0.5, (output_nodes, hidden_nodes))

    @staticmethod
    def activation(x):
        return 1 / (1 + np.exp(-x))

    def query(self, inputs):
        hidden = self.activation(np.dot(self.wih, inputs))
        return self.activation(np.dot(self.who, hidden))

    def loss(self, inputs, targets):
        return 0.5 * np.sum((targets - self.query(inputs)) ** 2)

    def train(self, inputs, targets):
        hidden = self.activation(np.dot(self.wih, inputs))
        outputs = self.activation(np.dot(self.who, hidden))
        output_errors = (targets - outputs) * outputs * (1.0 - outputs)
        hidden_errors = np.dot(self.who.T, output_errors) * hidden * (1.0 - hidden)
        self.who += self.lr * np.dot(output_errors, hidden.T)
        self.wih += self.lr * np.dot(hidden_errors, inputs.T)


if __name__ == "__main__":
    digits = load_digits()
    net = NeuralNetwork(64, 30, 10, 0.1)
    for image, label in zip(digits.data / 16, digits.target):
        target = np.full((10, 1), 0.01)
        target[label] = 0.99
        net.train(image.reshape(-1, 1), target)
