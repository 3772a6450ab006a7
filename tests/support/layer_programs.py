"""Layers by themselves, each in a style of its own."""

AFFINE = """
def affine_forward(x, w, b):
    out = x @ w + b
    return out, (x, w, b)
def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""
COLUMNS = """
def linear_forward(A, W, b):
    return W @ A + b
def linear_backward(dZ, A, W, b):
    return {"dW": dZ @ A.T, "db": dZ.sum(axis=1, keepdims=True), "dA": W.T @ dZ}
"""
MEANS = """
def linear_forward(A_prev, W, b):
    return W @ A_prev + b, (A_prev, W, b)
def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m
"""
RELU = """
def relu(Z):
    return np.maximum(0, Z), Z
def relu_backward(cache, dA):
    return dA * (cache > 0)
"""
BATCH_NORM = """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps = bn_param["mode"], bn_param.get("eps", 1e-5)
    mean, var = x.mean(axis=0), x.var(axis=0)
    hat = (x - mean) / np.sqrt(var + eps)
    bn_param["running_mean"] = mean
    return gamma * hat + beta, (hat, gamma, var, eps)
def batchnorm_backward(dout, cache):
    hat, gamma, var, eps = cache
    d = dout * gamma
    dx = (d - d.mean(axis=0) - hat * (d * hat).mean(axis=0)) / np.sqrt(var + eps)
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)
"""
CONVOLUTION = """
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, rows, columns), dtype=x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(rows):
                for j in range(columns):
                    window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                    out[n, f, i, j] = (window * w[f]).sum() + b[f]
    return out, (x, w, b, conv_param)
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), dout.sum(axis=(0, 2, 3))
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
                    dw[f] += padded[n, :, rows, columns] * dout[n, f, i, j]
                    dpadded[n, :, rows, columns] += w[f] * dout[n, f, i, j]
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, db
"""
CLASS = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in) * 0.01
        self.b = np.zeros((n_out, 1))
        self.grad_W, self.grad_b = np.zeros_like(self.W), np.zeros_like(self.b)
    def forward(self, X):
        self.X = X
        return self.W @ X + self.b
    def backward(self, grad):
        self.grad_W += grad @ self.X.T
        self.grad_b += grad.sum(axis=1, keepdims=True)
        return self.W.T @ grad
"""
DICTIONARIES = """
class Dense:
    def __init__(self, input_dim, output_dim):
        self.params = {"W": np.random.randn(input_dim, output_dim), "b": np.zeros(output_dim)}
        self.grads = {}
    def __call__(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]
    def backward_pass(self, dout):
        self.grads["W"], self.grads["b"] = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.params["W"].T
"""
CONV_CLASS = """
class Conv:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.k = kernel_size
        self.weights = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
    def forward(self, inputs):
        self.inputs, k = inputs, self.k
        H, W = inputs.shape[2] - k + 1, inputs.shape[3] - k + 1
        out = np.zeros((len(inputs), len(self.weights), H, W), dtype=inputs.dtype)
        for i in range(k):
            for j in range(k):
                out += np.einsum("nchw,fc->nfhw", inputs[:, :, i : i + H, j : j + W], self.weights[:, :, i, j])
        return out
    def backward(self, dvalues):
        self.dweights, dinputs, k = np.zeros_like(self.weights), np.zeros_like(self.inputs), self.k
        H, W = dvalues.shape[2:]
        for i in range(k):
            for j in range(k):
                window = self.inputs[:, :, i : i + H, j : j + W]
                self.dweights[:, :, i, j] = np.einsum("nchw,nfhw->fc", window, dvalues)
                dinputs[:, :, i : i + H, j : j + W] += np.einsum("nfhw,fc->nchw", dvalues, self.weights[:, :, i, j])
        return dinputs
"""
DROPOUT = """
def dropout_forward(x, dropout_param):
    mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * mask, mask
def dropout_backward(dout, mask):
    return dout * mask
"""
HELD = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros((1, n_out))
    def _forward(self, x, param):
        return x @ param["W"] + param["b"], (x, param)
    def _backward(self, dy, cache):
        x, param = cache
        return dy @ param["W"].T, {"W": x.T @ dy, "b": dy.sum(axis=0, keepdims=True)}
"""
RATE = """
class Dense:
    def __init__(self, input_size, output_size):
        self.weights = np.random.randn(output_size, input_size)
        self.bias = np.random.randn(output_size, 1)
    def forward(self, input):
        self.input = input
        return np.dot(self.weights, self.input) + self.bias
    def backward(self, output_gradient, learning_rate):
        weights_gradient = np.dot(output_gradient, self.input.T)
        input_gradient = np.dot(self.weights.T, output_gradient)
        self.weights -= learning_rate * weights_gradient
        self.bias -= learning_rate * output_gradient.sum(axis=1, keepdims=True)
        return input_gradient
"""
OUTPUT_LEFT = """
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.01 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases
    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dinputs = np.dot(dvalues, self.weights.T)
"""
FILLED = """
class Dense:
    def __init__(self, in_features, out_features, name="dense"):
        self.name = name
        self.parameters = {f"{name}/W": np.ones((in_features, out_features)), f"{name}/b": np.zeros(out_features)}
    def forward(self, x):
        return x @ self.parameters[f"{self.name}/W"] + self.parameters[f"{self.name}/b"], {}
    def backward(self, x, cache, backwards_gradient, gradients):
        gradients[f"{self.name}/W"] = x.T @ backwards_gradient
        gradients[f"{self.name}/b"] = backwards_gradient.sum(axis=0)
        return backwards_gradient @ self.parameters[f"{self.name}/W"].T
"""
LISTS = """
class Affine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
    def forward(self, x):
        W, b = self.params
        self.x = x
        return x @ W + b
    def backward(self, dout):
        W, b = self.params
        self.grads[0][...] = self.x.T @ dout
        self.grads[1][...] = dout.sum(axis=0)
        return dout @ W.T
"""
IN_MODE = """
class BatchNorm:
    def __init__(self, dim):
        self.gamma, self.beta, self.training = np.ones(dim), np.zeros(dim), False
        self.running_mean, self.running_var = np.zeros(dim), np.ones(dim)
    def forward(self, x):
        mean, var = (x.mean(0), x.var(0)) if self.training else (self.running_mean, self.running_var)
        self.std = np.sqrt(var + 1e-5)
        self.hat = (x - mean) / self.std
        return self.gamma * self.hat + self.beta
    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.hat).sum(0), dout.sum(0)
        d = dout * self.gamma
        return (d - d.mean(0) - self.hat * (d * self.hat).mean(0)) / self.std
"""
INHERITED = """
class Module:
    def forward(self, x):
        self.x = x
        return self._forward(x)
    def backward(self, dout):
        return self._backward(dout)
class Tanh(Module):
    def _forward(self, x):
        self.out = np.tanh(x)
        return self.out
    def _backward(self, dout):
        return dout * (1 - self.out ** 2)
"""
PENALISED = """
class Linear:
    def __init__(self, n_in, n_out, weight_decay):
        self.W, self.weight_decay = np.random.randn(n_in, n_out), weight_decay
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, dout):
        self.dW = self.x.T @ dout + 2 * self.weight_decay * self.W
        return dout @ self.W.T
"""
EMBEDDING = """
class Embedding:
    def __init__(self, vocab_size, embed_dim):
        self.W = np.random.randn(vocab_size, embed_dim)
    def forward(self, idx):
        self.idx = idx
        return self.W[idx]
    def backward(self, dout):
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW, self.idx, dout)
"""
ACROSS = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
    def forward(self, X):
        self.X = X
        return self.W @ X
    def backward(self, gradients):
        assert gradients.shape[0] == self.X.shape[1]
        self.grad_W = gradients.T @ self.X.T / len(gradients)
        return gradients @ self.W
"""
DERIVATIVE = """
class Relu:
    def forward(self, x):
        return np.maximum(0, x)
    def backward(self, x):
        return np.where(x > 0, 1, 0)
"""
SOFTMAX_LOSS = """
class SoftmaxLoss:
    def forward(self, scores, y):
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        self.P, self.y = e / e.sum(axis=1, keepdims=True), y
        return -np.mean(np.log(self.P[np.arange(len(y)), y] + 1e-7))
    def backward(self, dout=1):
        dx = self.P.copy()
        dx[np.arange(len(dx)), self.y] -= 1
        return dx / len(dx)
"""
LOSS_OF_COLUMNS = """
class CrossEntropy:
    def forward(self, logits, Y):
        e = np.exp(logits)
        self.P, self.Y = e / e.sum(axis=0), Y
        return -np.sum(Y * np.log(self.P)) / logits.shape[1]
    def backward(self):
        return (self.P - self.Y) / self.P.shape[1]
"""
LOSS_AFTER_SOFTMAX = """
class CategoricalCrossEntropy:
    def forward(self, y_pred, y_true):
        return -np.sum(y_true * np.log(y_pred), axis=1)
    def backward(self, dvalues, y_true):
        self.dinputs = -y_true / dvalues / len(dvalues)
"""
LABELS_HELD = """
class Softmax:
    def set_batch_labels(self, batch_labels):
        self.batch_labels = batch_labels
    def forward(self, scores):
        e = np.exp(scores)
        P, rows = e / e.sum(axis=1, keepdims=True), np.arange(len(scores))
        self.gradient = P.copy()
        self.gradient[rows, self.batch_labels] -= 1
        return -np.mean(np.log(P[rows, self.batch_labels]))
    def backward(self):
        return self.gradient / len(self.gradient)
"""
BOTH = """
def svm_loss(x, y):
    margins = np.maximum(0, x - x[np.arange(len(y)), y][:, None] + 1)
    margins[np.arange(len(y)), y] = 0
    dx = (margins > 0) * 1.0
    dx[np.arange(len(y)), y] -= (margins > 0).sum(axis=1)
    dx /= len(y)
    return margins.sum() / len(y), dx
"""
