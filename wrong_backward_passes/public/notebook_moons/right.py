# %% [markdown]
# # A small neural network from scratch

# %%
import numpy as np

np.random.seed(0)
num_examples = 40
X = np.random.randn(num_examples, 2)
y = (X[:, 0] * X[:, 1] > 0).astype(int)

# %%
nn_input_dim, nn_hdim, nn_output_dim = 2, 5, 2
epsilon = 0.001  # learning rate
reg_lambda = 0.01

W1 = np.random.randn(nn_input_dim, nn_hdim)
b1 = np.zeros((1, nn_hdim))
W2 = np.random.randn(nn_hdim, nn_output_dim)
b2 = np.zeros((1, nn_output_dim))


# %%
def forward():
    a1 = np.tanh(X.dot(W1) + b1)
    exp_scores = np.exp(a1.dot(W2) + b2)
    return a1, exp_scores / exp_scores.sum(axis=1, keepdims=True)


def calculate_loss():
    a1, probs = forward()
    data_loss = -np.log(probs[range(len(y)), y]).sum()
    data_loss += reg_lambda / 2 * (np.sum(np.square(W1)) + np.sum(np.square(W2)))
    return data_loss / len(y)


# %%
def calculate_gradients():
    a1, probs = forward()
    delta3 = probs
    delta3[range(len(y)), y] -= 1
    dW2 = a1.T.dot(delta3)
    db2 = np.sum(delta3, axis=0, keepdims=True)
    delta2 = delta3.dot(W2.T) * (1 - np.power(a1, 2))
    dW1 = X.T.dot(delta2)
    db1 = np.sum(delta2, axis=0, keepdims=True)

    dW2 += reg_lambda * W2
    dW1 += reg_lambda * W1
    return [g / len(y) for g in (dW1, db1, dW2, db2)]


# %%
for i in range(50):
    dW1, db1, dW2, db2 = calculate_gradients()
    W1 += -epsilon * dW1
    b1 += -epsilon * db1
    W2 += -epsilon * dW2
    b2 += -epsilon * db2
    if i % 10 == 0:
        print("loss after iteration %i: %f" % (i, calculate_loss()))
